import type { Party } from '#libs/matter';
import type { Database } from '../store/database.ts';
import type { Projection, Writer } from './projection.ts';

/** Which matters have which parties. */
export const parties: Projection = {
  name: 'parties',
  version: 1,
  shapedSince: 1,
  settles: 'never',
  create: (t) => `CREATE TABLE ${t} (
    key INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT, member_of TEXT NOT NULL,
    PRIMARY KEY (key, id)
  ) STRICT, WITHOUT ROWID;`,
  indexes: (t) => `CREATE INDEX ${t}_by_id ON ${t} (id, key);`,
  drop: (t) => `DROP TABLE ${t};`,
  rows: (t) => [`SELECT * FROM ${t} ORDER BY key, id`],
  writer: (db, t) => new PartiesWriter(db, t),
};

class PartiesWriter implements Writer {
  readonly #db: Database;
  readonly #put: string;

  constructor(db: Database, t: string) {
    this.#db = db;
    this.#put = `INSERT OR REPLACE INTO ${t} VALUES (?, ?, ?, ?, ?)`;
  }

  take(key: number, event: Parameters<Writer['take']>[1]): void {
    if (event.type === 'MatterOpened') for (const party of event.data.parties) this.#add(key, party);
    else if (event.type === 'PartyAdded') this.#add(key, event.data);
  }

  settle(): void {}

  #add(key: number, { id, name, kind, memberOf = [] }: Party): void {
    this.#db.sql(this.#put).run(key, id, name, kind ?? null, JSON.stringify(memberOf));
  }
}
