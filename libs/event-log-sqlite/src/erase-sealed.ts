import type { DatabaseSync } from 'node:sqlite';
import { decodeJson, type SealedPlace, valueAt } from '#libs/event-log';
import { text, whole } from './rows.ts';
import { NEVER_CHANGED } from './schema.ts';

/**
 * The one change that is ever made to an event: the sealed part of a private value is taken away. Its salted hash stays,
 * and so does every proof. The trigger that keeps everybody else from editing is lifted within the transaction.
 */
export function eraseSealed(db: DatabaseSync, { stream, revision, pointer }: SealedPlace): boolean {
  const row = db
    .prepare(
      'SELECT position, data FROM events WHERE stream = (SELECT id FROM streams WHERE name = ?) AND revision = ?',
    )
    .get(stream, revision);
  if (!row) return false;
  const data = decodeJson(text(row['data']));
  const value = valueAt(data, pointer);
  if (typeof value !== 'object' || value === null || !('salted' in value && 'sealed' in value)) return false;
  Reflect.deleteProperty(value, 'sealed');
  // What is taken away is overwritten with zeros (sqlite.org/pragma.html#pragma_secure_delete).
  db.exec('PRAGMA secure_delete = ON; BEGIN IMMEDIATE; DROP TRIGGER events_are_never_changed');
  try {
    db.prepare('UPDATE events SET data = ? WHERE position = ?').run(JSON.stringify(data), whole(row['position']));
    db.exec(`${NEVER_CHANGED} COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return true;
}
