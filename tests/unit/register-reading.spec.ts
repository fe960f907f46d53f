import { parseDeadlinesQuery, parseEntriesQuery, parseEntry } from '#libs/contract';
import { MemoryEventLog } from '#libs/event-log';
import { entryTypes } from '#libs/matter';
import { Register, type Writer } from '#libs/register';
import {
  aMatter,
  aSource,
  enacted,
  entry,
  establishes,
  extendsTo,
  forbears,
  noticed,
  ordered,
  party,
  reported,
  setsDeadline,
} from '../support/matter.ts';

const by: Writer = { actor: 'key:one' };
const HOUR = 3_600_000;

/** Opened on 2024-03-01, then one event a day at noon UTC. The question is asked on 2024-06-01, 02:00 UTC. */
async function aStory() {
  let clock = Date.parse('2024-03-01T12:00:00Z');
  const log = new MemoryEventLog({ now: () => clock });
  const register = new Register({ log, now: () => clock });
  const day = async (write: () => Promise<unknown>): Promise<void> => {
    await write();
    clock += 24 * HOUR;
  };
  const record = (of: ReturnType<typeof entry>) => day(() => register.record('matter', of, by));
  await day(() => register.openMatter(aMatter(), by));
  await record(enacted('law', '2023-12-01', [establishes('duty', { enforcers: ['doj'] })]));
  await record(ordered('pause', '2024-02-01', [forbears('pause', { enforcers: ['doj'], until: '2024-04-30' })]));
  await record(reported('report', '2024-02-15', [], { publishedOn: '2024-02-20' }));
  await day(() =>
    register.correct(
      'matter',
      'report',
      { reason: 'a slip', changes: { title: 'A report' }, sources: [aSource({ publishedOn: '2024-03-05' })] },
      by,
    ),
  );
  await day(() =>
    register.retract('matter', 'report', { reason: 'never', sources: [aSource({ publishedOn: '2024-03-06' })] }, by),
  );
  await record(ordered('longer', '2024-03-07', [extendsTo('pause', '2024-07-31')]));
  clock = Date.parse('2024-06-01T02:00:00Z');
  return { register, log, record, set: (iso: string) => (clock = Date.parse(iso)) };
}

const error = (of: Promise<unknown>): Promise<unknown> =>
  of.then(
    () => undefined,
    (reason: unknown) => reason,
  );
const march = (day: number): string => `2024-03-0${day}T12:00:00.000Z`;

describe('the clocks', () => {
  it('are printed as resolved: today in the zone of the matter, and the newest event', async () => {
    const { register } = await aStory();
    const { body } = await register.status('matter', { clocks: {} });
    expect(body.clocks).toEqual({ at: '2024-05-31', knownAt: march(7), publishedBy: null });
  });

  it('are printed as asked', async () => {
    const { register } = await aStory();
    const clocks = { at: '2024-03-01T00:00:00Z', knownAt: '2024-03-03', publishedBy: '2024-02-10' };
    expect((await register.matter('matter', clocks)).body.clocks).toEqual(clocks);
  });

  it('make an answer that says today good until the next midnight there', async () => {
    const { register } = await aStory();
    const { validUntil } = await register.status('matter', { clocks: {} });
    expect(validUntil).toBe(Date.parse('2024-06-01T04:00:00Z'));
  });

  it('make an answer about a stated day good until the matter changes', async () => {
    const { register } = await aStory();
    const answers = [
      register.status('matter', { clocks: { at: '2024-04-01' } }),
      register.status('matter', { clocks: { at: '2024-04-01', knownAt: '2024-03-03' } }),
    ];
    for (const answer of answers) {
      expect(await answer).toMatchObject({ validUntil: null, revision: 6, position: 7n });
    }
  });

  it('know nothing of a matter before it was opened', async () => {
    const { register } = await aStory();
    const early = { knownAt: '2024-02-29' };
    for (const question of [register.matter('matter', early), register.status('matter', { clocks: early })]) {
      expect(await error(question)).toMatchObject({ name: 'NotFound', rule: 'unknown-matter' });
    }
    expect(await error(register.file('other'))).toMatchObject({ rule: 'unknown-matter' });
  });
});

describe('a matter', () => {
  it('has the parties and the revision that were known', async () => {
    const { register } = await aStory();
    await register.addParty('matter', party('cargo', 'firms'), by);
    const now = await register.matter('matter', {});
    expect(now.body).toMatchObject({ id: 'matter', title: 'A matter', revision: 7, position: '8' });
    expect(now.body.parties.map(({ id }) => id)).toContain('cargo');
    const then = await register.matter('matter', { knownAt: march(2) });
    expect(then).toMatchObject({ revision: 7, body: { revision: 1, position: '2' } });
    expect(then.body.parties.map(({ id }) => id)).not.toContain('cargo');
  });
});

describe('the status', () => {
  it('names who and what was asked, and stands at a position', async () => {
    const { register } = await aStory();
    const { body } = await register.status('matter', { clocks: { at: '2024-05-15' }, party: 'acme', enforcer: 'doj' });
    expect(body).toMatchObject({
      matter: 'matter',
      party: 'acme',
      enforcer: 'doj',
      headline: { code: 'enforcement-paused', until: '2024-07-31' },
      position: '7',
    });
  });

  it('is as it was known, and as it was public', async () => {
    const { register } = await aStory();
    const ask = async (clocks: object) =>
      (await register.status('matter', { clocks: { at: '2024-05-15', ...clocks } })).body;
    expect((await ask({ knownAt: '2024-03-05' })).headline.code).toBe('in-force-and-enforceable');
    expect((await ask({ publishedBy: '2024-03-06' })).headline.code).toBe('in-force-and-enforceable');
    expect((await ask({ knownAt: '2024-03-05' })).position).toBe('5');
  });

  it('flips by the clock, with nothing new', async () => {
    const { register, set } = await aStory();
    set('2024-08-01T12:00:00Z');
    expect((await register.status('matter', { clocks: {} })).body.headline.code).toBe('in-force-and-enforceable');
  });

  it.each(['party', 'enforcer'])('refuses an unknown %s and names the parameter', async (parameter) => {
    const { register } = await aStory();
    const asked = register.status('matter', { clocks: {}, [parameter]: 'nobody' });
    expect(await error(asked)).toMatchObject({ name: 'Refusal', rule: 'unknown-party', parameter });
    const timeline = register.timeline('matter', { clocks: {}, limit: 5, [parameter]: 'nobody' });
    expect(await error(timeline)).toMatchObject({ rule: 'unknown-party', parameter });
  });
});

const listed = async (clocks: object) => {
  const { register } = await aStory();
  return (await register.entries('matter', { clocks, limit: 50 })).body.items.map(({ id, state, title }) => [
    id,
    state,
    title,
  ]);
};

describe('entries', () => {
  it('are listed as recorded, with what became of them', async () => {
    expect(await listed({})).toEqual([
      ['law', 'current', 'law'],
      ['pause', 'current', 'pause'],
      ['report', 'retracted', 'A report'],
      ['longer', 'current', 'longer'],
    ]);
  });

  it('are as they were known', async () => {
    expect(await listed({ knownAt: march(5) })).toContainEqual(['report', 'corrected', 'A report']);
    expect(await listed({ knownAt: '2024-03-04' })).toContainEqual(['report', 'current', 'report']);
  });

  it('are as they were public', async () => {
    expect(await listed({ publishedBy: '2024-03-05' })).toContainEqual(['report', 'corrected', 'A report']);
    expect(await listed({ publishedBy: '2024-03-04' })).toContainEqual(['report', 'current', 'report']);
    expect(await listed({ publishedBy: '2024-02-10' })).toEqual([
      ['law', 'current', 'law'],
      ['pause', 'current', 'pause'],
    ]);
  });

  it('can be asked for one by one', async () => {
    const { register } = await aStory();
    const { body } = await register.entry('matter', 'report', {});
    expect(body).toMatchObject({
      id: 'report',
      revision: 3,
      position: '4',
      recordedAt: march(4),
      state: 'retracted',
      corrections: [{ revision: 4, reason: 'a slip', changes: { title: 'A report' } }],
      retraction: { reason: 'never' },
      clocks: { at: '2024-05-31' },
    });
  });

  it('are unknown before they were recorded or public', async () => {
    const { register } = await aStory();
    for (const clocks of [{ knownAt: '2024-03-03' }, { publishedBy: '2024-02-19' }]) {
      expect(await error(register.entry('matter', 'report', clocks))).toMatchObject({ rule: 'unknown-entry' });
    }
  });
});

describe('a cursor', () => {
  it('keeps the clocks: what was recorded meanwhile does not shift the pages', async () => {
    const { register, record, set } = await aStory();
    const first = await register.entries('matter', { clocks: {}, limit: 2 });
    set('2024-06-02T12:00:00Z');
    await record(reported('new', '2020-01-01'));
    const next = await register.entries('matter', { clocks: {}, limit: 2, cursor: first.body.next ?? '' });
    expect(next.body.clocks).toEqual(first.body.clocks);
    expect(next.body.items.map(({ id }) => id)).toEqual(['report', 'longer']);
    expect(next.body.next).toBeNull();
  });

  it('keeps out what was recorded in the same millisecond', async () => {
    const { register, record, set } = await aStory();
    const first = await register.timeline('matter', { clocks: {}, limit: 2 });
    set(march(7));
    await record(reported('new', '2020-01-01'));
    const next = await register.timeline('matter', { clocks: {}, limit: 2, cursor: first.body.next ?? '' });
    expect(next.body.items.map(({ id }) => id)).toEqual(['longer']);
  });

  it('keeps the filter, and refuses what contradicts it', async () => {
    const { register } = await aStory();
    const asked = { clocks: { at: '2024-05-01' }, state: ['reached', 'extended'], limit: 1 };
    const first = await register.deadlines('matter', asked);
    const cursor = first.body.next ?? '';
    const next = await register.deadlines('matter', { clocks: {}, limit: 1, cursor });
    expect([...first.body.items, ...next.body.items].map(({ id }) => id)).toEqual(['duty.force', 'pause.until']);
    expect(await register.deadlines('matter', { ...asked, cursor })).toEqual(next);
    const contradicting = register.deadlines('matter', { ...asked, state: ['met'], cursor });
    expect(await error(contradicting)).toMatchObject({
      errors: [{ parameter: 'state', message: 'contradicts the cursor' }],
    });
    const otherDay = register.deadlines('matter', { clocks: { at: '2024-05-02' }, limit: 1, cursor });
    expect(await error(otherDay)).toMatchObject({ errors: [{ parameter: 'at' }] });
  });

  it('of another list, or made up, is refused', async () => {
    const { register } = await aStory();
    const { next } = (await register.entries('matter', { clocks: {}, limit: 1 })).body;
    const elsewhere = register.deadlines('matter', { clocks: {}, limit: 1, cursor: next ?? '' });
    expect(await error(elsewhere)).toMatchObject({
      errors: [{ parameter: 'cursor', message: 'belongs to another list' }],
    });
    for (const cursor of ['', 'junk', Buffer.from('{"call":"entries:matter"}').toString('base64url')]) {
      const junk = register.entries('matter', { clocks: {}, limit: 1, cursor });
      expect(await error(junk)).toMatchObject({ errors: [{ parameter: 'cursor' }] });
    }
  });

  it('is what the contract reads, too', async () => {
    const { register } = await aStory();
    const query = parseDeadlinesQuery({ state: 'reached,extended', at: '2024-05-01', limit: '1' }, 'matter');
    const first = await register.deadlines('matter', { ...query, clocks: query });
    const second = parseDeadlinesQuery({ cursor: first.body.next ?? '', limit: '1' }, 'matter');
    const next = await register.deadlines('matter', { ...second, clocks: second });
    expect(next.body.items.map(({ id }) => id)).toEqual(['pause.until']);
    const own = await register.entries('matter', { clocks: {}, limit: 1 });
    const read = parseEntriesQuery({ cursor: own.body.next ?? '', limit: '9' }, 'matter');
    expect((await register.entries('matter', { ...read, clocks: read })).body.items).toHaveLength(3);
  });
});

describe('the timeline', () => {
  it('has the believed entries in legal order, and how each axis ran', async () => {
    const { register } = await aStory();
    const { body } = await register.timeline('matter', { clocks: {}, limit: 50 });
    expect(body.items.map(({ id, revision, state }) => [id, revision, state])).toEqual([
      ['law', 1, 'current'],
      ['pause', 2, 'current'],
      ['longer', 6, 'current'],
    ]);
    expect(body.segments.filter(({ axis }) => axis === 'enforcement').map(({ state }) => state)).toContain('forborne');
    expect(body.headlines.map(({ code }) => code)).toContain('enforcement-paused');
  });

  it('keeps acts within a span, and what overlaps it', async () => {
    const { register } = await aStory();
    const { body } = await register.timeline('matter', { clocks: {}, limit: 50, from: '2024-02-01', to: '2024-02-28' });
    expect(body.items.map(({ id }) => id)).toEqual(['pause']);
    expect(body.headlines).toEqual([{ code: 'enforcement-paused', from: '2024-02-01', to: '2024-07-31' }]);
    for (const { from, to } of body.segments) expect(from <= '2024-02-28' && (to ?? '~') >= '2024-02-01').toBe(true);
  });
});

describe('deadlines', () => {
  it('are filtered by state and by whom they oblige, classes and members included', async () => {
    const { register, record } = await aStory();
    await record(
      ordered('task', '2024-05-01', [
        setsDeadline('plan', '2024-09-01', { obligated: ['acme'] }),
        setsDeadline('review', '2024-10-01', { obligated: ['sec'] }),
      ]),
    );
    const ask = async (query: { party?: readonly string[]; state?: readonly string[] }) =>
      (await register.deadlines('matter', { clocks: {}, limit: 50, ...query })).body.items.map(({ id }) => id);
    expect(await ask({ state: ['scheduled'] })).toEqual(['plan', 'review']);
    expect(await ask({ state: ['scheduled'], party: ['firms'] })).toEqual(['plan']);
    expect(await ask({ state: ['scheduled'], party: ['bolt'] })).toEqual([]);
    expect(await ask({ state: ['scheduled'], party: ['bolt', 'sec'] })).toEqual(['review']);
    expect(await error(ask({ party: ['acme', 'nobody'] }))).toMatchObject({
      rule: 'unknown-party',
      parameter: 'party',
    });
  });
});

describe('the difference between two states of knowledge', () => {
  it('is the entries, the axes and the deadlines that changed', async () => {
    const { register } = await aStory();
    const { body } = await register.diff('matter', { knownFrom: '2024-03-05', knownTo: march(7), at: '2024-05-15' });
    expect(body.clocks).toEqual({
      at: '2024-05-15',
      knownAt: march(7),
      publishedBy: null,
      knownFrom: '2024-03-05',
      knownTo: march(7),
    });
    expect(body.entries.map(({ entry: id, change }) => [id, change])).toEqual([
      ['report', 'retracted'],
      ['longer', 'recorded'],
    ]);
    expect(body.changes).toMatchObject([
      {
        provision: 'duty',
        enforcer: 'doj',
        axis: 'enforcement',
        before: { state: 'active' },
        after: { state: 'forborne' },
      },
    ]);
    expect(body.deadlines).toMatchObject([{ deadline: 'pause.until', before: '2024-04-30', after: '2024-07-31' }]);
  });

  it('is everything when nothing was known before', async () => {
    const { register } = await aStory();
    const { body } = await register.diff('matter', { knownFrom: '2020-01-01' });
    expect(body.entries).toHaveLength(6);
    expect(body.changes.every(({ before }) => before === null)).toBe(true);
    expect(body.deadlines.map(({ before }) => before)).toEqual([null, null]);
  });

  it('is nothing since the newest event', async () => {
    const { register } = await aStory();
    const { body } = await register.diff('matter', { knownFrom: '2024-05-01' });
    expect(body).toMatchObject({ entries: [], changes: [], deadlines: [] });
  });

  it('leaves out what was not public', async () => {
    const { register } = await aStory();
    const { body } = await register.diff('matter', { knownFrom: '2020-01-01', publishedBy: '2024-03-05' });
    expect(body.entries.map(({ entry: id, change }) => [id, change])).toEqual([
      ['law', 'recorded'],
      ['pause', 'recorded'],
      ['report', 'recorded'],
      ['report', 'corrected'],
    ]);
  });

  it('can be asked about a party that was added between', async () => {
    const { register } = await aStory();
    await register.addParty('matter', party('cargo', 'firms'), by);
    const { body } = await register.diff('matter', { knownFrom: '2024-03-05', party: 'cargo', at: '2024-05-15' });
    expect(body.changes).toMatchObject([
      { parties: ['cargo'], before: { state: 'active' }, after: { state: 'forborne' } },
    ]);
  });

  it('does not run backwards', async () => {
    const { register } = await aStory();
    for (const knownFrom of ['2024-03-06', march(6)]) {
      const backwards = register.diff('matter', { knownFrom, knownTo: '2024-03-03' });
      expect(await error(backwards)).toMatchObject({ errors: [{ parameter: 'knownFrom' }] });
    }
    expect(await error(register.diff('matter', { knownFrom: '2020-01-01', knownTo: '2021-01-01' }))).toMatchObject({
      rule: 'unknown-matter',
    });
  });
});

describe('what if', () => {
  const on = { at: '2024-05-15', party: 'acme' };

  it('answers before and after, and appends nothing', async () => {
    const { register, log } = await aStory();
    const entries = [
      noticed('claim', '2024-05-02', [], { author: { kind: 'executive' } }),
      ordered('end', '2024-05-03', [{ kind: 'lifts', restraint: 'pause', how: 'revoked', on: '2024-05-10' }]),
    ];
    const answer = await register.whatIf('matter', { entries, ...on });
    expect(answer.before.headline.code).toBe('enforcement-paused');
    expect(answer.after.headline.code).toBe('in-force-and-enforceable');
    expect(answer.after.clocks).toEqual(answer.before.clocks);
    expect(answer.changes).toMatchObject([{ axis: 'enforcement', because: expect.arrayContaining(['end']) }]);
    expect(answer.deadlines).toMatchObject([{ deadline: 'pause.until', stateAfter: 'withdrawn' }]);
    expect(await log.head()).toBe(7n);
  });

  it('builds each entry on those before it', async () => {
    const { register } = await aStory();
    const entries = [
      ordered('second', '2024-05-01', [forbears('second-pause', { enforcers: ['doj'], until: '2025-01-01' })]),
      ordered('third', '2024-05-02', [extendsTo('second-pause', '2026-01-01')]),
    ];
    expect((await register.whatIf('matter', { entries, ...on })).after.headline.until).toBe('2026-01-01');
    expect(await error(register.whatIf('matter', { entries: entries.toReversed(), ...on }))).toMatchObject({
      rule: 'unknown-restraint',
      pointer: '/entries/0/effects/0/restraint',
    });
  });

  it('refuses what recording would refuse', async () => {
    const { register } = await aStory();
    const press = entry('ReportPublished', 'claim', '2024-05-01', [extendsTo('pause', '2026-01-01')]);
    const refused = register.whatIf('matter', { entries: [reported('fine', '2024-05-01'), press] });
    expect(await error(refused)).toMatchObject({ rule: 'authority-exceeded', pointer: '/entries/1/effects/0' });
    const shapeless = { ...press, occurredOn: 'soon' };
    expect(await error(register.whatIf('matter', { entries: [shapeless] }))).toMatchObject({
      errors: [{ pointer: '/entries/0/occurredOn' }],
    });
    expect(await error(register.whatIf('matter', { entries: [], party: 'nobody' }))).toMatchObject({
      pointer: '/party',
    });
  });

  it('takes entries without an id, and those that are on record', async () => {
    const { register } = await aStory();
    const { id: _, ...nameless } = reported('x', '2024-05-01');
    const known = enacted('law', '2023-12-01', [establishes('duty', { enforcers: ['doj'] })]);
    const { changes } = await register.whatIf('matter', { entries: [nameless, known] });
    expect(changes).toEqual([]);
  });
});

describe('the history', () => {
  it('is the events as recorded, page by page', async () => {
    const { register } = await aStory();
    const first = await register.history('matter', { limit: 4 });
    const rest = await register.history('matter', { limit: 4, cursor: first.body.next ?? '' });
    const items = [...first.body.items, ...rest.body.items];
    expect(items.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(items[3]).toMatchObject({
      stream: 'matter-matter',
      type: 'ReportPublished',
      position: '4',
      schema: 1,
      meta: { actor: 'key:one' },
    });
    expect(items[4]).toMatchObject({ type: 'EntryCorrected', data: { entry: 'report', reason: 'a slip' } });
    expect(rest.body.next).toBeNull();
    expect(await Array.fromAsync(register.historyStream('matter'))).toEqual(items);
  });

  it('begins after a position, and ends at a clock', async () => {
    const { register } = await aStory();
    const { items } = (await register.history('matter', { limit: 50, after: '3', clocks: { knownAt: '2024-03-06' } }))
      .body;
    expect(items.map(({ position }) => position)).toEqual(['4', '5', '6']);
    const published = (await register.history('matter', { limit: 50, clocks: { publishedBy: '2024-03-05' } })).body
      .items;
    expect(published.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
    expect(await error(register.history('matter', { limit: 5, after: 'x' }))).toMatchObject({
      errors: [{ parameter: 'after' }],
    });
  });

  it('of an unknown matter is not found', async () => {
    const { register } = await aStory();
    expect(await error(Array.fromAsync(register.historyStream('other')))).toMatchObject({ rule: 'unknown-matter' });
  });
});

it('every type of entry can be read back from the log', async () => {
  const { register } = await aStory();
  const types = Object.keys(entryTypes);
  for (const type of types)
    await register.record(
      'matter',
      parseEntry({ ...reported(type.toLowerCase(), '2024-05-01'), type, author: { name: 'Whoever may' } }),
      by,
    );
  expect((await register.entries('matter', { clocks: {}, limit: 200 })).body.items).toHaveLength(4 + types.length);
});
