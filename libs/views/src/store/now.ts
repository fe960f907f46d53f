import type { Database } from './database.ts';

/**
 * The overlay: what the clock alone made of matters at rest since their last event (MODEL §8). `now_spans` says from
 * when until when each matter's present rows hold, the stored ones or those here.
 */
export class Now {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Back to the stored rows of a matter, which have just been written. */
  forget(key: number, matters: string): void {
    this.#db.run('DELETE FROM now_matters WHERE key = ?', key);
    this.#db.run('DELETE FROM now_deadlines WHERE key = ?', key);
    this.#db.run(`INSERT OR REPLACE INTO now_spans SELECT key, since, until FROM ${matters} WHERE key = ?`, key);
  }

  forgetAll(matters: string): void {
    this.#db.run('DELETE FROM now_matters');
    this.#db.run('DELETE FROM now_deadlines');
    this.#db.run('DELETE FROM now_spans');
    this.#db.run(`INSERT INTO now_spans SELECT key, since, until FROM ${matters}`);
  }

  /** Matters whose present rows do not hold at `ms`: their time has come, or the clock was put back. */
  come(ms: number, limit: number): number[] {
    return this.#db
      .all(
        `SELECT key FROM now_spans WHERE until <= ? UNION ALL SELECT key FROM now_spans WHERE since > ? LIMIT ?`,
        ms,
        ms,
        limit,
      )
      .map(({ key }) => Number(key));
  }
}
