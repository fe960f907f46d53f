import { DatabaseSync } from 'node:sqlite';
import { checkPages, migrate, schemaVersion, type PageCheck } from './schema.ts';
import { WriterLock } from './writer-lock.ts';

export interface Writer {
  readonly db: DatabaseSync;
  readonly lock: WriterLock;
}

interface Options {
  readonly busyTimeoutMs: number;
  readonly check: PageCheck;
  readonly since: number;
}

/** Opens a log for writing, in an order that leaves other applications' files and other writers' logs untouched. */
export function openWriter(file: string, { busyTimeoutMs, check, since }: Options): Writer {
  const db = new DatabaseSync(file, { timeout: busyTimeoutMs });
  let lock: WriterLock | undefined;
  try {
    schemaVersion(db, file);
    lock = WriterLock.take(file, { since, timeoutMs: busyTimeoutMs });
    const version = schemaVersion(db, file);
    if (version > 0) checkPages(db, file, check);
    // FULL, unlike NORMAL, keeps the last commits through a power failure (sqlite.org/pragma.html#pragma_synchronous).
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
    migrate(db, version);
    return { db, lock };
  } catch (error) {
    db.close();
    lock?.release();
    throw error;
  }
}
