import type { Database } from './database.ts';

const MOST_NAMES = 20_000;

/** Integer keys for streams: the position of a stream's first event, so that every rebuild finds the same ones. */
export class Streams {
  readonly #db: Database;
  readonly #keys = new Map<string, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The key of a stream, given to it by its first event. Inside a transaction; forget what a rollback took back. */
  key(stream: string, first: bigint): number {
    const known = this.#keys.get(stream) ?? this.#stored(stream);
    if (known !== undefined) return known;
    const key = Number(first);
    this.#db.run('INSERT INTO streams (key, name) VALUES (?, ?)', key, stream);
    this.#remember(stream, key);
    return key;
  }

  name(key: number): string {
    return String(this.#db.get('SELECT name FROM streams WHERE key = ?', key)?.['name']);
  }

  forget(): void {
    this.#keys.clear();
  }

  #stored(stream: string): number | undefined {
    const key = this.#db.get('SELECT key FROM streams WHERE name = ?', stream)?.['key'];
    if (typeof key !== 'number') return undefined;
    this.#remember(stream, key);
    return key;
  }

  #remember(stream: string, key: number): void {
    if (this.#keys.size >= MOST_NAMES) this.#keys.clear();
    this.#keys.set(stream, key);
  }
}
