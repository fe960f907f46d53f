import type { MatterLogged } from '#libs/matter';
import type { Database } from '../store/database.ts';
import type { Generation } from '../store/generations.ts';

const MOST_REMEMBERED = 20_000;

/** Matters whose derived rows lag behind the checkpoint, in the file, so that a crash forgets none. */
export class Marks {
  readonly #db: Database;
  readonly #generations: readonly Generation[];
  /** Marked for what every event changes: asked first, to spare the file. */
  readonly #remembered = new Set<number>();

  constructor(db: Database, generations: readonly Generation[]) {
    this.#db = db;
    this.#generations = generations;
  }

  /** `event` is undefined when it cannot be read: that concerns every view. */
  add(key: number, event: MatterLogged | undefined): void {
    const changes = !event || event.type === 'EntryCorrected' || event.type === 'EntryRetracted';
    if (!changes && this.#remembered.has(key)) return;
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.add(key);
    for (const { id, projection } of this.#generations) {
      if (changes || projection.settles === 'always') {
        this.#db.run('INSERT OR IGNORE INTO dirty (generation, key) VALUES (?, ?)', id, key);
      }
    }
  }

  next(limit: number): number[] {
    return this.#db
      .all(`SELECT DISTINCT key FROM dirty WHERE generation IN (${this.#ids}) ORDER BY key LIMIT ?`, limit)
      .map(({ key }) => Number(key));
  }

  count(): number {
    const row = this.#db.get(`SELECT count(DISTINCT key) AS n FROM dirty WHERE generation IN (${this.#ids})`);
    return Number(row?.['n']);
  }

  /** Those up to a key are settled. */
  clear(key: number): void {
    for (const { id } of this.#generations) {
      this.#db.run('DELETE FROM dirty WHERE generation = ? AND key <= ?', id, key);
    }
  }

  forget(): void {
    this.#remembered.clear();
  }

  get #ids(): string {
    return this.#generations.map(({ id }) => id).join(', ');
  }
}
