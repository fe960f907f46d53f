import { Counter, Gauge, type Registry } from 'prom-client';

/** Alerts as they stand, looked at when asked. */
export interface AlertMeasures {
  /** In the log. */
  readonly raised: number;
  /** Age of the oldest alert that fell due and is not raised. */
  readonly lagSeconds: number;
  /** Attempts of this process, by how they ended. */
  readonly deliveries: Readonly<Record<string, number>>;
  /** Raised for active watches, and not ended. */
  readonly waiting: number;
  /** By state. */
  readonly watches: Readonly<Record<string, number>>;
}

export function measureAlerts(registers: Registry[], measured: () => AlertMeasures): void {
  const one = (name: string, help: string, value: (measures: AlertMeasures) => number): void => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(measured()));
      },
    });
    void gauge;
  };
  const raised: Counter = new Counter({
    name: 'inforce_alerts_raised_total',
    help: 'Alerts in the log.',
    registers,
    collect() {
      this.reset();
      this.inc(measured().raised);
    },
  });
  const deliveries: Counter<'outcome'> = new Counter({
    name: 'inforce_deliveries_total',
    help: 'Attempts of this process to deliver an alert, by how they ended.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(measured().deliveries)) this.inc({ outcome }, count);
    },
  });
  const watches: Gauge<'state'> = new Gauge({
    name: 'inforce_watches',
    help: 'Watches, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const [state, count] of Object.entries(measured().watches)) this.set({ state }, count);
    },
  });
  void [raised, deliveries, watches];
  one('inforce_alerts_planned_lag_seconds', 'Age of the oldest alert due and not raised.', (each) => each.lagSeconds);
  one('inforce_deliveries_waiting', 'Alerts raised for active watches and not delivered.', (each) => each.waiting);
}
