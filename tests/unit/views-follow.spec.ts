import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LogUnavailable, MemoryEventLog, type EventLog, type FollowMessage, type RecordedEvent } from '#libs/event-log';
import { type ReportLine, Views, ViewsUnusable } from '#libs/views';
import { aDirectory } from '../support/event-log-files.ts';
import {
  ban,
  caughtUp,
  DelegatingLog,
  entry,
  following,
  NOON,
  opened,
  pause,
  record,
  recorded,
} from '../support/views.ts';

let directory: Awaited<ReturnType<typeof aDirectory>>;
let file: string;
let log: MemoryEventLog;
beforeEach(async () => {
  directory = await aDirectory();
  file = join(directory.path, 'views.db');
  log = new MemoryEventLog({ now: () => NOON });
});
afterEach(() => directory.remove());

async function digestOfFresh(): Promise<string> {
  const { views } = await following(log);
  const digest = views.digest();
  await views.stop();
  return digest;
}

/** Makes every transaction that stores this entry fail half-way. */
function trap(id: string | null): void {
  const db = new DatabaseSync(file);
  const [{ name } = { name: '' }] = db.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'entries_%'").all();
  db.exec('DROP TRIGGER IF EXISTS trap');
  if (id !== null) {
    db.exec(`CREATE TRIGGER trap AFTER INSERT ON ${String(name)} WHEN new.id = '${id}'
      BEGIN SELECT RAISE(ABORT, 'the power went'); END`);
  }
  db.close();
}
function stored(): { entries: number; checkpoints: unknown[] } {
  const db = new DatabaseSync(file);
  const [{ name } = { name: '' }] = db.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'entries_%'").all();
  const entries = Number(db.prepare(`SELECT count(*) AS n FROM ${String(name)}`).get()?.['n']);
  const checkpoints = db
    .prepare('SELECT DISTINCT position FROM generations')
    .all()
    .map((row) => row['position']);
  db.close();
  return { entries, checkpoints };
}

describe('following', () => {
  it('waits for a position until it is reached, the time is over, or the caller gives up', async () => {
    const { views } = await following(log);
    const waited = views.waitFor(2n, 5000);
    await record(log, 'a', opened('a'), ban());
    expect(await waited).toBe('reached');
    expect(await views.waitFor(3n, 1)).toBe('timed-out');
    expect(await views.waitFor(3n, 5000, AbortSignal.abort())).toBe('stopped');
    const last = views.waitFor(3n, 5000);
    await views.stop();
    expect(await last).toBe('stopped');
    expect(await views.waitFor(3n, 5000)).toBe('stopped');
  });

  it('hands over each event once, in order, when its rows and checkpoint are there', async () => {
    await record(log, 'a', opened('a'));
    const { views } = await following(log);
    const heard: bigint[] = [];
    const listed: Promise<number>[] = [];
    views.onApplied((events) => {
      heard.push(...events.map(({ position }) => position));
      expect(views.state.position).toBeGreaterThanOrEqual(events.at(-1)?.position ?? 0n);
      listed.push(views.matters({ limit: 9 }).then(({ items }) => items[0]?.revision ?? -1));
    });
    await record(log, 'a', ban());
    await caughtUp(views, log);
    await record(log, 'a', entry('x', '2024-05-01'), entry('y', '2024-05-01'));
    await log.append('watch-1', 'no-stream', [recorded('WatchCreated', {})]);
    await caughtUp(views, log);
    expect(heard).toEqual([2n, 3n, 4n]);
    expect(await Promise.all(listed)).toEqual([1, 3]);
    await views.stop();
  });

  it('goes on when a listener throws, and stops telling whoever left', async () => {
    const { views, lines } = await following(log);
    const heard: RecordedEvent[] = [];
    views.onApplied(() => {
      throw new Error('deaf');
    });
    const leave = views.onApplied((events) => heard.push(...events));
    await views.waitFor(await record(log, 'a', opened('a')), 1000);
    leave();
    await views.waitFor(await record(log, 'a', ban()), 1000);
    expect(heard).toHaveLength(1);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(2);
    await views.stop();
  });

  it('says how far it is behind', async () => {
    await record(log, 'a', opened('a'), ban());
    const views = Views.open({ file, log, now: () => NOON + 5000 });
    expect(views.state).toMatchObject({ position: 0n, caughtUp: false });
    views.start();
    await caughtUp(views, log);
    expect(views.state).toEqual({
      position: 2n,
      head: 2n,
      behind: 0,
      ageMs: 0,
      caughtUp: true,
      rebuilding: null,
      quarantined: [],
      error: null,
      reconnecting: null,
      incident: null,
    });
    await views.stop();
    expect(views.state).toMatchObject({ position: 2n, caughtUp: false });
  });

  it('resumes where it stopped', async () => {
    await record(log, 'a', opened('a'), ban());
    const first = await following(log, { file });
    await first.views.stop();
    await record(log, 'a', pause('promise', '2024-05-01', '2024-06-20'));
    const heard: RecordedEvent[] = [];
    const views = Views.open({ file, log, now: () => NOON });
    views.onApplied((events) => heard.push(...events));
    expect(views.state.position).toBe(2n);
    views.start();
    await caughtUp(views, log);
    expect(heard.map(({ position }) => position)).toEqual([3n]);
    expect(views.digest()).toBe(await digestOfFresh());
    await views.stop();
  });

  it('takes in a burst of any size the same way', async () => {
    const { views } = await following(log, { pageSize: 3 });
    await record(log, 'a', opened('a'), ban(), ...Array.from({ length: 600 }, (_, n) => entry(`e${n}`, '2024-05-01')));
    await record(log, 'b', opened('b'), ban());
    await caughtUp(views, log);
    expect(views.digest()).toBe(await digestOfFresh());
    await views.stop();
  });
});

/** A store that is away now and then, cuts its followers off, and never says that there is no more. */
class PoorLog extends DelegatingLog {
  away = true;
  override async head(): Promise<bigint> {
    if (this.away) throw new LogUnavailable('The store is away.');
    return this.inner.head();
  }
  override async *follow(options: Parameters<EventLog['follow']>[0]): AsyncGenerator<FollowMessage> {
    for await (const message of this.inner.follow(options)) {
      if (message.kind !== 'event') continue;
      yield message;
      if (message.event.position % 2n === 0n) return;
      if (message.event.position % 3n === 0n) throw new LogUnavailable('The store went away.');
    }
  }
}

describe('a poor store', () => {
  it('is waited for, and followed again whenever it breaks off', async () => {
    await record(log, 'a', opened('a'), ban());
    const poor = new PoorLog(log);
    const views = Views.open({ file, log: poor, now: () => NOON });
    views.start();
    expect(await views.waitFor(1n, 20)).toBe('timed-out');
    expect(views.state).toMatchObject({ position: 0n, caughtUp: false, error: 'The store is away.' });
    poor.away = false;
    await caughtUp(views, log);
    for (const id of ['u', 'v', 'w', 'x']) await record(log, 'a', entry(id, '2024-05-01'));
    await caughtUp(views, log);
    expect(views.digest()).toBe(await digestOfFresh());
    await views.stop();
  });
});

describe('a crash', () => {
  it.each([true, false])('inside a page leaves rows and checkpoints at the page before (live: %s)', async (live) => {
    await record(log, 'a', opened('a'), ban());
    const first = await following(log, { file });
    trap('bad');
    if (!live) await first.views.stop();
    await record(log, 'a', entry('good', '2024-05-01'));
    if (live) await caughtUp(first.views, log);
    await record(log, 'a', entry('bad', '2024-05-01'), entry('after', '2024-05-01'));
    const views = live ? first.views : Views.open({ file, log, now: () => NOON, pageSize: 1 });
    if (!live) views.start();
    expect(await views.waitFor(4n, 50)).toBe('timed-out');
    expect(views.state.error).toContain('the power went');
    expect(views.state.caughtUp).toBe(false);
    expect(stored()).toEqual({ entries: 2, checkpoints: [3] });
    trap(null);
    await caughtUp(views, log);
    expect(views.state.error).toBeNull();
    expect(views.digest()).toBe(await digestOfFresh());
    await views.stop();
  });

  it('before the matters of a bulk are settled is made good at the next start', async () => {
    await record(log, 'a', opened('a'), ban());
    await record(log, 'b', opened('b'), ban());
    const views = Views.open({ file, log, now: () => NOON, pageSize: 1 });
    const db = new DatabaseSync(file);
    db.exec("CREATE TRIGGER trap BEFORE DELETE ON dirty BEGIN SELECT RAISE(ABORT, 'the power went'); END");
    views.start();
    expect(await views.waitFor(1n, 50)).toBe('timed-out');
    await views.stop();
    db.exec('DROP TRIGGER trap');
    db.close();
    const again = await following(log, { file });
    expect(again.views.digest()).toBe(await digestOfFresh());
    await again.views.stop();
  });
});

describe('the file', () => {
  it('is built again, with a warning, when the log was put back to an earlier state', async () => {
    await record(log, 'a', opened('a'), ban());
    const first = await following(log, { file });
    await first.views.stop();
    log = new MemoryEventLog({ now: () => NOON });
    await record(log, 'a', opened('a'));
    const { views, lines } = await following(log, { file });
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(views.digest()).toBe(await digestOfFresh());
    await views.stop();
  });

  it('is built again, with a warning, when the log went another way since', async () => {
    await record(log, 'a', opened('a'), ban());
    const first = await following(log, { file });
    await first.views.stop();
    log = new MemoryEventLog({ now: () => NOON });
    await record(log, 'b', opened('b'), ban(), ban('other'));
    const { views, lines } = await following(log, { file });
    expect(lines.map(({ level }) => level)).toContain('warn');
    expect((await views.matters({ limit: 9 })).items.map(({ id }) => id)).toEqual(['b']);
    await views.stop();
  });

  it('of another application is refused and left alone', async () => {
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE theirs (x)');
    db.close();
    expect(() => Views.open({ file, log, now: () => NOON })).toThrow(ViewsUnusable);
    const text = join(directory.path, 'notes.txt');
    writeFileSync(text, 'Not a database at all; it is longer than a header though. '.repeat(9));
    expect(() => Views.open({ file: text, log, now: () => NOON })).toThrow(ViewsUnusable);
  });

  it('of another format is built again, with a warning', async () => {
    await record(log, 'a', opened('a'), ban());
    const first = await following(log, { file });
    await first.views.stop();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    const lines: ReportLine[] = [];
    const { views } = await following(log, { file, report: (line) => lines.push(line) });
    expect(lines[0]?.level).toBe('warn');
    expect(lines[0]?.message).toContain('format 99');
    expect(views.digest()).toBe(await digestOfFresh());
    await views.stop();
  });

  it('is not shared by two processes', async () => {
    await record(log, 'a', opened('a'));
    const first = await following(log, { file });
    const second = await following(log, { file });
    await record(log, 'a', ban());
    await Promise.all([first.views.waitFor(2n, 200), second.views.waitFor(2n, 200)]);
    const errors = [first.views.state.error, second.views.state.error].filter((error) => error !== null);
    expect(errors).toEqual([expect.stringContaining('one process writes')]);
    await first.views.stop();
    await second.views.stop();
  });
});
