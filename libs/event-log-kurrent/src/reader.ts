import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  streamNameFilter,
  type KurrentDBClient,
  type RecordedEvent as Recorded,
} from '@kurrent/kurrentdb-client';
import type { Filter } from '#libs/event-log';
import { Attempts, within, type Patience } from './attempts.ts';
import type { ClientHolder } from './clients.ts';
import { envelopeOf, positionOf } from './envelope.ts';
import { classify } from './failure.ts';
import type { Horizon } from './horizon.ts';
import type { RecordClock } from './record-clock.ts';

/** The parts of an open log that all its readers and writers share. */
export interface Shared {
  readonly prefix: string;
  readonly patience: Patience;
  readonly clock: RecordClock;
  readonly horizon: Horizon;
}

/** How many events before a position are looked at for the running maximum of `recordedAt` there. */
const LOOK_BACK = 16;
/** How many events the newest is looked for forwards, before it is looked for from the end. */
const NEAR = 32;
/** A page under a filter may have to pass over much that does not match before it finds anything. */
const FILTERED_DEADLINES = 6;

type Reading = AsyncIterable<{ readonly event?: Recorded }>;

/**
 * Bounded reads, each with a deadline of its own and tried again until it is answered: the client has neither, and a
 * read that is left half way is never given back to the server.
 */
export class Reader {
  readonly #holder: ClientHolder;
  readonly #shared: Shared;

  constructor(holder: ClientHolder, shared: Shared) {
    this.#holder = holder;
    this.#shared = shared;
  }

  /** Events of one stream from a revision on; none when there is no such stream. */
  async stream(stream: string, from: number, count: number, fresh = false): Promise<Recorded[]> {
    const name = this.#shared.prefix + stream;
    return this.#read(`Reading ${stream}`, (client) =>
      client.readStream(name, { fromRevision: BigInt(from), maxCount: count, requiresLeader: fresh }),
    );
  }

  /** The last events of one stream, newest first. */
  async streamTail(stream: string, count: number): Promise<Recorded[]> {
    const name = this.#shared.prefix + stream;
    return this.#read(`Reading the end of ${stream}`, (client) =>
      client.readStream(name, { fromRevision: END, direction: BACKWARDS, maxCount: count, requiresLeader: true }),
    );
  }

  /** The events after a position whose streams begin with one of these names, the log's prefix included. */
  async all(after: bigint, count: number, names: readonly string[], patience?: Patience): Promise<Recorded[]> {
    const from = this.notBeforeStart(after);
    // The server reads from a position on and includes it.
    const events = await this.#read(
      'Reading the log',
      (client) =>
        client.readAll({
          fromPosition: from === 0n ? START : { commit: from, prepare: from },
          direction: FORWARDS,
          maxCount: from === 0n ? count : count + 1,
          filter: streamNameFilter({ prefixes: [...names] }),
        }),
      { deadlines: FILTERED_DEADLINES, ...(patience ? { patience } : {}) },
    );
    const [first] = events;
    if (first && positionOf(first) <= after) events.shift();
    return events.length > count ? events.slice(0, count) : events;
  }

  notBeforeStart(position: bigint): bigint {
    const { start } = this.#shared.horizon;
    return position < start ? start : position;
  }

  /** Finds out whether there is anything of ours yet, and if not, where it will begin. */
  async begin(): Promise<void> {
    const [last] = await this.#read('Reading the end of the server', (client) =>
      client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount: 1 }),
    );
    if (!(await this.newest()) && last?.position) this.#shared.horizon.start = last.position.commit;
  }

  /** The log's newest event. */
  async newest(patience?: Patience): Promise<Recorded | undefined> {
    const event = await this.#newest(patience);
    if (event) {
      this.#shared.horizon.saw(positionOf(event));
      this.#shared.clock.saw(envelopeOf(event).at);
    }
    return event;
  }

  /** Position of the newest event, 0 for an empty log. */
  async head(patience?: Patience): Promise<bigint> {
    const event = await this.newest(patience);
    return event ? positionOf(event) : 0n;
  }

  /** The newest `recordedAt` of the events shortly before a position, in milliseconds. */
  async recordedBefore(position: bigint): Promise<number> {
    const before = await this.#backwards({ commit: position, prepare: position }, LOOK_BACK);
    return Math.max(0, ...before.map((event) => envelopeOf(event).at));
  }

  /** The newest `recordedAt` up to and including a position, in milliseconds. */
  async recordedUpTo(position: bigint): Promise<number> {
    if (position === 0n) return 0;
    const newest = await this.newest();
    if (!newest) return 0;
    if (position > positionOf(newest)) return envelopeOf(newest).at;
    const [before, at] = await Promise.all([this.recordedBefore(position), this.at(position)]);
    return Math.max(before, at ? envelopeOf(at).at : 0);
  }

  /** The event at exactly this position, if one of the log is there. */
  async at(position: bigint): Promise<Recorded | undefined> {
    const fromPosition = { commit: position, prepare: position };
    const [event] = await this.#read('Reading one event', (client) =>
      client.readAll({ fromPosition, maxCount: 1, filter: streamNameFilter({ prefixes: [this.#shared.prefix] }) }),
    );
    return event && positionOf(event) === position ? event : undefined;
  }

  /** From what is known to be there onwards: on a shared server, that is nearer than what comes after it. */
  async #newest(patience?: Patience): Promise<Recorded | undefined> {
    const { position, start } = this.#shared.horizon;
    const from = position === 0n ? start : position;
    if (from === 0n) return this.#last(patience);
    const since = await this.#read(
      'Reading the end of the log',
      (client) =>
        client.readAll({
          fromPosition: { commit: from, prepare: from },
          maxCount: NEAR,
          filter: streamNameFilter({ prefixes: [this.#shared.prefix] }),
        }),
      patience ? { patience } : {},
    );
    const [known] = since;
    // A known event that is gone means that the log was rolled back: then nothing is to be concluded from it.
    const rolledBack = position !== 0n && (!known || positionOf(known) !== position);
    return rolledBack || since.length >= NEAR ? this.#last(patience) : since.at(-1);
  }

  async #last(patience?: Patience): Promise<Recorded | undefined> {
    const [event] = await this.#backwards(END, 1, patience);
    return event;
  }

  async #backwards(
    fromPosition: typeof END | { readonly commit: bigint; readonly prepare: bigint },
    count: number,
    patience?: Patience,
  ): Promise<Recorded[]> {
    const filter = streamNameFilter({ prefixes: [this.#shared.prefix] });
    return this.#read(
      'Reading the end of the log',
      (client) => client.readAll({ fromPosition, direction: BACKWARDS, maxCount: count, filter }),
      patience ? { patience } : {},
    );
  }

  async #read(
    what: string,
    open: (client: KurrentDBClient) => Reading,
    { deadlines = 1, patience = this.#shared.patience }: { deadlines?: number; patience?: Patience } = {},
  ): Promise<Recorded[]> {
    const attempts = new Attempts(what, patience);
    for (;;) {
      const client = this.#holder.get();
      try {
        return await within(patience.deadlineMs * deadlines, what, collect(open(client)));
      } catch (error) {
        const failure = classify(error);
        if (failure.kind === 'missing') return [];
        if (failure.kind !== 'not-leader') this.#holder.discard(client, patience.deadlineMs);
        await attempts.next(error, failure);
      }
    }
  }
}

/** The beginnings of stream names to ask the server for. */
export function namesOf(prefix: string, filter: Filter | undefined): readonly string[] {
  return filter?.streamPrefixes?.map((name) => prefix + name) ?? [prefix];
}

async function collect(reading: Reading): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for await (const { event } of reading) if (event) events.push(event);
  return events;
}
