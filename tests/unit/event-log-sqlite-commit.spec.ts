import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { anEvent, events, ids } from '../support/event-log.ts';
import { aDirectory } from '../support/event-log-files.ts';

describe('the group commit', () => {
  let directory: Awaited<ReturnType<typeof aDirectory>>;
  let file: string;
  let log: SqliteEventLog;
  beforeEach(async () => {
    directory = await aDirectory();
    file = join(directory.path, 'events.log');
    log = await SqliteEventLog.open({ file });
  });
  afterEach(async () => {
    await log.close();
    await directory.remove();
  });

  function change(sql: string): void {
    const db = new DatabaseSync(file);
    db.exec(sql);
    db.close();
  }

  /** How often the log was committed to, as another connection sees it. */
  async function commitsDuring(work: () => Promise<unknown>): Promise<number> {
    const other = new DatabaseSync(file);
    const version = other.prepare('PRAGMA data_version');
    const seen = new Set<unknown>([version.get()?.['data_version']]);
    const watch = setInterval(() => seen.add(version.get()?.['data_version']), 0);
    await work();
    clearInterval(watch);
    seen.add(version.get()?.['data_version']);
    other.close();
    return seen.size - 1;
  }

  it('carries all that wait in one transaction', async () => {
    const many = Array.from({ length: 64 }, (_, index) => `matter-${index}`);
    const appendAll = (): Promise<unknown> => Promise.all(many.map((name) => log.append(name, 'no-stream', events(2))));
    expect(await commitsDuring(appendAll)).toBe(1);
    expect(await log.head()).toBe(128n);
  });

  it.each([
    // A deferred foreign key is looked at by COMMIT itself (sqlite.org/foreignkeys.html#fk_deferred).
    ['COMMIT', 'INSERT INTO child VALUES (99)'],
    ['an insert', `SELECT RAISE(FAIL, 'disk full')`],
    ['an insert that rolls everything back', `SELECT RAISE(ROLLBACK, 'disk full')`],
  ])('tells everyone, and appends nothing, when %s fails', async (_, statement) => {
    await log.append('matter-a', 'no-stream', events(1));
    await log.close();
    change(`CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER fails AFTER INSERT ON events WHEN new.type = 'Fatal' BEGIN ${statement}; END`);
    log = await SqliteEventLog.open({ file });
    const before = await Array.fromAsync(log.readAll());
    const group = [events(2), [anEvent({}, { type: 'Fatal' })], events(3)];
    const outcomes = await Promise.allSettled([
      ...group.map((batch, index) => log.append(`matter-${index}`, 'no-stream', batch)),
      // A refusal is not certain either before COMMIT: the neighbour it rests on may be gone.
      log.append('matter-0', 'no-stream', events(1)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: expect.any(LogUnavailable) });
    expect(await Array.fromAsync(log.readAll())).toEqual(before);
    const retried = await log.append('matter-0', 'no-stream', group[0] ?? []);
    expect(retried).toMatchObject({ repeated: false, revision: 1, position: 3n });
    const all = await Array.fromAsync(log.readAll());
    expect(ids(all)).toEqual(ids([...before, ...(group[0] ?? [])]));
  });
});
