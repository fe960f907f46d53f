import { type Deadline, type Party, Roster } from '#libs/matter';
import type { Projection } from './projection.ts';

/** Sorts after every date: what has no due day comes last. */
export const NO_DUE = 'none';

/** A deadline as a row without its matter's key: id, due, state, kin, body. */
export type DeadlineRow = readonly [id: string, due: string, state: string, kin: string, body: string];

/** Every deadline as at the civil day of its matter's newest event. */
export const deadlines: Projection = {
  name: 'deadlines',
  version: 1,
  shapedSince: 1,
  settles: 'always',
  create: (t) => `CREATE TABLE ${t} (
    key INTEGER NOT NULL, id TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL, kin TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (key, id)
  ) STRICT, WITHOUT ROWID;`,
  indexes: (t) => `CREATE INDEX ${t}_due ON ${t} (due, key, id);`,
  drop: (t) => `DROP TABLE ${t};`,
  rows: (t) => [`SELECT * FROM ${t} ORDER BY key, id`],
  writer: (db, t) => {
    const clear = `DELETE FROM ${t} WHERE key = ?`;
    const add = `INSERT OR REPLACE INTO ${t} VALUES (?, ?, ?, ?, ?, ?)`;
    return {
      take: () => {},
      settle: (key, { record, answers }) => {
        db.sql(clear).run(key);
        if (record)
          for (const row of deadlineRows(record.matter.parties, answers.deadlines)) db.sql(add).run(key, ...row);
      },
    };
  },
};

export function deadlineRows(parties: readonly Party[], list: readonly Deadline[]): DeadlineRow[] {
  const roster = new Roster(parties);
  const kin = new Map<string, string>();
  return list.map((deadline) => {
    const named = deadline.obligated.join(' ');
    const its = kin.get(named) ?? kinOf(roster, parties, deadline.obligated);
    kin.set(named, its);
    return [deadline.id, deadline.due?.date ?? NO_DUE, deadline.state, its, JSON.stringify(deadline)];
  });
}

/** Whoever a party filter may name to find it: the obligated, the classes above them and their members below. */
function kinOf(roster: Roster, parties: readonly Party[], obligated: readonly string[]): string {
  const kin = new Set(obligated);
  for (const id of obligated) for (const above of roster.above(id)) kin.add(above);
  for (const { id } of parties) if (roster.covers(obligated, id)) kin.add(id);
  return ` ${[...kin].toSorted().join(' ')} `;
}
