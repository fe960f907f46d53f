import {
  type Cursor,
  decodeCursor,
  encodeCursor,
  Malformed,
  nextCursor,
  parseAllDeadlinesQuery,
  parseClocksOnly,
  parseDeadlinesQuery,
  parseDiffQuery,
  parseEntriesQuery,
  parseEventsQuery,
  parseLogQuery,
  parseMattersQuery,
  parseReplayQuery,
  parseSearchQuery,
  parseStatusQuery,
  parseTimelineQuery,
  type RawQuery,
} from '#libs/contract';

const errorsOf = (attempt: () => unknown) => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof Malformed) return error.errors;
    throw error;
  }
  return [];
};
const parametersOf = (attempt: () => unknown) => errorsOf(attempt).map((error) => error.parameter);

const all: Record<string, (raw: RawQuery) => unknown> = {
  matters: parseMattersQuery,
  status: parseStatusQuery,
  timeline: parseTimelineQuery,
  entries: parseEntriesQuery,
  deadlines: parseDeadlinesQuery,
  allDeadlines: parseAllDeadlinesQuery,
  diff: (raw) => parseDiffQuery({ knownFrom: '2025-01-01', ...raw }),
  log: parseLogQuery,
  search: (raw) => parseSearchQuery({ q: 'ban', ...raw }),
  replay: parseReplayQuery,
  clocks: parseClocksOnly,
};

describe.each(Object.entries(all))('the query of %s', (_, parse) => {
  it('takes the three clocks and a position to wait for', () => {
    const clocks = { at: '2025-02-01', knownAt: '2025-03-01T10:00:00Z', publishedBy: '2025-02-15', minPosition: 'a1' };
    expect(parse(clocks)).toMatchObject(clocks);
  });

  it('may be empty', () => {
    expect(parse({})).toEqual(expect.not.objectContaining({ at: expect.anything() }));
    expect(parse({ at: undefined })).toEqual(parse({}));
  });

  it.each([
    ['at', '2025-02-30'],
    ['at', ''],
    ['at', 'now'],
    ['knownAt', '2025-02-01T10:00:00'],
    ['publishedBy', '2025-02-01T10:00:00Z'],
    ['minPosition', ''],
    ['minPosition', 'a b'],
    ['minPosition', 'x'.repeat(101)],
    ['minPosition', '\ud800'],
  ])('refuses %s=%s', (parameter, text) => {
    expect(parametersOf(() => parse({ [parameter]: text }))).toEqual([parameter]);
  });

  it('refuses what it does not know, whatever its name', () => {
    for (const name of ['colour', 'constructor', 'toString', 'hasOwnProperty', '__proto__'])
      expect(parametersOf(() => parse({ ['at']: '2025-01-01', ...Object.fromEntries([[name, 'x']]) }))).toEqual([name]);
  });

  it('refuses a parameter that is given twice', () => {
    expect(errorsOf(() => parse({ at: ['2025-01-01', '2025-01-01'] }))).toEqual([
      { parameter: 'at', message: 'is given more than once' },
    ]);
  });
});

describe('a list', () => {
  it('has fifty items unless asked otherwise', () => {
    expect(parseEntriesQuery({}).limit).toBe(50);
    expect(parseEntriesQuery({ limit: '200' }).limit).toBe(200);
    expect(parseLogQuery({ limit: '1000' }).limit).toBe(1000);
  });

  it.each(['0', '201', '-1', '1.5', '1e2', ' 5', 'all', ''])('cannot have %p items', (limit) => {
    expect(parametersOf(() => parseEntriesQuery({ limit }))).toEqual(['limit']);
  });

  it('is filtered by comma lists', () => {
    expect(
      parseMattersQuery({ status: 'stayed,delayed,stayed', tag: 'apps,eu law', jurisdiction: 'US,US-MT' }),
    ).toMatchObject({
      status: ['stayed', 'delayed'],
      tag: ['apps', 'eu law'],
      jurisdiction: ['US', 'US-MT'],
    });
    expect(parseDeadlinesQuery({ state: 'scheduled,lapsed', party: 'a,b' })).toMatchObject({
      state: ['scheduled', 'lapsed'],
      party: ['a', 'b'],
    });
  });

  it.each([
    ['status', 'stayed,frozen'],
    ['status', 'stayed,'],
    ['tag', ','],
    ['jurisdiction', 'Montana'],
    ['q', ' '],
  ])('cannot be filtered by %s=%s', (parameter, text) => {
    expect(parametersOf(() => parseMattersQuery({ [parameter]: text }))).toEqual([parameter]);
  });

  it.each([
    ['state', 'open'],
    ['party', 'Apple'],
    ['from', '2025-02-30'],
  ])('of deadlines cannot be filtered by %s=%s', (parameter, text) => {
    expect(parametersOf(() => parseAllDeadlinesQuery({ [parameter]: text }))).toEqual([parameter]);
  });
});

describe('a span', () => {
  it('may be one day, and cannot end before it begins', () => {
    expect(parseTimelineQuery({ from: '2025-01-01', to: '2025-01-01' })).toMatchObject({ to: '2025-01-01' });
    expect(errorsOf(() => parseAllDeadlinesQuery({ from: '2025-01-02', to: '2025-01-01' }))).toEqual([
      { parameter: 'to', message: 'must not be before from' },
    ]);
  });

  it('of belief must say where it begins, and cannot run backwards', () => {
    expect(errorsOf(() => parseDiffQuery({}))).toEqual([{ parameter: 'knownFrom', message: 'is required' }]);
    expect(parametersOf(() => parseDiffQuery({ knownFrom: '2025-01-02', knownTo: '2025-01-01' }))).toEqual(['knownTo']);
    const instants = { knownFrom: '2025-01-01T10:00:00+02:00', knownTo: '2025-01-01T08:30:00Z' };
    expect(parseDiffQuery(instants)).toEqual(instants);
    expect(parametersOf(() => parseDiffQuery({ ...instants, knownTo: '2025-01-01T07:30:00Z' }))).toEqual(['knownTo']);
    expect(parseDiffQuery({ knownFrom: '2025-01-02', knownTo: '2025-01-01T07:30:00Z' })).toBeDefined();
  });
});

describe('other calls', () => {
  it('take a position to go on from', () => {
    expect(parseEventsQuery({ after: '0' })).toEqual({ after: '0' });
    expect(parseEventsQuery({})).toEqual({});
    expect(parseLogQuery({ after: '000a', limit: '10' })).toMatchObject({ after: '000a', limit: 10 });
    expect(parametersOf(() => parseEventsQuery({ after: '' }))).toEqual(['after']);
  });

  it('take a party and an enforcer', () => {
    expect(parseStatusQuery({ party: 'apple', enforcer: 'doj' })).toEqual({ party: 'apple', enforcer: 'doj' });
    expect(parametersOf(() => parseStatusQuery({ party: 'Apple', enforcer: '' }))).toEqual(['party', 'enforcer']);
  });

  it('need something to search for', () => {
    expect(parametersOf(() => parseSearchQuery({}))).toEqual(['q']);
    expect(parseSearchQuery({ q: 'ban, stayed' }).q).toBe('ban, stayed');
  });

  it('replay in one of two orders, at a speed', () => {
    expect(parseReplayQuery({ by: 'published', speed: '2.5' })).toEqual({ by: 'published', speed: 2.5 });
    expect(parametersOf(() => parseReplayQuery({ by: 'chance', speed: '0' }))).toEqual(['by', 'speed']);
  });
});

describe('a cursor', () => {
  const clocks = { at: '2025-02-01', knownAt: '2025-03-01T10:00:00Z', publishedBy: null };
  const first = parseMattersQuery({ at: '2025-02-01', status: 'stayed', limit: '10', minPosition: 'a' });
  const cursor = nextCursor(first, clocks, { id: 'us-tiktok' });

  it('keeps the clocks, the filter and the length of a page', () => {
    const second = parseMattersQuery({ cursor });
    expect(second).toMatchObject({ at: '2025-02-01', knownAt: '2025-03-01T10:00:00Z', status: ['stayed'], limit: 10 });
    expect(second).not.toHaveProperty('publishedBy');
    expect(second).not.toHaveProperty('minPosition');
    expect(second.cursor?.after).toEqual({ id: 'us-tiktok' });
  });

  it('makes the next one, page after page', () => {
    const second = parseMattersQuery({ cursor, limit: '20' });
    const third = parseMattersQuery({ cursor: nextCursor(second, clocks, { id: 'us-x' }) });
    expect(third).toMatchObject({ at: '2025-02-01', status: ['stayed'], limit: 20, cursor: { after: { id: 'us-x' } } });
  });

  it('may stand beside the same parameters, as asked or as resolved', () => {
    const same = { cursor, at: '2025-02-01', knownAt: '2025-03-01T10:00:00Z', status: 'stayed', minPosition: 'b' };
    expect(parseMattersQuery(same)).toMatchObject({ status: ['stayed'], minPosition: 'b' });
  });

  it('keeps a clock that was asked for in other words', () => {
    const asked = parseMattersQuery({ knownAt: '2025-03-01' });
    const next = nextCursor(asked, clocks, 1);
    expect(parseMattersQuery({ cursor: next }).knownAt).toBe('2025-03-01T10:00:00Z');
    expect(parseMattersQuery({ cursor: next, knownAt: '2025-03-01' }).knownAt).toBe('2025-03-01T10:00:00Z');
  });

  it('cannot be contradicted', () => {
    expect(errorsOf(() => parseMattersQuery({ cursor, at: '2025-02-02', status: 'delayed', q: 'x' }))).toEqual([
      { parameter: 'at', message: 'contradicts the cursor' },
      { parameter: 'status', message: 'contradicts the cursor' },
      { parameter: 'q', message: 'contradicts the cursor' },
    ]);
    expect(parametersOf(() => parseMattersQuery({ cursor, publishedBy: '2025-01-01' }))).toEqual(['publishedBy']);
    expect(parametersOf(() => parseMattersQuery({ cursor, limit: '0' }))).toEqual(['limit']);
  });

  it('holds what a search was for', () => {
    const search = parseSearchQuery({ q: 'ban' });
    expect(parseSearchQuery({ cursor: nextCursor(search, clocks, 50) }).q).toBe('ban');
  });

  it('belongs to one list', () => {
    const other = nextCursor(parseEntriesQuery({}, 'us-tiktok'), clocks, 1);
    expect(parseEntriesQuery({ cursor: other }, 'us-tiktok').cursor?.after).toBe(1);
    expect(parametersOf(() => parseEntriesQuery({ cursor: other }, 'us-cta'))).toEqual(['cursor']);
    expect(parametersOf(() => parseMattersQuery({ cursor: other }))).toEqual(['cursor']);
  });

  const content: Cursor = { call: 'matters', asked: {}, clocks, after: 1 };
  it.each([
    ['', 'nothing'],
    ['***', 'junk'],
    ['eyJh', 'half a cursor'],
    [`${encodeCursor(content)}=`, 'padding'],
    ['_w', 'no UTF-8'],
    [encodeCursor([]), 'a list'],
    [encodeCursor({}), 'an empty object'],
    [encodeCursor({ ...content, after: undefined }), 'no place to go on from'],
    [encodeCursor({ ...content, asked: { at: 1 } }), 'a parameter that is no text'],
    [encodeCursor({ ...content, asked: { colour: 'red' } }), 'an unknown parameter'],
    [encodeCursor({ ...content, asked: { constructor: 'red' } }), 'a parameter named like a method'],
    [encodeCursor({ ...content, asked: { cursor: 'x' } }), 'another cursor'],
    [encodeCursor({ ...content, asked: { status: 'frozen' } }), 'a wrong filter'],
    [encodeCursor({ ...content, clocks: { ...clocks, at: 'then' } }), 'a wrong clock'],
    [encodeCursor({ ...content, clocks: {} }), 'no clocks'],
    [encodeCursor({ ...content, after: 'x'.repeat(5_000) }), 'too much'],
  ])('is refused when it is %s (%s)', (text) => {
    expect(parametersOf(() => parseMattersQuery({ cursor: text }))).toEqual(['cursor']);
  });

  it('carries any JSON there and back', () => {
    expect(decodeCursor(encodeCursor({ a: ['ä', null, 1.5], b: { c: true } }))).toEqual({
      a: ['ä', null, 1.5],
      b: { c: true },
    });
    expect(encodeCursor({ a: '?>~' })).toMatch(/^[\w-]+$/);
  });
});
