import { setImmediate as nextTurn } from 'node:timers/promises';
import { dateInZone } from '#libs/calendar';
import { type Answers, answersOn, derive } from '../derive/derive.ts';
import { MATTER_STREAMS } from '#libs/matter';
import type { Shared } from '../follow/lane.ts';
import { deadlineRows } from '../projections/deadlines.ts';
import { NEVER, startMs } from '../projections/matters.ts';

/** Matters worked out before others get their turn. */
const BATCH = 32;

/**
 * Interprets again those matters whose time has come, and no others (MODEL §8). It runs before a list is read, never by
 * a timer, and ends only when every row holds at `ms`: the read that follows must not wait for anything in between.
 */
export async function refresh(shared: Shared, ms: number): Promise<void> {
  for (;;) {
    const keys = shared.now.come(ms, BATCH);
    if (keys.length === 0) return;
    for (const key of keys) await one(shared, key, ms);
    await nextTurn();
  }
}

async function one({ db, tables, histories, now }: Shared, key: number, ms: number): Promise<void> {
  const row = db.get(`SELECT id, revision FROM ${tables.matters} WHERE key = ?`, key);
  const revision = Number(row?.['revision'] ?? -1);
  const history = row && (await histories.read(`${MATTER_STREAMS}${String(row['id'])}`, { revision }));
  const derived = history && derive(history);
  const present = db.get(`SELECT revision FROM ${tables.matters} WHERE key = ?`, key)?.['revision'];
  // Something was recorded meanwhile: its rows are new, and it is looked at again.
  if (row && present !== revision) return;
  if (!derived?.record) {
    db.run('DELETE FROM now_spans WHERE key = ?', key);
    return;
  }
  const { matter } = derived.record;
  const day = dateInZone(ms, matter.timeZone);
  const { asOf, answers, entries } = derived;
  const stored = asOf <= day && (answers.flipsOn === null || day < answers.flipsOn);
  db.transaction(() => {
    now.forget(key, tables.matters);
    if (stored) return;
    const then = answersOn(day, matter, entries);
    put(db, key, then, deadlineRows(matter.parties, then.deadlines));
    const until = then.flipsOn === null ? NEVER : startMs(then.flipsOn, matter.timeZone);
    db.run('INSERT OR REPLACE INTO now_spans VALUES (?, ?, ?)', key, startMs(day, matter.timeZone), until);
  });
}

function put(db: Shared['db'], key: number, { headline }: Answers, rows: ReturnType<typeof deadlineRows>): void {
  db.run('INSERT INTO now_matters VALUES (?, ?, ?)', key, headline.code, JSON.stringify(headline));
  for (const row of rows) db.run('INSERT OR REPLACE INTO now_deadlines VALUES (?, ?, ?, ?, ?, ?)', key, ...row);
}
