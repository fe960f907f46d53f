import type { Derived } from '../derive/derive.ts';
import type { MatterLogged } from '#libs/matter';
import type { Database } from '../store/database.ts';

export const viewNames = ['matters', 'parties', 'entries', 'deadlines', 'search'] as const;
export type ViewName = (typeof viewNames)[number];

export function isViewName(name: unknown): name is ViewName {
  return viewNames.some((known) => known === name);
}

/** Puts what is known into one generation of a view's tables. Runs inside a transaction of the caller's. */
export interface Writer {
  /** What one event says by itself. `key` is its matter's. */
  take(key: number, event: MatterLogged): void;
  /** What the whole matter says; `since` is the first revision that may be news. */
  settle(key: number, derived: Derived, since: number): void;
}

/** One read model: its own tables, its own checkpoint, its own version. */
export interface Projection {
  readonly name: ViewName;
  /** Raised when the rows would come out otherwise: the tables are then built again beside the old ones. */
  readonly version: number;
  /** The oldest version with tables of today's shape: those go on answering meanwhile, older ones are dropped. */
  readonly shapedSince: number;
  /** When `settle` has something to say: after every event, after corrections and retractions, or never. */
  readonly settles: 'always' | 'after-changes' | 'never';
  /** `t` is the name of the generation's main table, and the beginning of the others' names. */
  readonly create: (t: string) => string;
  /** Left for the end of a build: sorting once costs less than inserting in the middle a million times. */
  readonly indexes: (t: string) => string;
  readonly drop: (t: string) => string;
  /** Every row in a defined order. */
  readonly rows: (t: string) => readonly string[];
  readonly writer: (db: Database, t: string) => Writer;
}
