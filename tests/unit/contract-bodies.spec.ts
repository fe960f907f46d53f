import {
  datasetNotes,
  Malformed,
  parseCorrection,
  parseDataset,
  parseMatter,
  parseParty,
  parseRetraction,
  parseWhatIf,
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
const pointersOf = (attempt: () => unknown) => errorsOf(attempt).map((error) => error.pointer);

const source = { title: 'Order', publisher: 'Court', evidence: 'court-copy' };
const entry = {
  type: 'CourtRuled',
  occurredOn: '2025-01-02',
  title: 'T',
  author: { name: 'C' },
  sources: [source],
  effects: [],
};
const matter = {
  id: 'us-a',
  title: 'A',
  jurisdiction: 'US',
  timeZone: 'America/New_York',
  description: 'Two lines\nof words.',
  tags: ['apps', 'United States'],
  parties: [
    { id: 'stores', name: 'App stores', kind: 'class' },
    { id: 'apple', name: 'Apple', memberOf: ['stores'] },
    { id: 'doj', name: 'Attorney General', kind: 'enforcer', jurisdiction: 'US', independent: false },
  ],
};

describe('a matter', () => {
  it('is read as it was written', () => {
    expect(parseMatter(matter)).toEqual(matter);
    expect(parseMatter({ ...matter, parties: [] }).parties).toEqual([]);
  });

  it.each(['US', 'US-MT', 'EU', 'GB-WLS', 'FR', 'INTL'])('may be of %s', (jurisdiction) => {
    expect(parseMatter({ ...matter, jurisdiction }).jurisdiction).toBe(jurisdiction);
  });

  it.each(['UTC', 'Europe/Brussels', 'America/Argentina/Buenos_Aires'])('may live by %s', (timeZone) => {
    expect(parseMatter({ ...matter, timeZone }).timeZone).toBe(timeZone);
  });

  it.each([
    ['/timeZone', { timeZone: 'America/Gotham' }],
    ['/timeZone', { timeZone: '+02:00' }],
    ['/timeZone', { timeZone: '' }],
    ['/timeZone', { timeZone: 'a/'.repeat(10_000) }],
    ['/timeZone', { timeZone: 7 }],
    ['/jurisdiction', { jurisdiction: 'us' }],
    ['/jurisdiction', { jurisdiction: 'US-' }],
    ['/jurisdiction', { jurisdiction: 'A-'.repeat(15) }],
    ['/tags', { tags: 'apps' }],
    ['/tags/1', { tags: ['apps', 'apps'] }],
    ['/tags/0', { tags: ['a,b'] }],
    ['/description', { description: 'x'.repeat(20_001) }],
    ['/parties', { parties: undefined }],
    ['/parties/0', { parties: ['apple'] }],
    ['/parties/0/id', { parties: [{ name: 'Apple' }] }],
    ['/parties/0/kind', { parties: [{ id: 'a', name: 'A', kind: 'Big Firm' }] }],
    ['/parties/0/memberOf/0', { parties: [{ id: 'a', name: 'A', memberOf: [{}] }] }],
    ['/parties/0/independent', { parties: [{ id: 'a', name: 'A', independent: 'no' }] }],
    [
      '/parties/1/id',
      {
        parties: [
          { id: 'a', name: 'A' },
          { id: 'a', name: 'B' },
        ],
      },
    ],
    ['/parties/0/colour', { parties: [{ id: 'a', name: 'A', colour: 'red' }] }],
    ['/colour', { colour: 'red' }],
  ])('is refused at %s', (pointer, change) => {
    expect(pointersOf(() => parseMatter(JSON.parse(JSON.stringify({ ...matter, ...change }))))).toEqual([pointer]);
  });
});

describe('a party', () => {
  it('may have any kind that is a word', () => {
    const party = { id: 'apple', name: 'Apple', kind: 'gatekeeper' };
    expect(parseParty(party)).toEqual(party);
    expect(pointersOf(() => parseParty({ name: '' }))).toEqual(['/id', '/name']);
  });
});

describe('a correction', () => {
  it('patches anything but the id and the type', () => {
    const correction = {
      reason: 'The date was misread.',
      changes: { occurredOn: '2025-01-03', summary: null },
      sources: [source],
    };
    expect(parseCorrection(correction)).toEqual(correction);
    expect(errorsOf(() => parseCorrection({ reason: 'r', changes: { id: 'a', type: null, title: 'b' } }))).toEqual([
      { pointer: '/changes/id', message: 'cannot be changed' },
      { pointer: '/changes/type', message: 'cannot be changed' },
    ]);
  });

  it('leaves the shape of the result to the entry that it makes', () => {
    expect(parseCorrection({ reason: 'r', changes: { colour: 'red' } }).changes).toEqual({ colour: 'red' });
  });

  it.each([
    ['/changes', { reason: 'r' }],
    ['/changes', { reason: 'r', changes: [] }],
    ['/changes', { reason: 'r', changes: null }],
    ['/reason', { changes: {} }],
    ['/reason', { reason: ' ', changes: {} }],
    ['/sources/0/evidence', { reason: 'r', changes: {}, sources: [{ ...source, evidence: 'rumour' }] }],
    ['/entry', { reason: 'r', changes: {}, entry: 'a' }],
  ])('is refused at %s', (pointer, body) => {
    expect(pointersOf(() => parseCorrection(body))).toEqual([pointer]);
  });

  it('cannot carry a name that would be an assignment to whoever applies it', () => {
    const body: unknown = JSON.parse('{ "reason": "r", "changes": { "author": { "__proto__": { "x": 1 } } } }');
    expect(pointersOf(() => parseCorrection(body))).toEqual(['/changes/author/__proto__']);
  });
});

describe('a retraction', () => {
  it('needs a reason', () => {
    expect(parseRetraction({ reason: 'r', allowOrphans: true })).toEqual({ reason: 'r', allowOrphans: true });
    expect(pointersOf(() => parseRetraction({ allowOrphans: 'yes' }))).toEqual(['/reason', '/allowOrphans']);
  });
});

describe('a what-if', () => {
  it('asks about entries at a day or an instant', () => {
    const body = { entries: [entry], at: '2025-02-01', party: 'apple', enforcer: 'doj' };
    expect(parseWhatIf(body)).toEqual(body);
    expect(parseWhatIf({ entries: [], at: '2025-02-01T10:00:00Z' }).entries).toEqual([]);
  });

  it('is refused for what is wrong in any entry', () => {
    const body = { entries: [entry, { ...entry, type: 'Decree' }, { ...entry, occurredOn: '2025-02-30' }], at: 'soon' };
    expect(pointersOf(() => parseWhatIf(body))).toEqual(['/entries/1/type', '/entries/2/occurredOn', '/at']);
  });
});

describe('a dataset', () => {
  it('is a matter with its entries, and may name its schema', () => {
    const dataset = { $schema: '../schema/dataset.json', matter, entries: [entry, { ...entry, id: 'b' }] };
    expect(parseDataset(dataset)).toEqual(dataset);
  });

  it('may be far larger than a body', () => {
    const effects = Array.from({ length: 200 }, () => ({ kind: 'satisfies', condition: 'c' }));
    const entries = Array.from({ length: 150 }, () => ({ ...entry, effects }));
    expect(parseDataset({ matter, entries }).entries).toHaveLength(150);
    expect(pointersOf(() => parseWhatIf({ entries }))).toEqual(['']);
  });

  it('may carry its author’s notes beside the record, which are left out', () => {
    const file = {
      matter,
      entries: [],
      questions: [{ at: '2025-01-01', headline: 'no-record' }],
      unverified: ['a date'],
    };
    expect(parseDataset(file)).toEqual({ matter, entries: [] });
    expect(datasetNotes(file)).toEqual(['questions', 'unverified']);
  });

  it('is refused for what is wrong anywhere in it', () => {
    const dataset = {
      matter: { ...matter, timeZone: 'Mars' },
      entries: [{ ...entry, effects: [{ kind: 'ends' }] }],
    };
    expect(new Set(pointersOf(() => parseDataset(dataset)))).toEqual(
      new Set(['/entries/0/effects/0', '/entries/0/effects/0/how', '/matter/timeZone']),
    );
    expect(pointersOf(() => parseDataset({}))).toEqual(['/matter', '/entries']);
  });
});
