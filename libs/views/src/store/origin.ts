import type { RecordedEvent } from '#libs/event-log';
import type { Database } from './database.ts';

/** Where the log begins that the rows were made of. */
export class Origin {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  note({ position, id }: RecordedEvent): void {
    this.#db.run('INSERT OR REPLACE INTO origin VALUES (1, ?, ?)', position, id);
  }

  /** Whether this is how that log begins. A copy of it begins with the same event, as a rule at another position. */
  is({ position, id }: RecordedEvent): boolean {
    const row = this.#db.get('SELECT event_id FROM origin WHERE position = ?', position);
    return row?.['event_id'] === id;
  }
}
