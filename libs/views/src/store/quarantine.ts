import type { Problem } from '../derive/histories.ts';
import type { Quarantined } from '../state.ts';
import type { Database } from './database.ts';
import type { Generation } from './generations.ts';

const MOST_SHOWN = 1_000;

/** What views could not take in, where everybody can see it. */
export class Quarantine {
  readonly #db: Database;
  /** There may be rows: as a rule there are none, and nothing to look for. */
  #any: boolean;

  constructor(db: Database) {
    this.#db = db;
    this.#any = db.get('SELECT 1 FROM quarantine LIMIT 1') !== undefined;
  }

  /** Exactly these are the problems of a matter now. */
  put({ id }: Generation, key: number, problems: readonly Problem[]): void {
    if (this.#any) this.#db.run('DELETE FROM quarantine WHERE generation = ? AND key = ?', id, key);
    for (const { position, eventId, reason } of problems) {
      this.#any = true;
      this.#db.run('INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?)', id, key, position, eventId, reason);
    }
  }

  list(generations: readonly Generation[]): readonly Quarantined[] {
    if (!this.#any) return [];
    const views = new Map(generations.map(({ id, view }) => [id, view]));
    return this.#db
      .all(
        'SELECT generation, position, event_id, reason FROM quarantine ORDER BY position, generation LIMIT ?',
        MOST_SHOWN,
      )
      .map((row) => ({
        view: views.get(Number(row['generation'])) ?? '',
        position: String(row['position']),
        eventId: String(row['event_id']),
        reason: String(row['reason']),
      }));
  }
}
