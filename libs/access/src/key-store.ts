import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { uuidv7 } from '#libs/event-log';
import { failure, KeyStoreFailure } from './failure.ts';
import { isRole, type Role } from './roles.ts';
import { isKeyStore, prepareForWriting } from './schema.ts';
import { digest, looksLikeKey, newSecret, sameDigest } from './secret.ts';

export interface KeyStoreOptions {
  readonly readOnly?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly random?: (size: number) => Buffer;
}

export interface NewKey {
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Whose request it is. */
export interface Key extends NewKey {
  readonly id: string;
  /** A token that reads feeds, and may do nothing else: whose it is, as the log names them (`key:<id>` or `admin`). */
  readonly feedOf?: string;
}

export interface ListedKey extends Key {
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

/** The only time that the key itself is seen. */
export interface MadeKey extends Key {
  readonly key: string;
  readonly createdAt: string;
}

interface Known {
  readonly hash: Buffer;
  readonly key: Key;
}

const LONGEST_NAME = 100;
const FEED_NAME = 'feed';
const BUSY_TIMEOUT_MS = 2000;

/** Access keys in one SQLite file, shared by a running server and the command line. */
export class KeyStore {
  readonly #file: string;
  readonly #db: DatabaseSync;
  readonly #now: () => number;
  readonly #random: (size: number) => Buffer;
  readonly #version: StatementSync;
  /** The live keys by hash, as of `#seen`. */
  #live: ReadonlyMap<string, Known> | undefined;
  /** Their ids. */
  #ids: ReadonlySet<string> = new Set();
  #seen: SQLOutputValue | undefined;

  private constructor(file: string, db: DatabaseSync, options: KeyStoreOptions) {
    this.#file = file;
    this.#db = db;
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? randomBytes;
    this.#version = db.prepare('PRAGMA data_version');
    this.#version.setReturnArrays(true);
  }

  /** Made when missing, unless read only. @throws KeyStoreFailure */
  static open(file: string, options: KeyStoreOptions = {}): KeyStore {
    const readOnly = options.readOnly ?? false;
    let db: DatabaseSync | undefined;
    try {
      if (!readOnly) makeFile(file);
      else if (!existsSync(file)) throw new KeyStoreFailure(`There are no keys: ${file} does not exist.`);
      db = new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT_MS });
      if (!readOnly) prepareForWriting(db, file);
      else if (!isKeyStore(db, file)) throw new KeyStoreFailure(`There are no keys: ${file} is empty.`);
      return new KeyStore(file, db, options);
    } catch (error) {
      db?.close();
      throw failure(error, file);
    }
  }

  /** @throws TypeError for a name or roles that no key can have. */
  create({ name, roles }: NewKey): MadeKey {
    const given = [...new Set(roles)];
    if (given.length === 0 || !given.every(isRole)) throw new TypeError('A key has at least one of the known roles.');
    if (!isName(name)) throw new TypeError(`A key is named by plain text of at most ${LONGEST_NAME} characters.`);
    return this.#insert({ name, roles: given });
  }

  /** A token for feeds. It lives no longer than the key whose it is. */
  createFeed(feedOf: string): MadeKey {
    return this.#insert({ name: FEED_NAME, roles: [], feedOf });
  }

  /** Every key there ever was, the oldest first. */
  list(): readonly ListedKey[] {
    const rows = this.#rows('SELECT * FROM keys ORDER BY created_at, id');
    return rows.map((row) =>
      Object.assign(keyOf(row), {
        createdAt: iso(Number(row['created_at'])),
        revokedAt: row['revoked_at'] === null ? null : iso(Number(row['revoked_at'])),
      }),
    );
  }

  /** Whether there was such a live key. From the next request on, it is no key any more. */
  revoke(id: string): boolean {
    const { changes } = this.#use(() =>
      this.#db.prepare('UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL').run(this.#now(), id),
    );
    this.#live = undefined;
    return changes > 0;
  }

  /** Whose key this is, if it is one now; 3 µs (measured). */
  find(key: string): Key | undefined {
    if (!looksLikeKey(key)) return undefined;
    const hash = digest(key);
    // Which bucket is looked into depends on the hash, of which nobody who tries keys can choose a part.
    const known = this.#use(() => this.#current()).get(hash.toString('latin1'));
    return known && sameDigest(known.hash, hash) ? known.key : undefined;
  }

  /** Whether the key of this id is one now. */
  isLive(id: string): boolean {
    this.#use(() => this.#current());
    return this.#ids.has(id);
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  /** What others commit changes `data_version` (sqlite.org/pragma.html#pragma_data_version); our own writes do not. */
  #current(): ReadonlyMap<string, Known> {
    const version = this.#version.get()?.[0];
    if (this.#live && version === this.#seen) return this.#live;
    const rows = this.#db.prepare('SELECT * FROM keys WHERE revoked_at IS NULL').all();
    const ids = new Set(rows.map((row) => `key:${String(row['id'])}`));
    const live = new Map<string, Known>();
    for (const row of rows) {
      const [hash, key] = [bytes(row['hash']), keyOf(row)];
      const orphaned = key.feedOf?.startsWith('key:') === true && !ids.has(key.feedOf);
      if (!orphaned) live.set(hash.toString('latin1'), { hash, key });
    }
    this.#live = live;
    this.#ids = new Set([...live.values()].map(({ key }) => key.id));
    this.#seen = version;
    return live;
  }

  #insert({ name, roles, feedOf }: Omit<Key, 'id'>): MadeKey {
    const createdAt = this.#now();
    const key = newSecret(this.#random);
    const id = uuidv7(createdAt);
    this.#use(() =>
      this.#db
        .prepare('INSERT INTO keys (id, name, roles, hash, created_at, feed_of) VALUES (?, ?, ?, ?, ?, ?)')
        .run(id, name, roles.join(','), digest(key), createdAt, feedOf ?? null),
    );
    this.#live = undefined;
    return { id, key, name, roles, createdAt: iso(createdAt), ...(feedOf !== undefined && { feedOf }) };
  }

  #rows(sql: string): Record<string, SQLOutputValue>[] {
    return this.#use(() => this.#db.prepare(sql).all());
  }

  #use<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw failure(error, this.#file);
    }
  }
}

/** Readable by its owner alone; SQLite gives the files beside it the same mode. */
function makeFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

function keyOf(row: Record<string, SQLOutputValue>): Key {
  const { id, name, roles, feed_of: feedOf } = row;
  return {
    id: String(id),
    name: String(name),
    roles: String(roles).split(',').filter(isRole),
    ...(typeof feedOf === 'string' && { feedOf }),
  };
}

function bytes(value: SQLOutputValue | undefined): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.alloc(0);
}

/** Names are shown on terminals, where control characters are commands. */
function isName(name: string): boolean {
  return name.trim() !== '' && name.length <= LONGEST_NAME && name.isWellFormed() && !/\p{Cc}/u.test(name);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
