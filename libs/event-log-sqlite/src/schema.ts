import type { DatabaseSync } from 'node:sqlite';
import { LogUnusable } from '#libs/event-log';

/** "Infc" in the database header (sqlite.org/pragma.html#pragma_application_id): tells our files from others'. */
export const APPLICATION_ID = 0x496e6663;

/** Only `eraseSealed` lifts it, and puts it back in the same transaction. */
export const NEVER_CHANGED = `CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
     BEGIN SELECT RAISE(ABORT, 'an event log is never edited'); END;`;

/**
 * Forward only: the script at index n brings a log from version n to version n + 1.
 *
 * `expected` is set on the first event of each batch (-1: no stream, -2: the stream exists, else the revision) and null
 * on the others; batches are contiguous, so it also marks where each one ends.
 */
const migrations = [
  `CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE events (
     position INTEGER PRIMARY KEY,
     stream INTEGER NOT NULL REFERENCES streams (id),
     revision INTEGER NOT NULL,
     id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
     type TEXT NOT NULL,
     schema INTEGER NOT NULL,
     recorded_at INTEGER NOT NULL,
     expected INTEGER,
     data TEXT NOT NULL,
     meta TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);`,
  // Version 2 keeps even a stray SQL shell from editing what was recorded.
  `${NEVER_CHANGED}
   CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
     BEGIN SELECT RAISE(ABORT, 'an event log is never edited'); END;`,
] as const;

export const SCHEMA_VERSION = migrations.length;

/** What a file says of itself; a fresh or empty file is version 0. @throws LogUnusable for what is not ours. */
export function schemaVersion(db: DatabaseSync, file: string): number {
  // One transaction, or a file that another process is just making looks half foreign.
  db.exec('BEGIN');
  try {
    return versionWithin(db, file);
  } finally {
    db.exec('ROLLBACK');
  }
}

function versionWithin(db: DatabaseSync, file: string): number {
  const applicationId = pragma(db, 'application_id');
  const version = pragma(db, 'user_version');
  if (applicationId !== APPLICATION_ID) {
    const empty = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
    if (empty && applicationId === 0 && version === 0) return 0;
    throw new LogUnusable(`${file} is not an event log: it is the database of another application.`);
  }
  if (version > SCHEMA_VERSION) {
    throw new LogUnusable(`${file} was written by a newer version (schema ${version}, known ${SCHEMA_VERSION}).`);
  }
  return version;
}

/** Brings the file to the newest schema in one transaction: a crash in between leaves the version it had. */
export function migrate(db: DatabaseSync, from: number): void {
  if (from === SCHEMA_VERSION) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const script of migrations.slice(from)) db.exec(script);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** `quick` finds damaged pages; `full` also compares every index with its table, in twice the time. */
export type PageCheck = 'quick' | 'full' | 'none';

export function checkPages(db: DatabaseSync, file: string, check: PageCheck): void {
  if (check === 'none') return;
  const first = db.prepare(`PRAGMA ${check === 'quick' ? 'quick_check' : 'integrity_check'}(1)`).get();
  const verdict = Object.values(first ?? {})[0];
  if (verdict !== 'ok') throw new LogUnusable(`${file} is damaged (${String(verdict)}); restore it from a copy.`);
}

export function pragma(db: DatabaseSync, name: string): number {
  const value = db.prepare(`PRAGMA ${name}`).get()?.[name];
  return typeof value === 'number' ? value : Number.NaN;
}
