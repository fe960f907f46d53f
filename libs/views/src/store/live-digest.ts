import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { projections } from '../projections/index.ts';
import { isViewName } from '../projections/projection.ts';
import { ViewsUnusable } from './database.ts';
import { type Digested, digestOf } from './digest.ts';

/** The rows that answer, and up to where of the log they are. */
export interface LiveDigest {
  readonly digest: string;
  readonly position: bigint;
}

/**
 * The digest of views that somebody else may be serving just now; nothing is written. In words, why there is none: the
 * views are being built, or are another version's.
 * @throws ViewsUnusable when they are damaged
 */
export function liveDigest(file: string): LiveDigest | string {
  if (!existsSync(file)) return 'there are no views';
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    db.exec('BEGIN');
    return digestWithin(db);
  } catch (error) {
    return withoutDigest(error, file);
  } finally {
    db.close();
  }
}

/** Why there is none, as far as SQLite says it of the file. */
function withoutDigest(error: unknown, file: string): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (/no such (?:table|column)/.test(reason)) return 'the views are those of another version';
  if (!/malformed|not a database|corrupt/.test(reason)) throw error;
  throw new ViewsUnusable(`${file} is damaged: ${reason}.`, { cause: error });
}

function digestWithin(db: DatabaseSync): LiveDigest | string {
  const rows = db.prepare('SELECT id, view, version, built, position FROM generations WHERE active = 1').all();
  const generations = rows.flatMap(({ id, view, version }): Digested[] => {
    if (!isViewName(view)) return [];
    return [
      { id: Number(id), view, version: Number(version), projection: projections[view], table: `${view}_${Number(id)}` },
    ];
  });
  const current = generations.every(({ view, version }) => projections[view].version === version);
  if (!current || generations.length !== Object.keys(projections).length)
    return 'the views are those of another version';
  const positions = new Set(rows.map(({ position }) => Number(position)));
  const unsettled = db.prepare('SELECT 1 FROM dirty LIMIT 1').get() !== undefined;
  if (positions.size !== 1 || unsettled || rows.some(({ built }) => built !== 1)) return 'the views are being built';
  const digest = digestOf({ fresh: (sql) => db.prepare(sql) }, generations);
  return { digest, position: BigInt([...positions][0] ?? 0) };
}
