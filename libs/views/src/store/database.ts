import { rmSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import type { Report } from '../state.ts';

/** "Infv" in the database header: tells our files from others'. */
const APPLICATION_ID = 0x496e6676;
/** Of everything that is not a projection's own; another one is rebuilt from the log. */
const FORMAT = 2;

const COMMON = `
  CREATE TABLE generations (
    id INTEGER PRIMARY KEY,
    view TEXT NOT NULL,
    version INTEGER NOT NULL,
    active INTEGER NOT NULL,
    built INTEGER NOT NULL,
    position INTEGER NOT NULL,
    event_position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    event_stream TEXT NOT NULL,
    event_revision INTEGER NOT NULL,
    event_hash TEXT NOT NULL,
    applied INTEGER NOT NULL,
    UNIQUE (view, active)
  ) STRICT;
  -- The first event of the log that the rows were made of: tells another log from one that was put back.
  CREATE TABLE origin (only INTEGER PRIMARY KEY CHECK (only = 1), position INTEGER NOT NULL, event_id TEXT NOT NULL) STRICT;
  -- The key of a stream is the position of its first event: the same in every rebuild.
  CREATE TABLE streams (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  -- Matters whose derived rows lag behind the checkpoint, in bulk.
  CREATE TABLE dirty (generation INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (generation, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE quarantine (
    generation INTEGER NOT NULL,
    key INTEGER NOT NULL,
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (generation, key, position)
  ) STRICT, WITHOUT ROWID;
  -- What the clock made of matters at rest; never part of the truth.
  CREATE TABLE now_spans (key INTEGER PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
  CREATE INDEX now_spans_since ON now_spans (since);
  CREATE INDEX now_spans_until ON now_spans (until);
  CREATE TABLE now_matters (key INTEGER PRIMARY KEY, code TEXT NOT NULL, headline TEXT NOT NULL) STRICT;
  CREATE TABLE now_deadlines (
    key INTEGER NOT NULL, id TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL, kin TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (key, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX now_deadlines_due ON now_deadlines (due, key, id);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT};`;

/** The file is another application's: nothing of it is touched. */
export class ViewsUnusable extends Error {
  readonly code = 'views-unusable';
  override get name(): string {
    return 'ViewsUnusable';
  }
}

/** One SQLite connection; statements are prepared once, and no transaction outlives the call that began it. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** @throws ViewsUnusable when the file belongs to something else. */
  static open(file: string, report: Report): Database {
    try {
      return new Database(opened(file));
    } catch (error) {
      if (!(error instanceof Outdated)) throw error;
      report({ level: 'warn', message: `The views in ${file} ${error.message}; they are built again from the log.` });
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
      return new Database(opened(file));
    }
  }

  sql(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known) return known;
    const statement = this.#db.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  /** A statement of the caller's own, to be set up otherwise. */
  fresh(text: string): StatementSync {
    return this.#db.prepare(text);
  }

  all(text: string, ...parameters: readonly SQLInputValue[]): Record<string, SQLOutputValue>[] {
    return this.sql(text).all(...parameters);
  }

  get(text: string, ...parameters: readonly SQLInputValue[]): Record<string, SQLOutputValue> | undefined {
    return this.sql(text).get(...parameters);
  }

  run(text: string, ...parameters: readonly SQLInputValue[]): number {
    return Number(this.sql(text).run(...parameters).changes);
  }

  /** For what changes tables: statements prepared before may name what is gone. */
  exec(script: string): void {
    this.#statements.clear();
    this.#db.exec(script);
  }

  /** All of it, or nothing. `work` must not wait for anything. */
  transaction<Result>(work: () => Result): Result {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }
}

class Outdated extends Error {}

function opened(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5000 });
  try {
    settle(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function settle(db: DatabaseSync, file: string): void {
  const [application, format, tables] = identity(db, file);
  if (application !== APPLICATION_ID && (application !== 0 || format !== 0 || tables > 0)) {
    throw new ViewsUnusable(`${file} is the database of another application; name another file for the views.`);
  }
  if (tables > 0 && format !== FORMAT) throw new Outdated(`have format ${format}, not ${FORMAT}`);
  if (tables > 0 && check(db) !== 'ok') throw new Outdated('are damaged');
  // NORMAL may lose the last transactions on power loss, whole ones only; the log still has them.
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000;
    PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 8192; PRAGMA journal_size_limit = 67108864`);
  if (tables === 0) db.exec(`BEGIN; ${COMMON} COMMIT;`);
}

function identity(db: DatabaseSync, file: string): readonly [number, number, number] {
  try {
    return [
      Number(db.prepare('PRAGMA application_id').get()?.['application_id']),
      Number(db.prepare('PRAGMA user_version').get()?.['user_version']),
      Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']),
    ];
  } catch (error) {
    if (/not a database/.test(String(error))) {
      throw new ViewsUnusable(`${file} is not a views file; name another file for the views.`, { cause: error });
    }
    if (/malformed/.test(String(error))) throw new Outdated('are damaged');
    throw error;
  }
}

function check(db: DatabaseSync): unknown {
  return Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
}
