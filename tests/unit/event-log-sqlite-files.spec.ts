import { copyFile, open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogLocked, LogReadOnly, LogUnavailable, LogUnusable, type RecordedEvent } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { anEvent, events } from '../support/event-log.ts';
import { aDirectory } from '../support/event-log-files.ts';

describe('the file behind the SQLite log', () => {
  let directory: Awaited<ReturnType<typeof aDirectory>>;
  let file: string;
  beforeEach(async () => {
    directory = await aDirectory();
    file = join(directory.path, 'events.log');
  });
  afterEach(() => directory.remove());

  async function aLog(count: number): Promise<RecordedEvent[]> {
    const log = await SqliteEventLog.open({ file });
    if (count > 0) await log.append('matter-a', 'no-stream', events(count, { text: 'x'.repeat(500) }));
    const all = await Array.fromAsync(log.readAll());
    await log.close();
    return all;
  }

  function change(sql: string): void {
    const db = new DatabaseSync(file);
    db.exec(sql);
    db.close();
  }

  async function refusal(): Promise<string> {
    const refused = SqliteEventLog.open({ file });
    await expect(refused).rejects.toThrow(LogUnusable);
    await expect(SqliteEventLog.open({ file, readOnly: true })).rejects.toThrow(LogUnusable);
    return refused.then(
      () => '',
      (error: Error) => error.message,
    );
  }

  it('is refused when it is no database', async () => {
    await writeFile(file, 'Dear diary,\n'.repeat(500));
    expect(await refusal()).toBe(`${file} is not an event log: it is not an SQLite database.`);
    expect(await readFile(file, 'utf8')).toBe('Dear diary,\n'.repeat(500));
    await writeFile(file, 'hi');
    expect(await refusal()).toContain('it is not an SQLite database');
  });

  it("is refused, and left as it was, when it is another application's database", async () => {
    for (const sql of ['CREATE TABLE t (x)', 'PRAGMA application_id = 7', 'PRAGMA user_version = 2']) {
      file = join(directory.path, `${sql.length}.db`);
      change(sql);
      const before = await readFile(file);
      expect(await refusal()).toBe(`${file} is not an event log: it is the database of another application.`);
      expect(await readFile(file)).toEqual(before);
    }
  });

  it('is refused when a newer version wrote it', async () => {
    await aLog(1);
    change('PRAGMA user_version = 99');
    expect(await refusal()).toBe(`${file} was written by a newer version (schema 99, known 2).`);
  });

  it('is refused when pages in its middle were overwritten', async () => {
    await aLog(300);
    const { size } = await stat(file);
    const handle = await open(file, 'r+');
    const page = Math.floor(size / 2 / 4096) * 4096;
    const bytes = Buffer.alloc(4096);
    await handle.read(bytes, 0, 4096, page);
    await handle.write(
      bytes.map((byte) => byte ^ 0xff),
      0,
      4096,
      page,
    );
    await handle.close();
    expect(await refusal()).toMatch(new RegExp(`^${file} is damaged`));
    const unchecked = await SqliteEventLog.open({ file, check: 'none' });
    await expect(Array.fromAsync(unchecked.readAll())).rejects.toThrow(LogUnusable);
    await unchecked.close();
  });

  it('is refused when it was cut short', async () => {
    await aLog(300);
    const handle = await open(file, 'r+');
    await handle.truncate(100 * 1024);
    await handle.close();
    expect(await refusal()).toContain(file);
  });

  it('says where the damage is when an event is not JSON any more', async () => {
    await aLog(3);
    change(`DROP TRIGGER events_are_never_changed; UPDATE events SET data = '{' WHERE position = 2`);
    const log = await SqliteEventLog.open({ file });
    await expect(Array.fromAsync(log.readAll())).rejects.toThrow('the event at position 2 is not JSON');
    await log.close();
  });

  it('cannot be edited, not even with an SQL shell', async () => {
    const all = await aLog(3);
    expect(() => change(`UPDATE events SET data = '{}'`)).toThrow('an event log is never edited');
    expect(() => change('DELETE FROM events WHERE position = 3')).toThrow('an event log is never edited');
    expect(await aLog(0)).toEqual(all);
  });

  it('numbers positions from 1 without gaps', async () => {
    const all = await aLog(20);
    expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => BigInt(index + 1)));
  });

  it('is brought forward from version 1 with every event in it', async () => {
    const made = writeVersionOne(file);
    const reader = await SqliteEventLog.open({ file, readOnly: true });
    expect(await Array.fromAsync(reader.readAll())).toEqual(made);
    await reader.close();
    const log = await SqliteEventLog.open({ file, check: 'full' });
    expect(await Array.fromAsync(log.readAll())).toEqual(made);
    expect(await Array.fromAsync(log.read('matter-b'))).toEqual([made[1]]);
    // A retry of what version 1 recorded is still recognised, and the log goes on where it was.
    const [retry = anEvent()] = made.map(({ id, type, schema, data, meta }) => ({ id, type, schema, data, meta }));
    expect(await log.append('matter-a', 'no-stream', [retry])).toMatchObject({
      position: 1n,
      repeated: true,
    });
    expect(await log.append('matter-b', { revision: 0 }, events(1))).toMatchObject({ revision: 1, position: 4n });
    await log.close();
    expect(() => change('DELETE FROM events')).toThrow('an event log is never edited');
    const db = new DatabaseSync(file);
    expect(db.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 2 });
    db.close();
  });

  it('is not made by a reader, nor usable before a writer made it', async () => {
    await expect(SqliteEventLog.open({ file, readOnly: true })).rejects.toThrow(LogUnavailable);
    await expect(stat(file)).rejects.toThrow('ENOENT');
    await writeFile(file, '');
    await expect(SqliteEventLog.open({ file, readOnly: true })).rejects.toThrow(LogUnavailable);
    await expect(SqliteEventLog.open({ file: join(directory.path, 'none', 'x.log') })).rejects.toThrow(LogUnavailable);
  });

  it('is locked against a second writer in the same process too, under any name, and free after close', async () => {
    const log = await SqliteEventLog.open({ file });
    const alias = join(directory.path, '..', directory.path.split('/').at(-1) ?? '', 'events.log');
    await expect(SqliteEventLog.open({ file: alias, busyTimeoutMs: 0 })).rejects.toThrow(LogLocked);
    await expect(SqliteEventLog.open({ file, busyTimeoutMs: 0 })).rejects.toThrow(`process ${process.pid} `);
    await log.close();
    await (await SqliteEventLog.open({ file, busyTimeoutMs: 0 })).close();
  });

  it('is a single file once closed, that can be copied and opened elsewhere', async () => {
    const all = await aLog(10);
    const copy = join(directory.path, 'copy.log');
    await copyFile(file, copy);
    const reader = await SqliteEventLog.open({ file: copy, readOnly: true });
    expect(await Array.fromAsync(reader.readAll())).toEqual(all);
    await expect(reader.append('matter-a', 'no-stream', events(1))).rejects.toThrow(LogReadOnly);
    await reader.close();
  });
});

/** A log as version 1 made it, by its own DDL. */
function writeVersionOne(file: string): RecordedEvent[] {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE events (
      position INTEGER PRIMARY KEY, stream INTEGER NOT NULL REFERENCES streams (id), revision INTEGER NOT NULL,
      id BLOB NOT NULL UNIQUE CHECK (length(id) = 16), type TEXT NOT NULL, schema INTEGER NOT NULL,
      recorded_at INTEGER NOT NULL, expected INTEGER, data TEXT NOT NULL, meta TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
    PRAGMA application_id = 1231971939; PRAGMA user_version = 1;
    INSERT INTO streams VALUES (1, 'matter-a'), (2, 'matter-b');`);
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const rows = [
    { stream: 1, revision: 0, expected: -1 },
    { stream: 2, revision: 0, expected: -1 },
    { stream: 1, revision: 1, expected: 0 },
  ];
  const made = rows.map(({ stream, revision, expected }, index) => {
    const id = `01890f2e-0000-7000-8000-00000000000${index}`;
    const at = Date.UTC(2024, 3, 24, 12, index);
    const key = Buffer.from(id.replaceAll('-', ''), 'hex');
    insert.run(index + 1, stream, revision, key, 'Enacted', 1, at, expected, `{"n":${index}}`, 'null');
    return {
      id,
      type: 'Enacted',
      schema: 1,
      data: { n: index },
      meta: null,
      stream: stream === 1 ? 'matter-a' : 'matter-b',
      revision,
      position: BigInt(index + 1),
      recordedAt: new Date(at).toISOString(),
    };
  });
  db.close();
  return made;
}
