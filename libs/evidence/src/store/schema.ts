import { DatabaseSync } from 'node:sqlite';

/** "Infe" in the database header: tells our files from others'. */
const APPLICATION_ID = 0x496e6665;
const FORMAT = 1;

/**
 * Everything here comes out of the log, and can be made again from it. A tile at the right edge grows in place: a partial
 * tile is the beginning of the full one.
 */
const script = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL) STRICT;
  CREATE TABLE leaves (
    idx INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    event_id BLOB NOT NULL UNIQUE,
    stream INTEGER NOT NULL REFERENCES streams (id),
    revision INTEGER NOT NULL,
    leaf BLOB NOT NULL
  ) STRICT;
  CREATE TABLE tiles (
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, idx)
  ) STRICT, WITHOUT ROWID;
  -- By the leaf that holds them.
  CREATE TABLE checkpoints (
    idx INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    note TEXT NOT NULL,
    recorded_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE keys (idx INTEGER PRIMARY KEY, generation INTEGER NOT NULL, origin TEXT NOT NULL, key TEXT NOT NULL) STRICT;
  CREATE TABLE cosignatures (idx INTEGER PRIMARY KEY, checkpoint INTEGER NOT NULL, line TEXT NOT NULL) STRICT;
  CREATE INDEX cosignatures_of ON cosignatures (checkpoint);
  CREATE TABLE faults (idx INTEGER PRIMARY KEY, position INTEGER NOT NULL, what TEXT NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT};`;

/** The file cannot be used, in one sentence for whoever runs the program. */
export class EvidenceUnusable extends Error {
  readonly code = 'evidence-unusable';
  /** It is ours, and broken: it can be put aside, and made again from the log. */
  readonly damaged: boolean;

  constructor(message: string, { damaged = false, ...options }: ErrorOptions & { readonly damaged?: boolean } = {}) {
    super(message, options);
    this.damaged = damaged;
  }

  override get name(): string {
    return 'EvidenceUnusable';
  }
}

export function openDatabase(file: string, { readOnly = false } = {}): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly, timeout: 5000 });
    const version = versionOf(db, file);
    if (version > 0) mustBeWhole(db, file);
    if (readOnly && version === 0) throw new EvidenceUnusable(`${file} holds no evidence yet.`);
    // NORMAL: what a power failure takes is read from the log again.
    if (!readOnly)
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864');
    if (!readOnly && version === 0) makeTables(db, file);
    // By size: a page of the list, and each cosignature, is looked for among all there ever were.
    if (!readOnly) db.exec('CREATE INDEX IF NOT EXISTS checkpoints_by_size ON checkpoints (size)');
    return db;
  } catch (error) {
    db?.close();
    throw failure(error, file);
  }
}

/** What SQLite says of a file, in our words. */
export function failure(error: unknown, file: string): unknown {
  if (error instanceof EvidenceUnusable) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const damaged = /malformed|not a database|corrupt/.test(reason);
  const words = damaged ? 'is damaged' : 'cannot be used';
  return new EvidenceUnusable(`${file} ${words}: ${reason}.`, { cause: error, damaged });
}

function makeTables(db: DatabaseSync, file: string): void {
  // Looked at inside the write lock: two processes may open a fresh file at once.
  db.exec('BEGIN IMMEDIATE');
  try {
    if (versionOf(db, file) === 0) db.exec(script);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** 0 for an empty file. @throws EvidenceUnusable for what is not ours. */
function versionOf(db: DatabaseSync, file: string): number {
  const [application, version] = [pragma(db, 'application_id'), pragma(db, 'user_version')];
  if (application === APPLICATION_ID && version === FORMAT) return version;
  if (application === APPLICATION_ID)
    throw new EvidenceUnusable(`${file} was written by another version (format ${version}, known ${FORMAT}).`);
  const empty = application === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (!empty) throw new EvidenceUnusable(`${file} holds no evidence: it is the database of another application.`);
  return 0;
}

function mustBeWhole(db: DatabaseSync, file: string): void {
  const verdict = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  if (verdict !== 'ok') throw new EvidenceUnusable(`${file} is damaged (${String(verdict)}).`, { damaged: true });
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
