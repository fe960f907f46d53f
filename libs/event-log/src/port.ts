import { isPinned, type Pinned } from './pinned.ts';

/** A value that JSON can carry. Event data and metadata are plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An event to be appended. `id` is a UUID (version 7 by habit) chosen by the writer: it makes a retry recognisable. */
export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly schema: number;
  readonly data: Json;
  readonly meta: Json;
}

/** An event as the log holds it. */
export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** Index in its stream, from 0. */
  readonly revision: number;
  /** Place in the whole log; grows strictly, in log order. */
  readonly position: bigint;
  /** RFC 3339 in UTC with milliseconds; assigned at append; never goes backwards in log order. */
  readonly recordedAt: string;
}

/** An event as another log holds it. Its place in the whole log is not taken along. */
export type RestoredEvent = Omit<RecordedEvent, 'position'>;

/** What the writer believes of the stream. Closed on purpose: there is no "any". */
export type Expectation = 'no-stream' | 'stream-exists' | { readonly revision: number };

export interface Appended {
  /** Revision of the last event of the batch. */
  readonly revision: number;
  /** Position of the last event of the batch. */
  readonly position: bigint;
  /** When the batch was recorded (the first time, for a repeat). */
  readonly recordedAt: string;
  /** True when the log had these very events already and appended nothing. */
  readonly repeated: boolean;
}

export interface ReadOptions {
  /** First revision to read, included. Default 0. */
  readonly from?: number;
  /** Last revision to read, included. Default: the newest. */
  readonly to?: number;
  readonly signal?: AbortSignal;
}

export interface Filter {
  /** Only streams whose name begins with one of these. Absent: all. */
  readonly streamPrefixes?: readonly string[];
}

export interface ReadAllOptions {
  /** Read what comes after this position. Absent: from the beginning. */
  readonly after?: bigint;
  readonly filter?: Filter;
  readonly signal?: AbortSignal;
  /** How many events to fetch at first, for a reader that mostly stops soon. A hint to a log on another machine. */
  readonly atFirst?: number;
}

/**
 * What a follower is told, in one sequence, so that a control message never overtakes an event.
 * `caughtUp` repeats and is not a latch. After `checkpoint` everything up to its position has been yielded.
 */
export type FollowMessage =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  | { readonly kind: 'caughtUp'; readonly position: bigint }
  | { readonly kind: 'fellBehind' }
  | { readonly kind: 'checkpoint'; readonly position: bigint }
  | { readonly kind: 'reconnecting'; readonly reason: string };

/** The store of events. Adapters: memory, SQLite (embedded), KurrentDB. All obey tests/contract/event-log.contract.ts. */
export abstract class EventLog {
  /**
   * Appends all events to one stream, or none.
   * The same event ids with the same expectation answer the first result again (`repeated`).
   * @throws WrongRevision when the expectation does not hold.
   * @throws EventIdTaken when an id is in the log elsewhere or with other company.
   * @throws TypeError, before anything is queued, for values that JSON cannot carry and names or ids that are none.
   * @throws LogReadOnly, LogUnavailable
   */
  abstract append(stream: string, expectation: Expectation, events: readonly NewEvent[]): Promise<Appended>;

  /**
   * Takes events over from another log, in this order: ids, revisions and times of recording stay what they were.
   * What is there already, at its place, is passed over: what broke off may be repeated. When it fails, a part from the
   * beginning may be there. Each event counts as appended alone: an append of several is no longer known as a repeat.
   * @throws WrongRevision when an event is not the next of its stream.
   * @throws RecordedEarlier when it was recorded before the newest event of this log.
   * @throws EventIdTaken when its id is known to be in this log at another place.
   * @throws TypeError, LogReadOnly, LogUnavailable
   */
  abstract restore(events: readonly RestoredEvent[]): Promise<void>;

  /**
   * One stream in order of revision; nothing for a stream that does not exist.
   * When the signal aborts, this and `readAll` throw its reason: a part must not pass for the whole.
   */
  abstract read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent>;

  /** The whole log in order of position, up to the newest event at the time of reading. */
  abstract readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent>;

  /**
   * The whole log from `after` on, and then live. Pull-based: a slow reader holds at most one page in memory.
   * Ends when the signal aborts or the log closes; throws only what cannot be resumed.
   * Waiting for events does not by itself keep a process alive.
   */
  abstract follow(options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncIterable<FollowMessage>;

  /** Position of the newest event; 0 for an empty log. */
  abstract head(): Promise<bigint>;

  /** The newest event, if there is one. */
  abstract newest(): Promise<RecordedEvent | undefined>;

  /** Whether an event is still where it was. When it is not, the log lost what it had shown. @throws LogUnavailable */
  async holds(pinned: Pinned): Promise<boolean> {
    const { stream, revision } = pinned;
    for await (const event of this.read(stream, { from: revision, to: revision })) return isPinned(event, pinned);
    return false;
  }

  /** Releases everything. Appends in flight are finished first. */
  abstract close(): Promise<void>;
}
