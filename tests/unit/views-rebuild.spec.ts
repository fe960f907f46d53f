import { join } from 'node:path';
import { MemoryEventLog, type NewEvent, type ReadAllOptions, type RecordedEvent } from '#libs/event-log';
import { Views, type ReportLine } from '#libs/views';
import { aDirectory } from '../support/event-log-files.ts';
import {
  ban,
  caughtUp,
  correction,
  DelegatingLog,
  duty,
  entry,
  following,
  NOON,
  opened,
  pause,
  record,
  recorded,
  retraction,
} from '../support/views.ts';

/** A log that can be held up while it is read from its beginning. */
class SlowLog extends DelegatingLog {
  readonly gate = Promise.withResolvers<void>();
  closed = false;
  override async *readAll(options?: ReadAllOptions): AsyncGenerator<RecordedEvent> {
    for await (const event of this.inner.readAll(options)) {
      yield event;
      if (this.closed && (options?.after ?? 0n) === 0n) await this.gate.promise;
    }
  }
}

let directory: Awaited<ReturnType<typeof aDirectory>>;
let file: string;
let log: MemoryEventLog;
beforeEach(async () => {
  directory = await aDirectory();
  file = join(directory.path, 'views.db');
  let ms = NOON;
  log = new MemoryEventLog({ now: () => (ms += 3_600_000) });
});
afterEach(() => directory.remove());

async function aSaga(): Promise<void> {
  await record(log, 'a', opened('a'), ban());
  await record(log, 'b', opened('b'), ban(), duty('file', '2024-07-01'));
  await record(log, 'a', pause('promise', '2024-05-01', '2024-06-20'), entry('memo', '2024-05-01'));
  await record(log, 'b', correction('sets-file', { title: 'Corrected' }), entry('gone', '2024-05-02'));
  await record(log, 'a', recorded('PartyAdded', { id: 'amazon', name: 'Amazon', memberOf: ['app-stores'] }));
  await record(log, 'b', retraction('gone'));
}

async function digest(options: Parameters<typeof following>[1] = {}): Promise<string> {
  const { views } = await following(log, options);
  const found = views.digest();
  await views.stop();
  return found;
}

describe('a rebuild', () => {
  it('gives the same bytes on another day and in pages of another size', async () => {
    await aSaga();
    const first = await digest();
    expect(await digest()).toBe(first);
    expect(await digest({ pageSize: 1, now: () => NOON + 400 * 86_400_000 })).toBe(first);
    expect(await digest({ pageSize: 3, now: () => 0 })).toBe(first);
  });

  it('gives the same bytes as having followed along', async () => {
    const { views } = await following(log);
    await aSaga();
    await caughtUp(views, log);
    await views.matters({ limit: 5 });
    expect(await digest()).toBe(views.digest());
    await views.stop();
  });

  it('of a raised version goes on beside the old tables, which answer meanwhile and keep up', async () => {
    await aSaga();
    const first = await following(log, { file });
    await first.views.stop();
    const slow = new SlowLog(log);
    slow.closed = true;
    const lines: ReportLine[] = [];
    const views = Views.open({
      file,
      log: slow,
      now: () => NOON,
      pageSize: 1,
      report: (line) => lines.push(line),
      versions: { matters: 2, search: 2 },
    });
    views.start();
    await caughtUp(views, log);
    expect((await views.matters({ limit: 9 })).items.map(({ id }) => id)).toEqual(['a', 'b']);
    expect((await views.search({ q: 'memo', limit: 9 })).items).toHaveLength(1);
    await views.waitFor(await record(log, 'a', entry('news', '2024-05-03', { title: 'News' })), 1000);
    expect((await views.search({ q: 'news', limit: 9 })).items).toHaveLength(1);
    expect(views.state).toMatchObject({ caughtUp: true, rebuilding: { view: 'matters, search' } });
    const old = views.digest();
    slow.gate.resolve();
    while (views.state.rebuilding || !lines.some(({ message }) => message.includes('search: version 2'))) {
      await new Promise(setImmediate);
    }
    expect((await views.search({ q: 'news', limit: 9 })).items).toHaveLength(1);
    expect(views.digest()).not.toBe(old);
    expect(views.digest()).toBe(await digest({ versions: { matters: 2, search: 2 } }));
    await views.waitFor(await record(log, 'a', entry('late', '2024-05-04', { title: 'Latest' })), 1000);
    expect((await views.search({ q: 'latest', limit: 9 })).items).toHaveLength(1);
    await views.stop();
  });

  it('that was interrupted goes on where it was', async () => {
    await aSaga();
    const first = await following(log, { file });
    await first.views.stop();
    const slow = new SlowLog(log);
    slow.closed = true;
    const versions = { matters: 2, entries: 2, deadlines: 2 };
    const views = Views.open({ file, log: slow, now: () => NOON, pageSize: 1, versions });
    views.start();
    while ((views.state.rebuilding?.done ?? 0) === 0) await new Promise(setImmediate);
    const stopped = views.stop();
    slow.gate.resolve();
    await stopped;
    const again = await following(log, { file, versions });
    while (again.views.state.rebuilding) await new Promise(setImmediate);
    expect(again.views.digest()).toBe(await digest({ versions }));
    expect(again.lines.map(({ message }) => message)).toContainEqual(expect.stringContaining('version 2 answers'));
    await again.views.stop();
  });
});

describe('an event that cannot be taken in', () => {
  const nonsense: readonly [string, NewEvent, string][] = [
    ['of an unknown type', recorded('Surprise', {}), 'Surprise cannot be read: Surprise is not a type known here'],
    ['without its fields', recorded('NoticeIssued', { id: 'x' }), 'NoticeIssued cannot be read: title is not text'],
    ['with an unknown effect', entry('x', '2024-05-01', { effects: [{ kind: 'abolishes' }] }), 'not a kind of effect'],
    ['that cannot be interpreted', pause('x', 'soon', 'later'), 'cannot be read: occurredOn'],
    ['with a date that is none', duty('x', '2024-13-01'), 'ExecutiveActIssued: '],
    ['that is not even an object', recorded('PartyAdded', {}), 'PartyAdded cannot be read: id is not text'],
  ];

  it.each(nonsense)('%s is put in quarantine, its matter is marked, and the rest goes on', async (_, event, reason) => {
    await record(log, 'a', opened('a'), ban());
    await record(log, 'b', opened('b'), ban());
    const { views } = await following(log, { file });
    const position = await record(log, 'a', event);
    await record(log, 'b', pause('promise', '2024-05-01', '2024-06-20'));
    await record(log, 'a', entry('memo', '2024-05-01'));
    await caughtUp(views, log);
    const { items } = await views.matters({ limit: 9 });
    expect(items[0]?.stale).toContain(reason);
    expect(items[1]).toMatchObject({ headline: { code: 'enforcement-paused' } });
    expect(items[1]?.stale).toBeUndefined();
    const { quarantined } = views.state;
    expect(new Set(quarantined.map(({ view }) => view)).size).toBe(5);
    expect(quarantined.every((each) => each.position === String(position) && each.eventId === event.id)).toBe(true);
    expect((await views.search({ q: 'memo', limit: 9 })).items).toHaveLength(1);
    expect(views.digest()).toBe(await digest());
    expect(views.digest()).toBe(await digest({ pageSize: 1 }));
    await views.stop();
  });

  it('leaves quarantine when a correction makes it readable', async () => {
    const { views } = await following(log);
    await record(log, 'a', opened('a'), ban(), duty('x', '2024-13-01'));
    await caughtUp(views, log);
    expect((await views.matters({ limit: 9 })).items[0]?.headline.code).toBe('unknown');
    await record(log, 'a', correction('sets-x', { effects: [] }));
    await caughtUp(views, log);
    expect(views.state.quarantined).toEqual([]);
    expect((await views.matters({ limit: 9 })).items[0]).toMatchObject({
      headline: { code: 'in-force-and-enforceable' },
    });
    expect(views.digest()).toBe(await digest());
    await views.stop();
  });

  it('is tried again by a new version of the view', async () => {
    await record(log, 'a', opened('a'), recorded('Surprise', {}));
    const first = await following(log, { file });
    const before = first.views.state.quarantined;
    await first.views.stop();
    const { views } = await following(log, { file, versions: { parties: 2 } });
    while (views.state.rebuilding) await new Promise(setImmediate);
    expect(views.state.quarantined).toEqual(expect.arrayContaining([...before]));
    expect(views.state.quarantined).toHaveLength(before.length);
    await views.stop();
  });

  it('may be the one that should have opened the matter', async () => {
    await record(log, 'a', recorded('MatterOpened', { id: 'a' }), ban());
    const { views } = await following(log);
    expect((await views.matters({ limit: 9 })).items).toEqual([]);
    expect(new Set(views.state.quarantined.map(({ position }) => position))).toEqual(new Set(['1', '2']));
    await views.stop();
  });
});
