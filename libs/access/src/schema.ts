import type { DatabaseSync } from 'node:sqlite';
import { KeyStoreFailure } from './failure.ts';

/** "InfK" in the database header (sqlite.org/pragma.html#pragma_application_id): tells our files from others'. */
const APPLICATION_ID = 0x496e664b;
const SCHEMA_VERSION = 2;

/** A revoked key keeps its row: the log names keys by id, and an auditor has to find out whose they were. */
const script = `
  CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    feed_of TEXT
  ) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/** Version 2: tokens that read feeds, of whoever made them. */
const upgrade = `
  ALTER TABLE keys ADD COLUMN feed_of TEXT;
  PRAGMA user_version = ${SCHEMA_VERSION};`;

export function prepareForWriting(db: DatabaseSync, file: string): void {
  // Before anything is written: another application's file stays as it is.
  isKeyStore(db, file);
  // FULL: a revocation that was acknowledged holds, through a power failure too.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  // Looked at inside the write lock: two processes may open a fresh file at once.
  db.exec('BEGIN IMMEDIATE');
  try {
    if (!isKeyStore(db, file)) db.exec(script);
    else if (numberOf(db, 'user_version') < SCHEMA_VERSION) db.exec(upgrade);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** False for an empty file. @throws KeyStoreFailure for what is not ours. */
export function isKeyStore(db: DatabaseSync, file: string): boolean {
  const [application, version] = [numberOf(db, 'application_id'), numberOf(db, 'user_version')];
  if (application === APPLICATION_ID && version >= 1 && version <= SCHEMA_VERSION) return true;
  if (application === APPLICATION_ID) {
    throw new KeyStoreFailure(`${file} was written by a newer version (schema ${version}, known ${SCHEMA_VERSION}).`);
  }
  const empty = application === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (!empty) throw new KeyStoreFailure(`${file} does not hold keys: it is the database of another application.`);
  return false;
}

function numberOf(db: DatabaseSync, pragma: string): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}
