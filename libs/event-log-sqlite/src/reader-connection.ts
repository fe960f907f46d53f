import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { LogUnavailable } from '#libs/event-log';
import { PageReader } from './page-reader.ts';
import { pragma, schemaVersion } from './schema.ts';

/**
 * Reads beside a writer in another process, or with none.
 *
 * A plain read-only connection makes -wal and -shm files when there are none and leaves them behind
 * (sqlite.org/wal.html#readonly). While there is no -wal, nobody has the log open for writing, so the file is opened as
 * immutable instead, which touches nothing; every read then checks before and after that this is still so.
 */
export class ReaderConnection {
  readonly #file: string;
  #db: DatabaseSync;
  #reader: PageReader;
  /** What the file looked like when it was opened as immutable; undefined beside a writer. */
  #still: string | undefined;
  #version: number;

  constructor(file: string) {
    this.#file = file;
    this.#still = stillness(file);
    this.#db = open(file, this.#still !== undefined);
    this.#reader = new PageReader(this.#db, file);
    this.#version = pragma(this.#db, 'data_version');
  }

  get db(): DatabaseSync {
    return this.#db;
  }

  read<Result>(use: (reader: PageReader) => Result): Result {
    for (;;) {
      if (this.#moved()) this.#reopen();
      try {
        const result = use(this.#reader);
        if (!this.#moved()) return result;
      } catch (error) {
        // Half of an old page and half of a new one looks like damage; it is, only if nobody wrote meanwhile.
        if (!this.#moved()) throw error;
      }
    }
  }

  /** Whether somebody committed since this was asked last. */
  changed(): boolean {
    if (this.#still !== undefined) return this.#moved();
    const before = this.#version;
    this.#version = pragma(this.#db, 'data_version');
    return this.#version !== before;
  }

  close(): void {
    this.#db.close();
  }

  #moved(): boolean {
    return this.#still !== undefined && this.#still !== stillness(this.#file);
  }

  #reopen(): void {
    this.#db.close();
    this.#still = stillness(this.#file);
    this.#db = open(this.#file, this.#still !== undefined);
    this.#reader = new PageReader(this.#db, this.#file);
    this.#version = pragma(this.#db, 'data_version');
  }
}

/** A mark that changes whenever the file does; undefined while there is a write-ahead log, and so perhaps a writer. */
function stillness(file: string): string | undefined {
  if (existsSync(`${file}-wal`)) return undefined;
  const { mtimeNs, size } = statSync(file, { bigint: true });
  return `${mtimeNs}/${size}`;
}

function open(file: string, immutable: boolean): DatabaseSync {
  const db = immutable
    ? new DatabaseSync(`${pathToFileURL(file).href}?immutable=1`, { readOnly: true })
    : new DatabaseSync(file, { readOnly: true, timeout: 1000 });
  try {
    if (schemaVersion(db, file) === 0) throw new LogUnavailable(`${file} has not been written to yet.`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
