import { Malformed, parseEntry } from '#libs/contract';
import { effectKinds, entryTypes } from '#libs/matter';

const order = {
  id: 'order-1',
  type: 'ExecutiveActIssued',
  occurredOn: '2025-01-20',
  title: 'No enforcement for 75 days',
  author: { kind: 'executive', name: 'President' },
  instrument: { id: 'order-1', kind: 'executive-order', citation: '90 FR 8611' },
  sources: [
    {
      title: 'Order',
      publisher: 'The White House',
      url: 'https://example.org/1',
      publishedOn: '2025-01-20',
      evidence: 'official',
    },
  ],
  effects: [
    {
      kind: 'restrains',
      restraint: 'forbearance-1',
      form: 'forbearance',
      provisions: ['section-2a'],
      enforcers: ['doj'],
      protects: 'all',
      from: '2025-01-20',
      until: { period: 'P75D', after: '2025-01-20', rule: 'us.plain', inclusive: 'unstated' },
      liability: { state: 'disclaimed', from: '2025-01-19' },
    },
  ],
};

/** One sound effect of each kind. */
const sound: Record<string, object> = {
  establishes: { provision: 'p', title: 'P', norm: 'duty', force: '2024-01-01', limitation: 'P5Y', principal: false },
  commences: { provision: 'p', axis: 'force', to: { earliest: ['2024-01-01', { date: '2024-02-01' }] } },
  postpones: { provision: 'p', axis: 'enforcement', to: { contingent: 'a ruling', latest: '2026-01-01' }, for: ['a'] },
  determines: { provision: 'p', party: 'a', applicability: 'exempt' },
  restrains: { restraint: 'r', form: 'stay', of: ['s'], protects: ['a', 'b'] },
  varies: { restraint: 'r', protects: ['a'] },
  extends: { restraint: 'r', until: '2025-01-01T12:00:00-05:00' },
  lifts: { restraint: 'r', how: 'dissolved' },
  reinstates: { ending: 'e', on: '2025-01-01' },
  ends: { instrument: 'i', how: 'vacated', ending: 'e' },
  releases: {
    provisions: ['p'],
    protects: 'all',
    conductFrom: '2025-01-01',
    conductTo: '2025-01-01',
    state: 'disclaimed',
  },
  satisfies: { condition: 'c' },
  contests: { provision: 'p', axis: 'instrument' },
  'sets-deadline': {
    deadline: 'd',
    title: 'D',
    deadlineKind: 'review',
    obligated: [],
    basis: { period: 'P2M', before: { instrument: 'i' }, rule: 'us.frcp6@2009' },
  },
  'moves-deadline': { deadline: 'd', basis: { latest: ['2025-01-01'] } },
  'closes-deadline': { deadline: 'd', how: 'met' },
  replaces: { instrument: 'i', by: 'j' },
};

const errorsOf = (value: unknown) => {
  try {
    parseEntry(value);
  } catch (error) {
    if (error instanceof Malformed) return error.errors;
    throw error;
  }
  return [];
};
const pointersOf = (value: unknown) => errorsOf(value).map((error) => error.pointer);
const withEffect = (effect: unknown) => ({ ...order, effects: [effect] });
const withChange = (change: object) => withEffect({ ...order.effects[0], ...change });

const until = (value: unknown) => pointersOf(withChange({ until: value }));
const deep = (open: string, close: string): unknown =>
  JSON.parse(`{"type":"CourtRuled","effects":${open.repeat(5_000)}1${close.repeat(5_000)}}`);

describe('an entry', () => {
  it('is read as it was written', () => {
    expect(parseEntry(order)).toEqual(order);
  });

  it('is a copy, which later changes to the body do not reach', () => {
    const body = structuredClone(order);
    const entry = parseEntry(body);
    body.effects.length = 0;
    expect(entry.effects).toHaveLength(1);
  });

  it('may leave out its id, the kind of its author, and effects', () => {
    const { id: _, ...rest } = order;
    const entry = { ...rest, author: { name: 'President' }, effects: [] };
    expect(parseEntry(entry)).toEqual(entry);
  });

  it('may have every optional field', () => {
    const entry = {
      ...order,
      type: 'BillFailed',
      occurredAt: '2025-01-20T18:30:00-05:00',
      order: -3,
      summary: 'In short.\nAnd a second line.',
      vote: { yes: 352, no: 65, rollCall: '86' },
      outcome: 'vetoed',
    };
    expect(parseEntry(entry)).toEqual(entry);
  });

  it.each(Object.keys(entryTypes))('may be a %s', (type) => {
    expect(parseEntry({ ...order, type }).type).toBe(type);
  });

  it.each(effectKinds)('may carry an effect that %s', (kind) => {
    const entry = withEffect({ kind, ...sound[kind] });
    expect(parseEntry(entry)).toEqual(entry);
  });

  it('leaves counting its effects and sources to the domain', () => {
    const effects = Array.from({ length: 201 }, () => ({ kind: 'satisfies', condition: 'c' }));
    expect(parseEntry({ ...order, effects }).effects).toHaveLength(201);
  });
});

describe('a malformed entry', () => {
  it.each([
    ['a day that does not exist', { occurredOn: '2025-02-30' }, '/occurredOn'],
    ['a day with a time', { occurredOn: '2025-02-03T00:00:00Z' }, '/occurredOn'],
    ['an instant without an offset', { occurredAt: '2025-02-03T10:00:00' }, '/occurredAt'],
    ['an instant at 25 o’clock', { occurredAt: '2025-02-03T25:00:00Z' }, '/occurredAt'],
    ['an order that is no whole number', { order: 1.5 }, '/order'],
    ['an order out of bounds', { order: 1_000_001 }, '/order'],
    ['an order that is no number', { order: '1' }, '/order'],
    ['an empty title', { title: ' ' }, '/title'],
    ['a title that is too long', { title: 'x'.repeat(501) }, '/title'],
    ['a title with an escape sequence', { title: 'red \u001b[31m' }, '/title'],
    ['a title with half a character', { title: '\ud83d' }, '/title'],
    ['a title that is null', { title: null }, '/title'],
    ['a summary that is null', { summary: null }, '/summary'],
    ['an id that is no slug', { id: 'EO 14166' }, '/id'],
    ['an id with a dot', { id: 'a.until' }, '/id'],
    ['an id that is too long', { id: 'a'.repeat(65) }, '/id'],
    ['an author that is a list', { author: [] }, '/author'],
    ['an author that is null', { author: null }, '/author'],
    ['an author without a name', { author: { kind: 'court' } }, '/author/name'],
    ['an author of no known kind', { author: { kind: 'king', name: 'A' } }, '/author/kind'],
    ['an author of no place', { author: { name: 'A', jurisdiction: 'Montana' } }, '/author/jurisdiction'],
    ['an author with another field', { author: { name: 'A', role: 'b' } }, '/author/role'],
    ['no sources', { sources: [] }, '/sources'],
    ['sources that are an object', { sources: {} }, '/sources'],
    ['a source that is a text', { sources: ['https://example.org'] }, '/sources/0'],
    ['effects that are null', { effects: null }, '/effects'],
    ['an effect that is null', { effects: [null] }, '/effects/0'],
    ['an effect that is a list', { effects: [[]] }, '/effects/0'],
    ['an outcome that is not for its type', { outcome: 'failed' }, '/outcome'],
    ['a vote of nothing', { vote: { yes: null } }, '/vote/yes'],
    ['a vote with an escape sequence for a name', { vote: { '\u001b[31m': 1 } }, '/vote/\u001b[31m'],
    ['a vote that is a list', { vote: [1] }, '/vote'],
    [
      'a vote with too many counts',
      { vote: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`c${n}`, n])) },
      '/vote',
    ],
    ['a number that is not finite', { vote: { yes: Infinity } }, '/vote/yes'],
    ['an unknown field', { note: 'x' }, '/note'],
    ['a field with a slash and a tilde in its name', { 'a/b~c': 1 }, '/a~1b~0c'],
    ['an unknown field in its instrument', { instrument: { id: 'i', note: 'x' } }, '/instrument/note'],
    [
      'an instrument that binds on nothing known',
      { instrument: { id: 'i', bindsOn: 'friday' } },
      '/instrument/bindsOn',
    ],
  ])('has %s', (_, change, pointer) => {
    expect(pointersOf({ ...order, ...change })).toEqual([pointer]);
  });

  it.each([
    ['ftp://example.org/a'],
    ['javascript:alert(1)'],
    ['https://'],
    ['https://user:secret@example.org/'],
    ['https://example.org/a b'],
    [`https://example.org/${'a'.repeat(2000)}`],
  ])('cites %s', (url) => {
    const [source] = order.sources;
    expect(pointersOf({ ...order, sources: [{ ...source, url }] })).toEqual(['/sources/0/url']);
  });

  it.each([[undefined], [null], [7], ['entry'], [[]], [[order]], [() => order], [new Map()], [new Date(0)], [1n]])(
    'is %p',
    (value) => {
      expect(pointersOf(value)).toEqual(['']);
    },
  );

  it('names every field that is missing', () => {
    expect(pointersOf({ type: 'CourtRuled' })).toEqual(['/occurredOn', '/title', '/author', '/sources', '/effects']);
  });

  it('is told all that is wrong with it, up to fifty errors', () => {
    const effects = Array.from({ length: 80 }, () => ({ kind: 'satisfies' }));
    expect(errorsOf({ ...order, effects })).toHaveLength(50);
  });

  it('is told in words that do not read the body as a template', () => {
    expect(errorsOf({ ...order, vote: { $value: null } })).toEqual([
      { pointer: '/vote/$value', message: 'must be a number or text' },
    ]);
  });

  it.each(['MatterOpened', 'PartyAdded', 'EntryCorrected', 'EntryRetracted'])(
    'is a %s, which has its own call',
    (type) => {
      const [error] = errorsOf({ ...order, type });
      expect(error).toEqual({
        pointer: '/type',
        message: expect.stringContaining('has its own call: POST /v1/matters'),
      });
    },
  );

  it('has no type, or one that is not known, and is told the known ones', () => {
    const { type: _, ...rest } = order;
    for (const value of [rest, { ...order, type: 'Decree' }, { ...order, type: 7 }]) {
      expect(errorsOf(value)).toEqual([
        { pointer: '/type', message: expect.stringContaining('BillIntroduced, BillReported') },
      ]);
    }
  });
});

describe('a malformed effect', () => {
  it.each([['stays'], ['constructor'], ['__proto__'], ['toString'], ['hasOwnProperty'], [7], [null], [['lifts']]])(
    'has the kind %p',
    (kind) => {
      expect(errorsOf(withEffect({ kind }))).toEqual([
        { pointer: '/effects/0/kind', message: expect.stringContaining('establishes, commences') },
      ]);
    },
  );

  it.each(effectKinds)('has an unknown field although it %s', (kind) => {
    expect(pointersOf(withEffect({ kind, ...sound[kind], note: 1 }))).toEqual(['/effects/0/note']);
  });

  it.each([
    ['restrains', 'provisions', 'of'],
    ['extends', 'restraint', 'provision'],
    ['lifts', 'restraint', 'ending'],
    ['reinstates', 'restraint', 'ending'],
    ['ends', 'provision', 'instrument'],
    ['contests', 'provision', 'restraint'],
  ])('%s both or neither of %s and %s', (kind, one, other) => {
    const list = kind === 'restrains';
    const { [one]: _, [other]: __, ...rest } = { kind, ...sound[kind] } as Record<string, unknown>;
    const value = list ? ['x'] : 'x';
    const message = `must have exactly one of ${one}, ${other}`;
    expect(errorsOf(withEffect(rest))).toEqual([{ pointer: '/effects/0', message }]);
    expect(errorsOf(withEffect({ ...rest, [one]: value, [other]: value }))).toEqual([
      { pointer: '/effects/0', message },
    ]);
    expect(errorsOf(withEffect({ ...rest, [one]: value }))).toEqual([]);
    expect(errorsOf(withEffect({ ...rest, [other]: value }))).toEqual([]);
  });

  it.each([
    ['the same provision twice', { provisions: ['a', 'b', 'a'] }, '/effects/0/provisions/2'],
    ['a provision that is no id', { provisions: ['a', 'B'] }, '/effects/0/provisions/1'],
    ['an empty list of provisions', { provisions: [] }, '/effects/0/provisions'],
    ['an unknown form', { form: 'ban' }, '/effects/0/form'],
    ['protection for some', { protects: 'some' }, '/effects/0/protects'],
    ['protection for nobody', { protects: [] }, '/effects/0/protects'],
    ['protection for a number', { protects: ['a', 7] }, '/effects/0/protects/1'],
    ['no known liability', { liability: { state: 'gone' } }, '/effects/0/liability/state'],
    [
      'liability from a wrong day',
      { liability: { state: 'unknown', from: '2025-13-01' } },
      '/effects/0/liability/from',
    ],
    ['liability that is a text', { liability: 'disclaimed' }, '/effects/0/liability'],
  ])('has %s', (_, change, pointer) => {
    expect(pointersOf(withChange(change))).toEqual([pointer]);
  });

  it('releases conduct that ends before it begins', () => {
    const releases = { kind: 'releases', ...sound['releases'], conductTo: '2024-12-31' };
    expect(errorsOf(withEffect(releases))).toEqual([
      { pointer: '/effects/0/conductTo', message: 'must not be before conductFrom' },
    ]);
  });
});

describe('a malformed date of an effect', () => {
  const counted = { period: 'P75D', after: '2025-01-20', rule: 'us.plain' };

  it.each([
    ['a day that does not exist', '2025-02-30', ''],
    ['a number', 20250101, ''],
    ['null', null, ''],
    ['a list', ['2025-01-01'], ''],
    ['an empty object', {}, ''],
    ['neither date nor words', { inclusive: 'yes' }, ''],
    ['a wrong fixed day', { date: '2025-02-30' }, '/date'],
    ['a day and an instant', { date: '2025-02-03', instant: '2025-02-03T00:00:00Z' }, ''],
    ['an unknown inclusion', { date: '2025-02-03', inclusive: true }, '/inclusive'],
    ['a period of nothing', { ...counted, period: 'P0D' }, '/period'],
    ['a period in words', { ...counted, period: '75 days' }, '/period'],
    ['an unknown rule pack', { ...counted, rule: 'us.frcp7' }, '/rule'],
    ['no rule pack', { period: 'P1D', after: '2025-01-20' }, '/rule'],
    ['an unknown holiday calendar', { ...counted, calendar: 'mars' }, '/calendar'],
    ['a trigger that does not exist', { ...counted, after: '2025-02-30' }, '/after'],
    ['a trigger of nothing', { ...counted, after: {} }, '/after'],
    ['a trigger of two things', { ...counted, after: { entry: 'a', instrument: 'b' } }, '/after/instrument'],
    ['a trigger that is no id', { ...counted, after: { entry: 'A B' } }, '/after/entry'],
    ['a period both ways', { ...counted, before: '2025-01-20' }, ''],
    ['a period from nowhere', { period: 'P1D', rule: 'us.plain' }, ''],
    ['the first of nothing', { earliest: [] }, '/earliest'],
    ['the first of one text', { earliest: '2025-01-01' }, '/earliest'],
    [
      'a wrong day among several',
      { latest: ['2025-01-01', { earliest: ['2025-01-01', '2025-02-30'] }] },
      '/latest/1/earliest/1',
    ],
    ['a contingency without words', { contingent: '' }, '/contingent'],
    ['a long-stop that is no day', { contingent: 'a ruling', latest: ['2025-01-01'] }, '/latest'],
    ['an unknown field', { date: '2025-01-01', timeZone: 'UTC' }, '/timeZone'],
  ])('is %s', (_, value, pointer) => {
    expect(until(value)).toEqual([`/effects/0/until${pointer}`]);
  });

  it('stands more than eight deep inside others', () => {
    const nest = (levels: number): unknown => (levels === 0 ? '2025-01-01' : { earliest: [nest(levels - 1)] });
    expect(until(nest(8))).toEqual([]);
    expect(until(nest(9))).toEqual([`/effects/0/until${'/earliest/0'.repeat(8)}`]);
  });
});

describe('a hostile entry', () => {
  it('is refused for names that objects have by nature, wherever they stand', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__', 'prototype']) {
      const field: object = JSON.parse(`{ "${name}": { "polluted": true } }`);
      expect(pointersOf({ ...order, ...field, [name]: 1 })).toContain(`/${name}`);
      const text = JSON.stringify(order).replace('"name":', `"${name}": { "polluted": true }, "name":`);
      expect(pointersOf(JSON.parse(text))).toEqual([`/author/${name}`]);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('is refused when it is nested too deep, without running out of stack', () => {
    expect(errorsOf(deep('[', ']'))).toEqual([
      { pointer: `/effects${'/0'.repeat(31)}`, message: 'must not be nested more than 32 levels deep' },
    ]);
    expect(errorsOf(deep('{"earliest":', '}'))).toHaveLength(1);
  });

  it('is refused when it goes round in a circle', () => {
    const circle: Record<string, unknown> = { ...order };
    circle['author'] = circle;
    expect(errorsOf(circle)).toHaveLength(1);
  });

  it('is refused when it holds more values than any entry', () => {
    expect(errorsOf({ ...order, effects: Array.from({ length: 60_000 }, () => 0) })).toEqual([
      { pointer: '', message: 'must not hold more than 50000 values' },
    ]);
  });

  it('does not get a long name of its own repeated to it', () => {
    const [error] = errorsOf({ ...order, ['x'.repeat(5_000)]: 1 });
    expect(error?.pointer?.length).toBeLessThan(200);
  });
});
