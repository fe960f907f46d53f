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
import { Attempts, SEARCH_DEADLINES, within, type Patience } from './attempts.ts';
import type { ClientHolder } from './clients.ts';
import { envelopeOf, positionOf } from './envelope.ts';
import { classify } from './failure.ts';
import type { Horizon } from './horizon.ts';
import { LongRead, type Stretch } from './long-read.ts';
import type { RecordClock } from './record-clock.ts';

/** The parts of an open log that all its readers and writers share. */
export interface Shared {
  readonly prefix: string;
  readonly patience: Patience;
  readonly clock: RecordClock;
  readonly horizon: Horizon;
}

/** How many events before a position are looked at for the running maximum of `recordedAt` there. */
export const LOOK_BACK = 64;
/** How many events the newest is looked for forwards, before it is looked for from the end. */
const NEAR = 32;

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
    return this.#read(`Reading ${stream}`, (client) =>
      client.readStream(this.#shared.prefix + stream, {
        fromRevision: BigInt(from),
        maxCount: count,
        requiresLeader: fresh,
      }),
    );
  }

  /** The last event of a stream that is no part of the log. */
  async lastOf(name: string): Promise<Recorded | undefined> {
    const [last] = await this.#read(`Reading ${name}`, (client) =>
      client.readStream(name, { fromRevision: END, direction: BACKWARDS, maxCount: 1, requiresLeader: true }),
    );
    return last;
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
      { deadlines: SEARCH_DEADLINES, ...(patience ? { patience } : {}) },
    );
    const [first] = events;
    if (first && positionOf(first) <= after) events.shift();
    return events.length > count ? events.slice(0, count) : events;
  }

  /** A stretch of the log, in groups. The next is on its way while one is being handled. */
  async *between(stretch: Stretch): AsyncGenerator<Recorded[], void> {
    const after = this.notBeforeStart(stretch.after);
    const reading = new LongRead(this.#holder, this.#shared.patience, { ...stretch, after });
    try {
      for (let coming = reading.group(); ;) {
        const group = await coming;
        if (!group) return;
        coming = reading.group();
        // Nobody may come for it: then its failure is nobody's affair.
        coming.catch(() => {});
        yield group;
      }
    } finally {
      reading.leave();
    }
  }

  notBeforeStart(position: bigint): bigint {
    const { start } = this.#shared.horizon;
    return position < start ? start : position;
  }

  /** Learns where the log begins, and what is newest in it. */
  async begin(start: bigint): Promise<void> {
    this.#shared.horizon.start = start;
    this.#learn(await this.#last());
  }

  /** The log's newest event. */
  async newest(patience?: Patience): Promise<Recorded | undefined> {
    return this.#learn(await this.#newest(patience));
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
    const [event] = await this.#forwards(position, 1);
    return event && positionOf(event) === position ? event : undefined;
  }

  /** From what is known to be there onwards: on a shared server, that is nearer than what comes after it. */
  async #newest(patience?: Patience): Promise<Recorded | undefined> {
    const { newest, passed } = this.#shared.horizon;
    const nearer = newest !== undefined && passed !== newest.position;
    const [since, [at]] = await Promise.all([
      this.#forwards(passed, NEAR, patience),
      nearer ? this.stream(newest.stream, newest.revision, 1) : [],
    ]);
    const known = nearer ? at : since[0];
    // A known event that is gone means that the log was rolled back: then nothing is to be concluded from it.
    const rolledBack = newest !== undefined && (!known || positionOf(known) !== newest.position);
    return rolledBack || since.length >= NEAR ? this.#last(patience) : (since.at(-1) ?? known);
  }

  async #last(patience?: Patience): Promise<Recorded | undefined> {
    const [event] = await this.#backwards(END, 1, patience);
    return event;
  }

  #learn(event: Recorded | undefined): Recorded | undefined {
    if (!event) return undefined;
    const { prefix, horizon } = this.#shared;
    const stream = event.streamId.slice(prefix.length);
    horizon.saw({ stream, revision: Number(event.revision), position: positionOf(event) });
    this.#shared.clock.saw(envelopeOf(event).at);
    return event;
  }

  /** Events of the log from a position on, which is included. */
  async #forwards(from: bigint, count: number, patience?: Patience): Promise<Recorded[]> {
    const filter = streamNameFilter({ prefixes: [this.#shared.prefix] });
    return this.#read(
      'Reading the log',
      (client) => client.readAll({ fromPosition: { commit: from, prepare: from }, maxCount: count, filter }),
      { deadlines: SEARCH_DEADLINES, ...(patience ? { patience } : {}) },
    );
  }

  /** Events of the log before a position, newest first. At the latest, the server finds the marks of its beginning. */
  async #backwards(
    fromPosition: typeof END | { readonly commit: bigint; readonly prepare: bigint },
    count: number,
    patience?: Patience,
  ): Promise<Recorded[]> {
    const { prefix } = this.#shared;
    const filter = streamNameFilter({ prefixes: [prefix, markOf(prefix)] });
    const found = await this.#read(
      'Reading the end of the log',
      (client) => client.readAll({ fromPosition, direction: BACKWARDS, maxCount: count, filter }),
      { deadlines: SEARCH_DEADLINES, ...(patience ? { patience } : {}) },
    );
    return found.filter(({ streamId }) => streamId.startsWith(prefix));
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
        const ms = patience.deadlineMs * Math.min(deadlines, 2 ** attempts.count);
        return await within(ms, what, collect(open(client)));
      } catch (error) {
        const failure = classify(error);
        if (failure.kind === 'missing') return [];
        if (failure.kind !== 'not-leader') this.#holder.discard(client, patience.deadlineMs);
        await attempts.next(error, failure);
      }
    }
  }
}

/** The stream, outside the log, that marks where the log begins. */
export function markOf(prefix: string): string {
  return `beginning-of-${prefix}`;
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
