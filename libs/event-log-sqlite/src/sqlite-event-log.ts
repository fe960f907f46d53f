import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  encodeAppend,
  encodeRestored,
  EventLog,
  flatten,
  followPages,
  LogReadOnly,
  newestOf,
  pagesOf,
  type Appended,
  type Erasable,
  type Expectation,
  type FollowMessage,
  type NewEvent,
  type ReadAllOptions,
  type ReadOptions,
  type RecordedEvent,
  type RestoredEvent,
  type SealedPlace,
} from '#libs/event-log';
import { eraseSealed } from './erase-sealed.ts';
import { GroupCommit } from './group-commit.ts';
import { SqliteLedger } from './ledger.ts';
import { openWriter } from './open-writer.ts';
import { PageReader } from './page-reader.ts';
import { ReaderConnection } from './reader-connection.ts';
import { checkPages, type PageCheck } from './schema.ts';
import { logFailure } from './sqlite-failure.ts';
import { SqliteSource } from './sqlite-source.ts';

export interface SqliteEventLogOptions {
  /** Created when missing, unless read only; its directory must exist. */
  readonly file: string;
  /** Read beside a writer in another process, or with none. Default false. */
  readonly readOnly?: boolean;
  /** The clock behind `recordedAt`, in milliseconds since 1970. */
  readonly now?: () => number;
  /** How long to wait, blocking, for another process to let go of the file. Default 250. */
  readonly busyTimeoutMs?: number;
  /** Examine the file's pages at opening: 0.4 s per million events when quick. Default quick. */
  readonly check?: PageCheck;
}

/** What an open log consists of, for writing or for reading. */
interface Parts {
  readonly source: SqliteSource;
  /** Absent when the log is open for reading only. */
  readonly commits?: GroupCommit;
  readonly erase?: (place: SealedPlace) => boolean;
  readonly release: () => void;
}

/** The embedded log: one SQLite file, one writing process, any number of readers. */
export class SqliteEventLog extends EventLog implements Erasable {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    super();
    this.#parts = parts;
  }

  /** @throws LogLocked, LogUnusable, LogUnavailable */
  static async open(options: SqliteEventLogOptions): Promise<SqliteEventLog> {
    try {
      const file = trueName(options.file);
      return new SqliteEventLog(options.readOnly ? forReading(file, options) : forWriting(file, options));
    } catch (error) {
      throw logFailure(error, options.file);
    }
  }

  override async append(stream: string, expectation: Expectation, events: readonly NewEvent[]): Promise<Appended> {
    const request = encodeAppend(stream, expectation, events);
    return this.#writing().append(request);
  }

  override async restore(events: readonly RestoredEvent[]): Promise<void> {
    const encoded = events.map(encodeRestored);
    this.#writing().restore(encoded);
  }

  override read(stream: string, options: ReadOptions = {}): AsyncIterable<RecordedEvent> {
    return flatten(() => this.#streamPages(stream, options), options.signal);
  }

  override readAll(options: ReadAllOptions = {}): AsyncIterable<RecordedEvent> {
    return flatten(() => pagesOf(this.#parts.source, options), options.signal);
  }

  override follow(options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncIterable<FollowMessage> {
    return followPages(this.#parts.source, options);
  }

  async eraseSealed(place: SealedPlace): Promise<boolean> {
    const { source, commits, erase } = this.#parts;
    source.mustBeOpen();
    if (!commits || !erase) throw new LogReadOnly('This log was opened for reading only.');
    return erase(place);
  }

  override async head(): Promise<bigint> {
    return this.#parts.source.head();
  }

  override async newest(): Promise<RecordedEvent | undefined> {
    return newestOf(this.#parts.source);
  }

  override async close(): Promise<void> {
    const { source, commits, release } = this.#parts;
    if (source.closed) return;
    commits?.drain();
    source.close();
    release();
  }

  #writing(): GroupCommit {
    const { source, commits } = this.#parts;
    source.mustBeOpen();
    if (!commits) throw new LogReadOnly('This log was opened for reading only.');
    return commits;
  }

  async *#streamPages(
    stream: string,
    { from = 0, to = Number.MAX_SAFE_INTEGER }: ReadOptions,
  ): AsyncGenerator<readonly RecordedEvent[], void> {
    const { source } = this.#parts;
    const last = Math.min(to, source.streamHead(stream));
    for (let next = from; next <= last;) {
      const events = source.streamPage(stream, next, last);
      yield events;
      next = (events.at(-1)?.revision ?? last) + 1;
      if (next <= last) await nextTurn();
    }
  }
}

function forReading(file: string, { check = 'quick' }: SqliteEventLogOptions): Parts {
  const connection = new ReaderConnection(file);
  try {
    checkPages(connection.db, file, check);
  } catch (error) {
    connection.close();
    throw error;
  }
  return { source: new SqliteSource(file, connection), release: () => connection.close() };
}

function forWriting(file: string, options: SqliteEventLogOptions): Parts {
  const { now = Date.now, busyTimeoutMs = 250, check = 'quick' } = options;
  const { db, lock } = openWriter(file, { busyTimeoutMs, check, since: now() });
  const reader = new PageReader(db, file);
  const source = new SqliteSource(file, { read: (use) => use(reader) });
  const commits = new GroupCommit(db, { file, now, ledger: new SqliteLedger(db), committed: () => source.ring() });
  const release = (): void => {
    try {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // A full disk, say. Everything acknowledged is in the write-ahead log, and the next opening takes it from there.
    }
    db.close();
    lock.release();
  };
  const erase = (place: SealedPlace): boolean => {
    try {
      return eraseSealed(db, place);
    } catch (error) {
      throw logFailure(error, file);
    }
  };
  return { source, commits, erase, release };
}

/** The file itself, whatever links lead to it: two names must not make two locks. */
function trueName(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return join(realpathSync(dirname(file)), basename(file));
  }
}
