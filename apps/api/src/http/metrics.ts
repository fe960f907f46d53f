import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Sealing } from '../evidence/sealing.ts';
import { type AlertMeasures, measureAlerts } from './alert-metrics.ts';
import type { HotAnswers } from './hot-answers.ts';

/** What is measured of the service as it stands, looked at when asked. */
export interface Measured {
  readonly hot: HotAnswers;
  /** Put on record. */
  readonly answers: () => number;
  readonly streams: () => number;
  readonly views: () => {
    readonly head: bigint;
    readonly behind: number;
    readonly ageMs: number;
    readonly reconnecting: string | null;
  };
  readonly integrity: { readonly broken: boolean };
  readonly sealing: Pick<Sealing, 'measured'>;
  readonly alerts: () => AlertMeasures;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #durations: Histogram<'method' | 'route' | 'status'>;

  constructor(measured: Measured) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: 'inforce_' });
    this.#durations = new Histogram({
      name: 'inforce_http_request_duration_seconds',
      help: 'Requests answered by a handler, by route and status; see inforce_hot_answers_total for the others.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    // Counted in plain fields where it happens; read here.
    const count = (name: string, help: string, value: () => number): void => {
      const counter: Counter = new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(value());
        },
      });
      void counter;
    };
    const gauge = (name: string, help: string, value: () => number): void => {
      const made: Gauge = new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
      void made;
    };
    const { hot, answers, streams, views, integrity, sealing } = measured;
    count('inforce_hot_answers_total', 'Requests answered with an answer that was ready.', () => hot.hits);
    count('inforce_hot_answers_missed_total', 'Answers made because none was ready.', () => hot.misses);
    count('inforce_answers_recorded_total', 'Status answers put on record before they were given.', answers);
    gauge('inforce_hot_answers_bytes', 'Bytes of ready answers.', () => hot.bytes);
    gauge('inforce_log_head', 'Position of the newest event, as last looked at.', () => Number(views().head));
    gauge('inforce_views_lag_events', 'Events that the views have not taken in.', () => views().behind);
    gauge('inforce_views_lag_seconds', 'Age of the oldest of these events.', () => views().ageMs / 1000);
    gauge('inforce_views_reconnecting', '1 while the connection to the log is lost.', () =>
      views().reconnecting === null ? 0 : 1,
    );
    gauge('inforce_integrity_incident', '1 when the log lost what it had shown; see /health/ready.', () =>
      integrity.broken ? 1 : 0,
    );
    gauge('inforce_evidence_leaves', 'Events in the tree.', () => sealing.measured().size);
    gauge('inforce_evidence_sealed', 'Events under the newest checkpoint.', () => sealing.measured().sealedSize);
    gauge(
      'inforce_evidence_checkpoint_age_seconds',
      'Age of the newest checkpoint; 0 for none.',
      () => sealing.measured().ageSeconds,
    );
    gauge('inforce_evidence_incident', '1 when the log is not what was sealed.', () => sealing.measured().incident);
    measureAlerts(registers, measured.alerts);
    gauge('inforce_sse_clients', 'Open event streams.', streams);
  }

  observe(request: FastifyRequest, reply: FastifyReply): void {
    const route = request.routeOptions.url ?? 'none';
    this.#durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  }

  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
