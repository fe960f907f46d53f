import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as fc from 'fast-check';
import {
  datasetSchema,
  decodeCursor,
  encodeCursor,
  Malformed,
  parseCorrection,
  parseDataset,
  parseEntry,
  parseMatter,
  parseMattersQuery,
  parseParty,
  parseRetraction,
  parseWhatIf,
} from '#libs/contract';

/** The value as read, or the refusal. Anything else that is thrown fails the test. */
const attempt = (parse: (value: unknown) => unknown, value: unknown) => {
  try {
    return { read: parse(value) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { errors: error.errors };
  }
};

const parsers = [parseMatter, parseParty, parseEntry, parseCorrection, parseRetraction, parseWhatIf, parseDataset];

const source = {
  title: 'Order',
  publisher: 'Court',
  url: 'https://example.org/1',
  publishedOn: '2025-01-20',
  evidence: 'official',
};
const base: unknown = {
  id: 'order-1',
  type: 'ExecutiveActIssued',
  occurredOn: '2025-01-20',
  occurredAt: '2025-01-20T12:00:00Z',
  order: 2,
  title: 'No enforcement for 75 days',
  summary: 'In short.',
  author: { kind: 'executive', name: 'President', party: 'president', jurisdiction: 'US' },
  instrument: { id: 'order-1', kind: 'executive-order', citation: '90 FR 8611', bindsOn: 'adoption' },
  vote: { yes: 3, rollCall: '7' },
  sources: [source],
  effects: [
    {
      kind: 'restrains',
      restraint: 'pause',
      form: 'forbearance',
      provisions: ['ban'],
      protects: ['a', 'b'],
      until: { latest: [{ period: 'P75D', after: { entry: 'order-1' }, rule: 'us.plain' }, '2025-04-05'] },
      liability: { state: 'disclaimed', from: '2025-01-19' },
    },
    {
      kind: 'sets-deadline',
      deadline: 'd',
      title: 'D',
      deadlineKind: 'review',
      obligated: [],
      basis: { contingent: 'x' },
    },
    { kind: 'ends', instrument: 'i', how: 'vacated', on: { instant: '2025-01-20T12:00:00Z' } },
  ],
};

const matter = { id: 'm', title: 'M', jurisdiction: 'EU', timeZone: 'Europe/Brussels', parties: [] };
const ajv = new Ajv2020({ strict: true, strictRequired: false });
formats.default(ajv);
const validate = ajv.compile(datasetSchema());

/** Every place in a value, as a path. */
const places = (value: unknown, path: readonly string[] = []): (readonly string[])[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))
    : []),
];

const replaced = (value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown => {
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === step ? replaced(item, rest, by) : item));
  const entries = Object.entries(Object(value)).map(([key, item]) => [
    key,
    key === step ? replaced(item, rest, by) : item,
  ]);
  return Object.fromEntries(entries);
};

const words = [
  '2025-02-29',
  '2024-02-29',
  'all',
  'P3M',
  'EU',
  'ends',
  'constructor',
  '__proto__',
  '',
  '\ud800',
  '\u0000',
];
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4, noUnicodeString: false }),
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withSparseArray: true,
  }),
  fc.constantFrom<unknown>(...words, null, undefined, -0, Number.NaN, 1e308, [], {}, [[]], [{}]),
  fc.dictionary(
    fc.constantFrom(...words, 'kind', 'date', 'earliest', 'period', 'toString'),
    fc.jsonValue({ maxDepth: 2 }),
  ),
);

describe('whatever arrives', () => {
  it('is read whole or refused with pointers', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(...parsers), (value, parse) => {
        const { read = value, errors } = attempt(parse, value);
        expect(read).toEqual(value);
        expect(errors).not.toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('in the place of any part of an entry, is read whole or refused at, above or below that place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places(base)), anything, (path, by) => {
        const value = replaced(base, path, by);
        const { read = value, errors = [] } = attempt(parseEntry, value);
        expect(read).toEqual(value);
        const place = path.map((step) => `/${step}`).join('');
        // What an object may hold hangs on its discriminator, and on which of its alternatives it has.
        const owner = place.slice(0, place.lastIndexOf('/'));
        for (const { pointer = '' } of errors)
          expect(pointer.startsWith(place) || place.startsWith(pointer) || pointer.startsWith(owner)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('and is read, is no mistake in the eyes of the schema', () => {
    const plausible = fc.constantFrom<unknown>(
      '2024-02-29',
      '2025-01-20T12:00:00.123456789-05:00',
      'all',
      'P3M',
      'EU',
      'ends',
      'a',
      'A title',
      'https://example.org/ä?b=c#d',
      0,
      -7,
      true,
      [],
      {},
      ['a'],
      ['2024-02-29'],
      [{ date: '2024-02-29', inclusive: 'no' }],
      { 'a b': 'c', d: 1.5 },
      { latest: ['2024-02-29'] },
      { contingent: 'x', latest: '2024-02-29' },
      { instrument: 'a' },
      { instant: '2024-02-29T00:00:00Z' },
    );
    let read = 0;
    fc.assert(
      fc.property(fc.constantFrom(...places(base)), plausible, (path, by) => {
        const entry = replaced(base, path, by);
        if (attempt(parseEntry, entry).errors) return;
        read += 1;
        expect(validate({ matter, entries: [entry] }) || validate.errors).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('as a new field of any part of an entry, is refused', () => {
    const objects = places(base).filter((path) => {
      const at = path.reduce<unknown>((value, step) => Reflect.get(Object(value), step), base);
      return typeof at === 'object' && !Array.isArray(at) && !path.includes('vote');
    });
    fc.assert(
      fc.property(fc.constantFrom(...objects), fc.string(), fc.jsonValue({ maxDepth: 2 }), (path, name, by) => {
        const at = path.reduce<unknown>((value, step) => Reflect.get(Object(value), step), base);
        fc.pre(!Object.hasOwn(Object(at), name));
        const value = replaced(base, path, { ...Object(at), [`x-${name}`]: by });
        expect(attempt(parseEntry, value).errors).toHaveLength(1);
      }),
    );
  });

  it('as a query, is read or refused by parameter', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('2025-01-01', 'stayed', 'US,EU', '10', encodeCursor({ call: 'matters' })),
    );
    const names = fc.constantFrom(
      'at',
      'knownAt',
      'limit',
      'cursor',
      'status',
      'q',
      'tag',
      '__proto__',
      'constructor',
      'x',
    );
    fc.assert(
      fc.property(fc.dictionary(names, fc.oneof(text, fc.array(text))), (raw) => {
        const { errors = [] } = attempt(() => parseMattersQuery(raw), raw);
        for (const { parameter } of errors) expect(parameter).toEqual(expect.any(String));
      }),
      { numRuns: 1_000 },
    );
  });

  it('as a cursor, is what was put into it or refused', () => {
    const content = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.jsonValue({ maxDepth: 2 }),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(content, (value) => {
        const copy: unknown = JSON.parse(JSON.stringify(value));
        const { read, errors } = attempt((text) => decodeCursor(String(text)), encodeCursor(value));
        expect(errors === undefined ? read : copy).toEqual(copy);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => attempt((value) => decodeCursor(String(value)), text) !== undefined));
  });
});
