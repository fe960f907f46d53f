import { MemoryEventLog } from '#libs/event-log';
import { BadCursor, type Views } from '#libs/views';
import {
  ban,
  caughtUp,
  correction,
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

let log: MemoryEventLog;
let views: Views;
let now: number;
let recordedAt: number;

beforeEach(async () => {
  now = NOON;
  recordedAt = NOON;
  log = new MemoryEventLog({ now: () => recordedAt });
  ({ views } = await following(log, { now: () => now }));
});
afterEach(() => views.stop());

async function codes(query: Partial<Parameters<Views['matters']>[0]> = {}): Promise<Record<string, string>> {
  const { items } = await views.matters({ limit: 50, ...query });
  return Object.fromEntries(items.map(({ id, headline }) => [id, headline.code]));
}

async function due(query: Partial<Parameters<Views['deadlines']>[0]> = {}): Promise<string[]> {
  const { items } = await views.deadlines({ limit: 50, ...query });
  return items.map(({ matter, id, due: on, state }) => `${matter} ${id} ${on?.date ?? '-'} ${state}`);
}

async function found(q: string): Promise<string[]> {
  const { items } = await views.search({ q, limit: 10 });
  return items.map(({ matter, entry: id }) => `${matter} ${id}`);
}

describe('the list of matters', () => {
  it('shows a headline as soon as its position was waited for', async () => {
    await views.waitFor(await record(log, 'a', opened('a')), 1000);
    expect(await codes()).toEqual({ a: 'no-record' });
    await views.waitFor(await record(log, 'a', ban()), 1000);
    expect(await codes()).toEqual({ a: 'in-force-and-enforceable' });
    const { items } = await views.matters({ limit: 1 });
    expect(items[0]).toMatchObject({
      id: 'a',
      title: 'Matter a',
      jurisdiction: 'US',
      tags: ['technology'],
      revision: 1,
    });
  });

  it('filters by headline, tag, jurisdiction and words', async () => {
    await record(log, 'a', opened('a'), ban());
    await record(
      log,
      'b',
      opened('b', { title: 'Überwachung von Chips', tags: ['export controls'], jurisdiction: 'EU' }),
    );
    await caughtUp(views, log);
    expect(Object.keys(await codes({ status: ['no-record'] }))).toEqual(['b']);
    expect(Object.keys(await codes({ tag: ['technology', 'none'] }))).toEqual(['a']);
    expect(Object.keys(await codes({ jurisdiction: ['EU', 'FR'] }))).toEqual(['b']);
    expect(Object.keys(await codes({ q: 'uberw chi' }))).toEqual(['b']);
    expect(Object.keys(await codes({ q: '%_"\'' }))).toEqual(['a', 'b']);
  });

  it('flips by the clock when it is read, with no new event', async () => {
    await record(log, 'a', opened('a'), ban(), pause('promise', '2024-05-01', '2024-06-20'));
    await caughtUp(views, log);
    const digest = views.digest();
    expect(await codes()).toEqual({ a: 'enforcement-paused' });
    now = Date.parse('2024-06-21T03:59:00Z');
    expect(await codes()).toEqual({ a: 'enforcement-paused' });
    now = Date.parse('2024-06-21T04:00:00Z');
    expect(await codes({ status: ['in-force-and-enforceable'] })).toEqual({ a: 'in-force-and-enforceable' });
    now = Date.parse('2024-04-01T00:00:00Z');
    expect(await codes()).toEqual({ a: 'no-record' });
    now = NOON;
    expect(await codes()).toEqual({ a: 'enforcement-paused' });
    expect(views.digest()).toBe(digest);
  });

  it('minds an act that is dated ahead', async () => {
    await record(log, 'a', opened('a'), ban(), pause('promise', '2024-07-01', '2024-07-31'));
    await caughtUp(views, log);
    expect(await codes()).toEqual({ a: 'in-force-and-enforceable' });
    now = Date.parse('2024-07-02T12:00:00Z');
    expect(await codes()).toEqual({ a: 'enforcement-paused' });
  });

  it('answers at other clocks than now', async () => {
    await record(log, 'a', opened('a'), ban());
    recordedAt += 86_400_000;
    await record(log, 'a', pause('promise', '2024-05-01', '2024-06-20'));
    await caughtUp(views, log);
    now = recordedAt;
    expect(await codes()).toEqual({ a: 'enforcement-paused' });
    expect(await codes({ at: '2024-06-21' })).toEqual({ a: 'in-force-and-enforceable' });
    expect(await codes({ at: '2024-06-10' })).toEqual({ a: 'enforcement-paused' });
    expect(await codes({ at: '2024-04-30T12:00:00Z' })).toEqual({ a: 'in-force-and-enforceable' });
    expect(await codes({ knownAt: '2024-06-01' })).toEqual({ a: 'in-force-and-enforceable' });
    expect(await codes({ knownAt: '2024-05-31' })).toEqual({});
    expect(await codes({ publishedBy: '2024-04-30' })).toEqual({ a: 'in-force-and-enforceable' });
    expect(await codes({ publishedBy: '2024-04-30', status: ['enforcement-paused'] })).toEqual({});
    const { clocks, items } = await views.matters({ limit: 5, knownAt: '2024-06-01' });
    expect(clocks).toEqual({ at: '2024-06-02', knownAt: '2024-06-01', publishedBy: null });
    expect(items[0]?.revision).toBe(1);
  });

  it('pages by id, keeping the clocks of the first page', async () => {
    for (const id of ['c', 'a', 'e', 'b', 'd']) await record(log, id, opened(id), ban());
    await caughtUp(views, log);
    const first = await views.matters({ limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(first.clocks).toEqual({ at: '2024-06-01', knownAt: '2024-06-01T12:00:00.000Z', publishedBy: null });
    now += 86_400_000;
    const second = await views.matters({ limit: 2, ...(first.next !== null && { cursor: first.next }) });
    expect(second.items.map(({ id }) => id)).toEqual(['c', 'd']);
    expect(second.clocks).toEqual(first.clocks);
    const third = await views.matters({ limit: 2, ...(second.next !== null && { cursor: second.next }) });
    expect(third).toMatchObject({ items: [{ id: 'e' }], next: null });
  });

  it.each(['', 'x', 'W10', Buffer.from('["deadlines",1,null,null,null,"a"]').toString('base64url')])(
    'refuses the cursor %j',
    async (cursor) => {
      await expect(views.matters({ limit: 2, cursor })).rejects.toThrow(BadCursor);
      await expect(views.search({ limit: 2, q: 'a', cursor })).rejects.toThrow(BadCursor);
    },
  );
});

describe('the list of deadlines', () => {
  beforeEach(async () => {
    await record(log, 'a', opened('a'), ban(), duty('file', '2024-06-10'), duty('old', '2024-05-20', ['doj']));
    await record(log, 'b', opened('b', { jurisdiction: 'EU' }), duty('tell', '2024-06-05', ['app-stores']));
    await record(log, 'b', entry('wait', '2024-05-02', { type: 'ExecutiveActIssued', effects: [waits] }));
    await caughtUp(views, log);
  });
  const waits = {
    kind: 'sets-deadline',
    deadline: 'later',
    title: 'Later',
    deadlineKind: 'party-act',
    obligated: ['doj'],
    basis: { contingent: 'the rule' },
  };

  it('goes by due day, those without one last', async () => {
    expect(await due()).toEqual([
      'a ban.force 2024-04-24 reached',
      'a old 2024-05-20 lapsed',
      'b tell 2024-06-05 scheduled',
      'a file 2024-06-10 scheduled',
      'b later - waiting',
    ]);
  });

  it('filters by day, both ends included, and by state and jurisdiction', async () => {
    expect(await due({ from: '2024-05-20', to: '2024-06-05' })).toHaveLength(2);
    expect(await due({ from: '2024-06-06' })).toEqual(['a file 2024-06-10 scheduled']);
    expect(await due({ state: ['waiting', 'lapsed'] })).toHaveLength(2);
    expect(await due({ jurisdiction: ['EU'] })).toHaveLength(2);
  });

  it('finds by party what obliges it, a class above it or a member below it', async () => {
    expect(await due({ party: ['apple'], from: '2024-06-01' })).toHaveLength(2);
    expect(await due({ party: ['google'], from: '2024-06-01' })).toEqual(['b tell 2024-06-05 scheduled']);
    expect(await due({ party: ['app-stores'], from: '2024-06-01' })).toHaveLength(2);
    expect(await due({ party: ['nobody'] })).toEqual([]);
    expect(views.unknownParties(['apple', 'nobody'])).toEqual(['nobody']);
  });

  it('judges the state by the clock at reading', async () => {
    now = Date.parse('2024-06-06T12:00:00Z');
    expect(await due({ state: ['lapsed'] })).toEqual(['a old 2024-05-20 lapsed', 'b tell 2024-06-05 lapsed']);
    expect(await due({ state: ['scheduled'] })).toEqual(['a file 2024-06-10 scheduled']);
    await views.waitFor(await record(log, 'b', duty('more', '2024-07-01')), 1000);
    expect(await due({ state: ['lapsed'], jurisdiction: ['EU'] })).toEqual(['b tell 2024-06-05 lapsed']);
  });

  it('answers the same page by page, at every clock', async () => {
    for (const clocks of [{}, { at: '2024-05-25' }, { at: '2024-06-20' }, { publishedBy: '2024-05-01' }]) {
      const all = await views.deadlines({ limit: 50, ...clocks });
      const paged: unknown[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await views.deadlines({ limit: 1, ...clocks, ...(cursor !== '' && { cursor }) });
        paged.push(...page.items);
        cursor = page.next;
      }
      expect(paged).toEqual(all.items);
    }
    expect(await due({ at: '2024-05-15' })).toContain('a old 2024-05-20 scheduled');
    expect(await due({ publishedBy: '2024-04-30' })).toEqual(['a ban.force 2024-04-24 reached']);
  });

  it('keeps what was known at the first page on the later ones', async () => {
    const first = await views.deadlines({ limit: 2 });
    recordedAt += 1;
    await views.waitFor(await record(log, 'a', retraction('sets-file')), 1000);
    expect(await due()).not.toContain('a file 2024-06-10 scheduled');
    const next = await views.deadlines({ limit: 9, ...(first.next !== null && { cursor: first.next }) });
    expect(next.items.map(({ id }) => id)).toEqual(['tell', 'file', 'later']);
    expect(next.clocks).toEqual(first.clocks);
  });
});

describe('the search', () => {
  beforeEach(async () => {
    await record(
      log,
      'a',
      opened('a'),
      ban(),
      entry('memo', '2024-05-02', { summary: 'On the divestiture of an app.' }),
    );
    await caughtUp(views, log);
  });

  it('ranks titles first and cuts the words around the match', async () => {
    const { items } = await views.search({ q: 'Divest', limit: 10 });
    expect(items.map((hit) => hit.entry)).toEqual(['law-ban', 'memo']);
    expect(items[1]).toMatchObject({
      matter: 'a',
      title: 'Act memo',
      occurredOn: '2024-05-02',
      snippet: 'On the [divestiture] of an app.',
    });
    expect(items[0]?.rank).toBeLessThan(items[1]?.rank ?? 0);
  });

  it('looks at summary, author, citation and the titles of sources', async () => {
    expect(await found('prohibits distr')).toEqual(['a law-ban']);
    expect(await found('congress')).toEqual(['a law-ban']);
    expect(await found('118-50')).toEqual(['a law-ban']);
    expect(await found('source of memo')).toEqual(['a memo']);
  });

  it('knows an entry as it is believed', async () => {
    await record(log, 'a', correction('memo', { summary: 'Now about tariffs.' }), retraction('law-ban'));
    await caughtUp(views, log);
    expect(await found('divest')).toEqual([]);
    expect(await found('tariff')).toEqual(['a memo']);
    expect((await views.search({ q: 'tariffs', limit: 1 })).items[0]?.snippet).toBe('Now about [tariffs.]');
  });

  it.each(['', '"', '*', 'a AND', 'NEAR(', '-x', 'title:', '\0', '^', '{}', 'é́', '🙂', "'; DROP", '𞤀𞤁'])(
    'takes %j without an error',
    async (q) => {
      await expect(views.search({ q, limit: 5 })).resolves.toMatchObject({ next: null });
    },
  );

  it('pages by rank', async () => {
    for (const id of ['x', 'y', 'z']) await record(log, 'a', entry(id, '2024-05-03', { title: 'The same tariff' }));
    await caughtUp(views, log);
    const first = await views.search({ q: 'tariff', limit: 2 });
    const second = await views.search({ q: 'tariff', limit: 2, ...(first.next !== null && { cursor: first.next }) });
    expect([...first.items, ...second.items].map((hit) => hit.entry)).toEqual(['x', 'y', 'z']);
    expect(second.next).toBeNull();
  });
});

it('takes events of other streams in stride', async () => {
  const { position } = await log.append('watch-1', 'no-stream', [recorded('WatchCreated', {})]);
  expect(await views.waitFor(position, 1000)).toBe('reached');
  expect(views.state).toMatchObject({ position, head: position, behind: 0, quarantined: [] });
});
