import type { Shared } from '../follow/lane.ts';
import type { Clocks } from './clocks.ts';

/** `knownAt` where none was given: when the newest event of any matter was recorded. */
export function newest({ db, tables }: Shared, { knownAt }: Clocks): Pick<Clocks, 'knownAt'> {
  if (knownAt !== undefined) return { knownAt };
  const ms = db.get(`SELECT max(recorded_at) AS ms FROM ${tables.matters}`)?.['ms'];
  return typeof ms === 'number' ? { knownAt: new Date(ms).toISOString() } : {};
}
