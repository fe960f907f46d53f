import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Filter, RecordedEvent } from '#libs/event-log';
import { COLUMNS, type Decoded, RowDecoder, whole } from './rows.ts';

// Measured: arrays in pages of 128 to 1,000 rows decode a fifth faster than an iterator; larger pages gain nothing.
const MOST_ROWS = 256;
const FEWEST_ROWS = 8;
const PAGE_CHARACTERS = 512 * 1024;
/** How far a filtered page looks ahead: about 2 ms of scanning. */
const FILTER_WINDOW = 8192;

export interface Page {
  readonly events: readonly RecordedEvent[];
  readonly through: number;
  readonly head: number;
}

/** Reads events in keyset pages over one connection. A page is read in one go and never leaves a statement open. */
export class PageReader {
  readonly #decoder: RowDecoder;
  readonly #head: StatementSync;
  readonly #all: StatementSync;
  readonly #stream: StatementSync;
  readonly #streamHead: StatementSync;
  readonly #filtered = new Map<number, StatementSync>();
  readonly #db: DatabaseSync;
  #rows = FEWEST_ROWS * 4;

  constructor(db: DatabaseSync, file: string) {
    this.#db = db;
    this.#decoder = new RowDecoder(db, file);
    this.#head = this.#arrays('SELECT max(position) FROM events');
    this.#all = this.#arrays(
      `SELECT ${COLUMNS} FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`,
    );
    this.#stream = this.#arrays(
      `SELECT ${COLUMNS} FROM events
       WHERE stream = (SELECT id FROM streams WHERE name = ?) AND revision BETWEEN ? AND ? ORDER BY revision LIMIT ?`,
    );
    this.#streamHead = this.#arrays(
      'SELECT max(revision) FROM events WHERE stream = (SELECT id FROM streams WHERE name = ?)',
    );
  }

  head(): number {
    return whole(this.#head.get()?.[0] ?? 0);
  }

  /** The stream's newest revision, or -1 when there is none. */
  streamHead(stream: string): number {
    return whole(this.#streamHead.get(stream)?.[0] ?? -1);
  }

  streamPage(stream: string, from: number, to: number): readonly RecordedEvent[] {
    return this.#decode(this.#stream.all(stream, from, to, this.#rows)).events;
  }

  page(after: number, filter: Filter | undefined, until = Number.MAX_SAFE_INTEGER): Page {
    const head = this.head();
    const prefixes = filter?.streamPrefixes;
    const end = Math.min(head, until, prefixes ? after + FILTER_WINDOW : head);
    if (after >= end) return { events: [], through: after, head };
    const rows = this.#rows;
    const { events, cut } = this.#decode(
      prefixes ? this.#matching(prefixes).all(after, end, ...prefixes, rows) : this.#all.all(after, end, rows),
    );
    const last = events.at(-1);
    return { events, through: last && (cut || events.length === rows) ? Number(last.position) : end, head };
  }

  #decode(rows: readonly Record<number, SQLOutputValue>[]): Decoded {
    const decoded = this.#decoder.decode(rows);
    const { events, characters } = decoded;
    // The next page is sized by this one, so that large events do not add up to large pages.
    const fitting = Math.floor((PAGE_CHARACTERS * events.length) / (characters || 1));
    if (events.length > 0) this.#rows = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, fitting, this.#rows * 2));
    return decoded;
  }

  #matching(prefixes: readonly string[]): StatementSync {
    const known = this.#filtered.get(prefixes.length);
    if (known) return known;
    const tests = prefixes.map(() => 'instr(streams.name, ?) = 1').join(' OR ') || 'FALSE';
    // CROSS JOIN keeps the order of the loops (sqlite.org/optoverview.html#crossjoin): the log outside, names inside.
    const statement = this.#arrays(
      `SELECT ${COLUMNS} FROM events CROSS JOIN streams ON streams.id = events.stream
       WHERE position > ? AND position <= ? AND (${tests}) ORDER BY position LIMIT ?`,
    );
    this.#filtered.set(prefixes.length, statement);
    return statement;
  }

  #arrays(sql: string): StatementSync {
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}
