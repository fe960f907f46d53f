import {
  encodeAppend,
  encodeRestored,
  EventLog,
  flatten,
  LogUnavailable,
  type Appended,
  type Expectation,
  type FollowMessage,
  type NewEvent,
  type Pinned,
  type ReadAllOptions,
  type ReadOptions,
  type RecordedEvent,
  type RestoredEvent,
} from '#libs/event-log';
import type { Patience } from './attempts.ts';
import { beginningOf } from './beginning.ts';
import { checkConnectionString, ClientHolder } from './clients.ts';
import { fromServer, positionOf } from './envelope.ts';
import { Follower } from './follower.ts';
import { Horizon } from './horizon.ts';
import { allPages, streamPages } from './page-reading.ts';
import { isThere } from './pinned.ts';
import { probe, type Health } from './probe.ts';
import { Reader, type Shared } from './reader.ts';
import { RecordClock, RunningMaximum } from './record-clock.ts';
import { Restoring } from './restoring.ts';
import { Writer } from './writer.ts';

export interface KurrentEventLogOptions {
  /** `kurrentdb://user:password@host:2113?tls=…`, or `kurrentdb+discover://…`, with all that the client understands. */
  readonly connectionString: string;
  /** What the names of our streams begin with on the server; none may begin with another log's. Default `inforce.`. */
  readonly prefix?: string;
  /** The clock behind `recordedAt`, in milliseconds since 1970. */
  readonly now?: () => number;
  /** How long one call to the server may take. Default 5,000. */
  readonly deadlineMs?: number;
  /** How long an append or a read is tried again before its caller is told. Default 20,000. */
  readonly giveUpMs?: number;
  /** How many events are remembered to recognise repeats that the server would not. Default 32,768. */
  readonly rememberIds?: number;
  /** Told of every failure that is tried again, in one line. */
  readonly report?: (line: string) => void;
}

/**
 * The log on a KurrentDB or EventStoreDB server or cluster, for any number of processes.
 *
 * Within a stream an append is as exact as anywhere. An id that is in the log in *another* place is refused as far as
 * this process remembers it. When two processes append the same events at the same revision within the same moment,
 * both may be told that they were first; under `no-stream` exactly one is.
 */
export class KurrentEventLog extends EventLog {
  readonly #connectionString: string;
  readonly #shared: Shared;
  readonly #writes: ClientHolder;
  readonly #reads: ClientHolder;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  private constructor({
    connectionString,
    prefix = 'inforce.',
    now = Date.now,
    deadlineMs = 5000,
    giveUpMs = 20_000,
    rememberIds = 32_768,
    report = () => {},
  }: KurrentEventLogOptions) {
    super();
    const patience: Patience = { deadlineMs, giveUpMs, report, closing: this.#closing.signal };
    this.#connectionString = connectionString;
    this.#shared = { prefix, patience, clock: new RecordClock(now), horizon: new Horizon() };
    this.#writes = new ClientHolder(connectionString);
    this.#reads = new ClientHolder(connectionString);
    this.#reader = new Reader(this.#reads, this.#shared);
    this.#writer = new Writer(this.#writes, this.#reader, this.#shared, rememberIds);
  }

  /**
   * Marks where a new log begins, and reads the head, so that a log that cannot be used is found out at once.
   * @throws LogUnusable for a connection string that is none, refused credentials and servers of another kind.
   * @throws LogUnavailable
   */
  static async open(options: KurrentEventLogOptions): Promise<KurrentEventLog> {
    checkConnectionString(options.connectionString);
    if (!options.prefix && options.prefix !== undefined) throw new TypeError('The prefix of the streams is a text.');
    const log = new KurrentEventLog(options);
    try {
      await log.#reader.begin(await beginningOf(log.#writes, log.#reader, log.#shared));
      return log;
    } catch (error) {
      await log.close();
      throw error instanceof LogUnavailable ? notReached(error) : error;
    }
  }

  override async append(stream: string, expectation: Expectation, events: readonly NewEvent[]): Promise<Appended> {
    const request = encodeAppend(stream, expectation, events);
    this.#mustBeOpen();
    return this.#writer.append(request);
  }

  override async restore(events: readonly RestoredEvent[]): Promise<void> {
    const encoded = events.map(encodeRestored);
    this.#mustBeOpen();
    await new Restoring(this.#writes, this.#reader, this.#shared).restore(encoded);
  }

  override read(stream: string, options: ReadOptions = {}): AsyncIterable<RecordedEvent> {
    return flatten(() => streamPages(this.#openReader(), this.#shared, stream, options), options.signal);
  }

  override readAll(options: ReadAllOptions = {}): AsyncIterable<RecordedEvent> {
    return flatten(() => allPages(this.#openReader(), this.#shared, options), options.signal);
  }

  override follow(options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncGenerator<FollowMessage, void> {
    const holder = new ClientHolder(this.#connectionString);
    const stop = new AbortController();
    const signals = [options.signal, this.#closing.signal];
    // Whoever aborts need not ask for another message: the connection is given back without that.
    const end = (): void => {
      stop.abort();
      void holder.close();
    };
    const follower = new Follower(holder, this.#reader, this.#shared, { ...options, signal: stop.signal });
    return follower.messages({
      begin: () => {
        this.#mustBeOpen();
        for (const signal of signals) {
          if (signal.aborted) end();
          else signal.addEventListener('abort', end);
        }
      },
      end: async () => {
        for (const signal of signals) signal.removeEventListener('abort', end);
        await holder.close();
      },
    });
  }

  override async head(): Promise<bigint> {
    return this.#openReader().head();
  }

  override async newest(): Promise<RecordedEvent | undefined> {
    const reader = this.#openReader();
    const event = await reader.newest();
    if (!event) return undefined;
    return fromServer(event, this.#shared.prefix, new RunningMaximum(await reader.recordedBefore(positionOf(event))));
  }

  /** Appends and reads for real: that a connection stands says nothing of whether an append would be taken. */
  async probe(): Promise<Health> {
    this.#mustBeOpen();
    return probe(this.#connectionString, this.#shared);
  }

  override async holds(pinned: Pinned): Promise<boolean> {
    return isThere(this.#openReader(), this.#shared.prefix, pinned);
  }

  override async close(): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await this.#writer.drain();
    await Promise.all([this.#writes.close(), this.#reads.close()]);
  }

  #openReader(): Reader {
    this.#mustBeOpen();
    return this.#reader;
  }

  #mustBeOpen(): void {
    if (this.#closing.signal.aborted) throw new LogUnavailable('The log is closed.');
  }
}

/** The client says no more of a server that refuses it while it looks for the leader than of one that is not there. */
function notReached(error: LogUnavailable): LogUnavailable {
  const hint = 'If it runs, look at the address, at tls and tlsCaFile, and at the user and the password.';
  return new LogUnavailable(`${error.message} ${hint}`, { cause: error });
}
