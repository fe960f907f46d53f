import { createHash } from 'node:crypto';
import type { Generation } from './generations.ts';
import type { Database } from './database.ts';

/** What of a generation its rows depend on. */
export type Digested = Pick<Generation, 'id' | 'view' | 'version' | 'projection' | 'table'>;

/** SHA-256 over every row of the views in a defined order, and over what is in quarantine. */
export function digestOf(db: Pick<Database, 'fresh'>, generations: readonly Digested[]): string {
  const hash = createHash('sha256');
  for (const { id, view, version, projection, table } of generations.toSorted((a, b) => (a.view < b.view ? -1 : 1))) {
    hash.update(`${view} ${version}\n`);
    const quarantined = `SELECT key, position, event_id, reason FROM quarantine WHERE generation = ${id} ORDER BY key, position`;
    for (const rows of [...projection.rows(table), quarantined]) {
      const statement = db.fresh(rows);
      statement.setReturnArrays(true);
      for (const row of statement.iterate()) hash.update(`${JSON.stringify(row)}\n`);
      hash.update('\n');
    }
  }
  return hash.digest('hex');
}
