import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { datasetSchema, Malformed, openApiParameters, openApiSchemas, parseDataset } from '#libs/contract';
import { effectKinds, entryTypes } from '#libs/matter';

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
formats.default(ajv);
const validate = ajv.compile(datasetSchema());

const source = {
  title: 'Rule',
  publisher: 'Agency',
  url: 'https://example.org/1',
  publishedOn: '2024-03-06',
  evidence: 'official',
};
const rule = {
  $schema: './dataset.schema.json',
  matter: {
    id: 'us-rule',
    title: 'A rule and its stay',
    jurisdiction: 'US',
    timeZone: 'America/New_York',
    parties: [
      { id: 'registrants', name: 'Registrants', kind: 'class' },
      { id: 'agency', name: 'Agency', kind: 'enforcer', jurisdiction: 'US', independent: true },
    ],
  },
  entries: [
    {
      id: 'rule',
      type: 'RuleIssued',
      occurredOn: '2024-03-06',
      title: 'Final rule',
      author: { kind: 'agency', name: 'Agency' },
      instrument: { id: 'rule-1', kind: 'rule', citation: '89 FR 1' },
      sources: [source],
      effects: [
        {
          kind: 'establishes',
          provision: 'disclosure',
          title: 'Disclosure',
          norm: 'duty',
          addressees: ['registrants'],
          enforcers: ['agency'],
          force: { period: 'P60D', after: { instrument: 'rule-1' }, rule: 'us.ofr' },
          applies: { latest: ['2025-01-01', { date: '2025-02-01' }] },
        },
      ],
    },
    {
      type: 'CourtRuled',
      occurredOn: '2024-03-15',
      occurredAt: '2024-03-15T16:00:00-05:00',
      order: 1,
      title: 'Stay',
      author: { kind: 'court', name: 'Court of Appeals' },
      sources: [source],
      effects: [
        {
          kind: 'restrains',
          restraint: 'stay',
          form: 'stay',
          provisions: ['disclosure'],
          protects: 'all',
          until: { contingent: 'completion of judicial review', condition: 'review', latest: '2030-01-01' },
        },
        { kind: 'lifts', restraint: 'stay', on: '2024-03-22', how: 'dissolved' },
      ],
    },
  ],
};

const bill = {
  matter: {
    id: 'fr-bill',
    title: 'A bill',
    jurisdiction: 'FR',
    timeZone: 'Europe/Paris',
    tags: ['platforms'],
    parties: [],
  },
  entries: [
    {
      type: 'BillFailed',
      outcome: 'lapsed',
      occurredOn: '2023-07-01',
      title: 'Lapsed with the session',
      author: { name: 'Assemblée' },
      vote: { pour: 12, contre: 40, scrutin: '7' },
      sources: [source],
      effects: [{ kind: 'replaces', instrument: 'a', by: 'b' }],
    },
  ],
};

/** A change somewhere inside a dataset. */
const changed = (path: readonly (string | number)[], value: unknown) => {
  const copy: unknown = structuredClone(rule);
  const last = path.at(-1) ?? '';
  const owner = path.slice(0, -1).reduce<unknown>((at, step) => Reflect.get(Object(at), step), copy);
  Reflect.set(Object(owner), last, value);
  return copy;
};
const first = ['entries', 0, 'effects', 0] as const;
const stay = ['entries', 1, 'effects', 0] as const;

describe('the schema of a dataset', () => {
  it.each([
    ['a rule', rule],
    ['a bill', bill],
  ])('accepts %s, as the parser does', (_, dataset) => {
    expect(validate(dataset) || validate.errors).toBe(true);
    expect(parseDataset(dataset)).toEqual(dataset);
  });

  it('accepts notes beside the record, as the parser does', () => {
    expect(validate({ ...rule, questions: [], unverified: ['a date'] })).toBe(true);
  });

  it.each<[readonly (string | number)[], unknown]>([
    [['matter', 'colour'], 'red'],
    [['matter', 'id'], 'US'],
    [['matter', 'parties', 0, 'colour'], 'red'],
    [['entries', 0, 'colour'], 'red'],
    [['entries', 0, 'type'], 'Decree'],
    [['entries', 0, 'type'], 'MatterOpened'],
    [['entries', 0, 'outcome'], 'failed'],
    [['entries', 0, 'occurredOn'], '2025-02-30'],
    [['entries', 0, 'sources'], []],
    [['entries', 0, 'sources', 0, 'url'], 'ftp://example.org/'],
    [['entries', 0, 'title'], ''],
    [['entries', 0, 'order'], 1.5],
    [['entries', 0, 'author', 'kind'], 'king'],
    [[...first, 'kind'], 'makes'],
    [[...first, 'colour'], 'red'],
    [[...first, 'force'], '2025-02-30'],
    [[...first, 'force'], { earliest: [] }],
    [[...first, 'force', 'rule'], 'us.frcp7'],
    [[...first, 'force', 'before'], '2025-01-01'],
    [[...first, 'force', 'after'], { instrument: 'a', entry: 'b' }],
    [
      [...first, 'addressees'],
      ['a', 'a'],
    ],
    [[...stay, 'of'], ['x']],
    [[...stay, 'protects'], 'some'],
    [[...stay, 'protects'], []],
    [[...stay, 'until', 'latest'], ['2030-01-01']],
  ])('refuses a change at %j, as the parser does', (path, value) => {
    const dataset = changed(path, value);
    expect(validate(dataset)).toBe(false);
    expect(() => parseDataset(dataset)).toThrow(Malformed);
  });

  it('describes every kind of effect and type of entry', () => {
    const text = JSON.stringify(datasetSchema());
    for (const word of [...effectKinds, ...Object.keys(entryTypes)]) expect(text).toContain(`"${word}"`);
  });

  it('is made anew each time, so that nobody’s changes reach another', () => {
    expect(datasetSchema()).toEqual(datasetSchema());
    expect(datasetSchema()).not.toBe(datasetSchema());
  });
});

describe('the schemas of the API document', () => {
  const schemas = openApiSchemas();

  it('have all that they refer to', () => {
    const references = JSON.stringify(schemas).matchAll(/#\/components\/schemas\/(\w+)/g);
    for (const [, name = ''] of references) expect(Object.keys(schemas)).toContain(name);
    for (const body of ['Matter', 'Party', 'Entry', 'Correction', 'Retraction', 'WhatIf'])
      expect(schemas).toHaveProperty(body);
  });

  it('refuse unknown fields and describe themselves', () => {
    // A dataset is a file, and may carry its author's notes; everything else is a body or a part of one.
    const { Dataset: _Dataset, ...closed } = schemas;
    for (const schema of Object.values(closed))
      expect('type' in schema ? schema : { additionalProperties: false, description: '' }).toMatchObject({
        additionalProperties: false,
        description: expect.any(String),
      });
  });

  it('choose effects by kind and entries by type', () => {
    expect(schemas['Effect']).toMatchObject({
      discriminator: { propertyName: 'kind', mapping: { postpones: '#/components/schemas/MovesStart' } },
    });
    expect(schemas['Entry']).toMatchObject({
      discriminator: { propertyName: 'type', mapping: { BillFailed: '#/components/schemas/BillFailed' } },
    });
  });

  it('list the parameters of each call', () => {
    const { matters = [], search = [] } = openApiParameters();
    expect(matters).toContainEqual(
      expect.objectContaining({ name: 'tag', in: 'query', required: false, explode: false }),
    );
    expect(matters).toContainEqual(
      expect.objectContaining({ name: 'limit', schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } }),
    );
    expect(search).toContainEqual(expect.objectContaining({ name: 'q', required: true }));
  });
});
