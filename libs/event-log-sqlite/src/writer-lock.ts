import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { LogLocked } from '#libs/event-log';
import { isBusy } from './sqlite-failure.ts';

/**
 * One writer per log. The lock is an open write transaction on a second database, `<file>.lock`: SQLite holds it with
 * the kernel's file locks, which die with the process whatever kills it (sqlite.org/lockingv3.html), so it cannot be
 * left stale. The file itself stays: deleting it would let two processes lock two different files of one name.
 *
 * In rollback-journal mode a RESERVED lock lets others read, so the row saying who holds it is in the same file.
 */
export class WriterLock {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** @throws LogLocked naming the process that holds it. */
  static take(file: string, options: { readonly since: number; readonly timeoutMs: number }): WriterLock {
    const db = new DatabaseSync(`${file}.lock`, { timeout: options.timeoutMs });
    try {
      const owner = { pid: process.pid, host: hostname(), since: new Date(options.since).toISOString() };
      do sign(db, owner);
      while (!hold(db, owner));
      return new WriterLock(db);
    } catch (error) {
      const refusal = isBusy(error) ? locked(db, file) : error;
      db.close();
      throw refusal;
    }
  }

  release(): void {
    // Closing rolls the transaction back and lets go of the kernel's lock.
    this.#db.close();
  }
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

function sign(db: DatabaseSync, { pid, host, since }: Owner): void {
  db.exec(`PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS owner (only INTEGER PRIMARY KEY CHECK (only = 1), pid INTEGER, host TEXT, since TEXT) STRICT`);
  db.prepare('INSERT OR REPLACE INTO owner VALUES (1, ?, ?, ?)').run(pid, host, since);
  db.exec('COMMIT');
}

/** Between signing and holding, another process may sign in turn; then ours has to be signed again. */
function hold(db: DatabaseSync, owner: Owner): boolean {
  db.exec('BEGIN IMMEDIATE');
  const row = db.prepare('SELECT pid, host, since FROM owner').get();
  const ours = row?.['pid'] === owner.pid && row['host'] === owner.host && row['since'] === owner.since;
  if (!ours) db.exec('ROLLBACK');
  return ours;
}

function locked(db: DatabaseSync, file: string): LogLocked {
  try {
    // Joined in SQL, where the columns need no parsing.
    const row = db.prepare("SELECT concat('process ', pid, ' on ', host, ' since ', since) AS owner FROM owner").get();
    if (row) return new LogLocked(`${file} is written by ${String(row['owner'])}.`);
  } catch {
    // The holder is writing its name at this moment; that it holds the lock is known all the same.
  }
  return new LogLocked(`${file} is being opened by another process.`);
}
