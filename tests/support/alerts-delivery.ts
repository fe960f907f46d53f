import {
  type Alert,
  type AlertBook,
  type RaisedAlert,
  type Receiver,
  type WatchBook,
  type WatchState,
} from '#libs/alerts';
import type { EventLog, Json } from '#libs/event-log';

const PREFIX = 'alert-';

/** An alert of a watch, by number: `11111111-…` is its first. */
export function anAlert(watch: string, number: number, more: Partial<Alert> = {}): Alert {
  return {
    id: `${String(number).padStart(8, '0')}-0000-8000-8000-${Buffer.from(watch).toString('hex').padStart(12, '0').slice(-12)}`,
    watch,
    type: 'deadline-reminder',
    dueAt: '2025-04-04T13:00:00.000Z',
    matter: 'us-tiktok',
    entry: null,
    lead: 'P1D',
    late: false,
    test: false,
    corrects: null,
    answer: null,
    told: [],
    before: null,
    after: null,
    deadline: null,
    text: `Alert ${number}`,
    ...more,
  };
}

export function raised(alert: Alert, seq: number, raisedAt = '2025-04-04T13:00:00.000Z'): RaisedAlert {
  return { alert, seq, position: BigInt(seq), raisedAt };
}

/** Raises alerts in a log, and reads them from there. */
export class LoggedAlerts implements AlertBook {
  readonly #log: EventLog;
  readonly #known = new Map<string, RaisedAlert[]>();
  #read = 0n;
  #reading: Promise<void> = Promise.resolve();

  constructor(log: EventLog) {
    this.#log = log;
  }

  async raise(alert: Alert): Promise<void> {
    const event = { id: alert.id, type: 'AlertRaised', schema: 1, data: { ...alert }, meta: {} };
    await this.#log.append(`${PREFIX}${alert.id}`, 'no-stream', [event]);
  }

  readonly follow = (signal: AbortSignal): AsyncIterable<string> => watches(this.#log, signal);

  readonly after = (watch: string, seq: number): AsyncIterable<RaisedAlert> => this.#after(watch, seq);

  async *#after(watch: string, seq: number): AsyncGenerator<RaisedAlert, void> {
    this.#reading = this.#reading.then(() => this.#catchUp());
    await this.#reading;
    yield* this.#known.get(watch)?.slice(seq) ?? [];
  }

  async #catchUp(): Promise<void> {
    for await (const { data, position, recordedAt } of this.#log.readAll({ filter, after: this.#read })) {
      const alert = alertOf(data);
      const known = this.#known.get(alert.watch) ?? [];
      known.push({ alert, seq: known.length + 1, position, raisedAt: recordedAt });
      this.#known.set(alert.watch, known);
      this.#read = position;
    }
  }
}

const filter = { streamPrefixes: [PREFIX] };

async function* watches(log: EventLog, signal: AbortSignal): AsyncGenerator<string, void> {
  for await (const message of log.follow({ filter, signal }))
    if (message.kind === 'event') yield alertOf(message.event.data).watch;
}

function alertOf(data: Json): Alert {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `raise` wrote it
  return data as unknown as Alert;
}

/** Watches in memory, each with the same secrets. */
export class Watches implements WatchBook {
  readonly states = new Map<string, WatchState>();
  readonly disabled: { readonly watch: string; readonly reason: string }[] = [];
  readonly #receiver: Pick<Receiver, 'channel' | 'secrets'>;

  constructor(receiver: Partial<Pick<Receiver, 'channel' | 'secrets'>> = {}) {
    this.#receiver = { channel: { kind: 'webhook', url: 'https://example.com/hook' }, secrets: [], ...receiver };
  }

  readonly receiver = async (watch: string): Promise<Receiver> => ({
    ...this.#receiver,
    watch,
    state: this.states.get(watch) ?? 'active',
  });

  readonly channelKind = async (): Promise<Receiver['channel']['kind']> => this.#receiver.channel.kind;

  readonly disable = async (watch: string, reason: string): Promise<void> => {
    if (this.states.get(watch) === 'disabled') return;
    this.states.set(watch, 'disabled');
    this.disabled.push({ watch, reason });
  };
}
