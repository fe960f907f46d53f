import { ADMIN, expectProblem, type Got, law, pause, Service, withRecord } from '../support/api.ts';
import { aMatter, establishes, forbears, ordered, reported } from '../support/matter.ts';

let service: Service;
let matter: string;

beforeAll(async () => {
  service = await Service.start();
  matter = await withRecord(service);
});
afterAll(() => service.stop());

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const report = (id: string) => reported(id, '2024-02-01');
const revision = async (): Promise<number> => (await service.ask(`/v1/matters/${matter}`)).body.revision;
const entries = (): string => `/v1/matters/${matter}/entries`;

describe('a write', () => {
  it('answers with its receipt, its place and the matter’s revision', async () => {
    const before = await revision();
    const got = await service.post(entries(), report('receipt'));
    expect(got.status).toBe(201);
    expect(got.headers.get('location')).toBe(`${entries()}/receipt`);
    expect(got.headers.get('etag')).toBe(`"${before + 1}"`);
    expect(got.body).toEqual({
      id: 'receipt',
      eventId: expect.stringMatching(UUID7),
      revision: before + 1,
      position: expect.any(String),
      recordedAt: expect.stringMatching(/Z$/),
      warnings: expect.any(Array),
    });
    const read = await service.ask(`${entries()}/receipt`);
    expect(read.body).toMatchObject({ id: 'receipt', revision: before + 1, state: 'current', corrections: [] });
  });

  it('opens a matter at revision 0', async () => {
    const got = await service.post('/v1/matters', aMatter({ id: 'fresh' }));
    expect(got.status).toBe(201);
    expect(got.headers.get('location')).toBe('/v1/matters/fresh');
    expect(got.headers.get('etag')).toBe('"0"');
  });

  it('makes an id for an entry that has none', async () => {
    const { id: _, ...anonymous } = report('x');
    const got = await service.post(entries(), anonymous);
    expect(got.body.id).toMatch(UUID7);
    expect((await service.ask(got.headers.get('location') ?? '')).status).toBe(200);
  });

  it('adds a party, corrects an entry and takes it back', async () => {
    expect((await service.post(`/v1/matters/${matter}/parties`, { id: 'newcomer', name: 'New' })).status).toBe(201);
    await service.post(entries(), report('short-lived'));
    const corrected = await service.post(`${entries()}/short-lived/corrections`, {
      reason: 'A better title.',
      changes: { title: 'Better' },
    });
    expect(corrected.status).toBe(201);
    const read = await service.ask(`${entries()}/short-lived`);
    expect(read.body).toMatchObject({
      title: 'Better',
      state: 'corrected',
      corrections: [{ reason: 'A better title.' }],
    });
    const retracted = await service.post(`${entries()}/short-lived/retraction`, { reason: 'It never was.' });
    expect(retracted.status).toBe(201);
    expect((await service.ask(`${entries()}/short-lived`)).body.state).toBe('retracted');
    expectProblem(await service.post(entries(), report('short-lived')), 409, 'entry-retracted');
  });

  it('is in the log under the key that wrote it and the request’s id', async () => {
    await service.post(entries(), report('traced'), { 'x-request-id': 'trace-7' });
    const { items } = (await service.ask(`/v1/matters/${matter}/history?limit=1000`)).body;
    const { meta } = items.find(({ data }: { data: { id: string } }) => data.id === 'traced');
    expect(meta).toMatchObject({ actor: expect.stringMatching(/^key:/), correlation: 'trace-7' });
  });
});

describe('a repeat', () => {
  it('of the same content answers 200 with the first body', async () => {
    const first = await service.post(entries(), report('twice'));
    const second = await service.post(entries(), report('twice'), { 'if-match': '"0"' });
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect((await service.post('/v1/matters', aMatter())).status).toBe(200);
    expect(
      (await service.post(`/v1/matters/${matter}/parties`, { id: 'acme', name: 'acme', memberOf: ['firms'] })).status,
    ).toBe(200);
  });

  it('of an id with other content is refused', async () => {
    expectProblem(await service.post(entries(), { ...report('twice'), title: 'Other' }), 409, 'entry-differs');
    expectProblem(await service.post('/v1/matters', aMatter({ title: 'Other' })), 409, 'already-open');
  });

  it('of an Idempotency-Key answers the same, whatever came between', async () => {
    const { id: _, ...anonymous } = report('x');
    const headers = { 'idempotency-key': 'k-1' };
    const first = await service.post(entries(), { ...anonymous, title: 'Keyed' }, headers);
    await service.post(entries(), report('between'));
    const second = await service.post(entries(), { ...anonymous, title: 'Keyed' }, { ...headers, 'if-match': '"0"' });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expectProblem(
      await service.post(entries(), { ...anonymous, title: 'Not' }, headers),
      422,
      'idempotency-key-reused',
    );
  });

  it.each(['', ' ', 'with space', 'é', 'x'.repeat(201)])('needs a good Idempotency-Key, not %j', async (key) => {
    const got = await service.post(entries(), report('bad-key'), { 'idempotency-key': encodeLatin(key) });
    expectProblem(got, 400, 'malformed');
    expect(got.body.errors[0].parameter).toBe('Idempotency-Key');
  });
});

describe('If-Match', () => {
  it('lets exactly one of many writers through', async () => {
    const seen = await revision();
    const race = Array.from({ length: 20 }, (_, index) =>
      service.post(entries(), report(`racer-${seen}-${index}`), { 'if-match': `"${seen}"` }),
    );
    const got = await Promise.all(race);
    expect(got.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const lost of got.filter(({ status }) => status !== 201)) {
      expectProblem(lost, 412, 'revision-conflict');
      expect(lost.body.revision).toBe(seen + 1);
    }
  });

  it('takes any revision for *', async () => {
    expect((await service.post(entries(), report('star'), { 'if-match': '*' })).status).toBe(201);
  });

  it.each(['7', 'W/"7"', '"abc"', '"1", "2"', '"-1"', ''])('is refused as %j', async (ifMatch) => {
    const got = await service.post(entries(), report('never'), { 'if-match': ifMatch });
    expectProblem(got, 400, 'malformed');
    expect(got.body.errors[0].parameter).toBe('If-Match');
  });
});

const send = (path: string, body: unknown, key?: string): Promise<Got> =>
  service.ask(path, { method: 'POST', body, ...(key !== undefined && { key }) });

describe('the order of checks', () => {
  it('is 401, 403, 404, 400, 409, 412, 422', async () => {
    const nowhere = '/v1/matters/nowhere/entries';
    expectProblem(await send(nowhere, '{', 'a-bad-key'), 401, 'unauthorized');
    expectProblem(await send(nowhere, '{'), 401, 'unauthorized');
    expectProblem(await send(nowhere, '{', service.keys.auditor), 403, 'forbidden');
    expectProblem(await send(nowhere, '{', service.keys.recorder), 404, 'unknown-matter');
    expectProblem(await send(`${entries()}/nothing/corrections`, '{', service.keys.recorder), 404, 'unknown-entry');
    expectProblem(await send(entries(), '{', service.keys.recorder), 400, 'malformed-json');
    expectProblem(await service.post(entries(), { ...law, colour: 'red' }, { 'if-match': '"0"' }), 400, 'malformed');
    expectProblem(
      await service.post(entries(), { ...law, title: 'Other' }, { 'if-match': '"0"' }),
      409,
      'entry-differs',
    );
    const impossible = ordered('impossible', '2025-02-01', [forbears('f', { provisions: ['no-such'] })]);
    expectProblem(await service.post(entries(), impossible, { 'if-match': '"0"' }), 412, 'revision-conflict');
    expectProblem(await service.post(entries(), impossible), 422, 'unknown-provision');
  });

  const none = '01970000-0000-7000-8000-000000000000';
  it.each([
    ['GET', `/v1/evidence/inclusion/${none}`, 'unknown-event'],
    ['GET', '/tile/0/999', 'not-found'],
    ['GET', '/tile/entries/999', 'not-found'],
    ['DELETE', '/v1/feeds/nothing', 'not-found'],
    ['GET', `/v1/watches/${none}`, 'unknown-watch'],
    ['PATCH', `/v1/watches/${none}`, 'unknown-watch'],
    ['DELETE', `/v1/watches/${none}`, 'unknown-watch'],
    ['POST', `/v1/watches/${none}/test`, 'unknown-watch'],
    ['POST', `/v1/watches/${none}/rotate-secret`, 'unknown-watch'],
    ['GET', `/v1/watches/${none}/deliveries`, 'unknown-watch'],
    ['POST', `/v1/watches/${none}/deliveries/replay`, 'unknown-watch'],
    ['GET', `/v1/watches/${none}/alerts`, 'unknown-watch'],
  ])('looks for what the path names before it looks at parameters and body: %s %s', async (method, path, rule) => {
    const body = method === 'GET' ? {} : { body: '{' };
    for (const end of ['', '?colour=red'])
      expectProblem(await service.ask(`${path}${end}`, { method, key: ADMIN, ...body }), 404, rule);
  });
});

describe('a refused entry', () => {
  it('appends nothing, and names the rule and the place', async () => {
    const head = await service.head();
    const refused: readonly (readonly [unknown, number, string, string | undefined])[] = [
      [{ ...report('r'), effects: [establishes('another')] }, 422, 'authority-exceeded', '/effects/0'],
      [ordered('r', '2025-02-01', [forbears('f', { enforcers: ['nobody'] })]), 422, 'unknown-party', '/effects/0'],
      [ordered('r', '2025-02-01', pause.effects), 422, 'restraint-exists', '/effects/0'],
      [{ ...law, id: 'r', occurredOn: '2024-01-02', instrument: { id: 'r' } }, 422, 'provision-exists', '/effects/0'],
      [{ ...report('r'), effects: Array.from({ length: 201 }, () => pause.effects[0]) }, 422, 'too-many', undefined],
    ];
    for (const [body, status, rule, pointer] of refused) {
      const got = await service.post(entries(), body);
      expectProblem(got, status, rule);
      if (pointer !== undefined) expect(got.body.errors[0].pointer).toContain(pointer);
    }
    expectProblem(await service.post(`${entries()}/the-law/retraction`, { reason: 'x' }), 409, 'still-referenced');
    expect(await service.head()).toBe(head);
  });

  const good = report('malformed');
  it.each<[string, unknown, string]>([
    ['no object', [], ''],
    ['null', null, ''],
    ['a text', '"text"', ''],
    ['an unknown field', { ...good, colour: 1 }, '/colour'],
    ['a prototype key', '{"__proto__":{"a":1},"type":"ReportPublished"}', '/__proto__'],
    ['a constructor key', { ...good, constructor: 1 }, '/constructor'],
    ['an unknown type', { ...good, type: 'Nonsense' }, '/type'],
    ['a type with a call of its own', { ...good, type: 'MatterOpened' }, '/type'],
    ['a day that does not exist', { ...good, occurredOn: '2025-02-30' }, '/occurredOn'],
    ['a number for a text', { ...good, title: 7 }, '/title'],
    ['an empty title', { ...good, title: ' ' }, '/title'],
    ['a lone surrogate', '{"title":"\\ud800"}', '/title'],
    ['no author', { ...good, author: undefined }, '/author'],
    ['an author without a name', { ...good, author: {} }, '/author/name'],
    ['no sources', { ...good, sources: [] }, '/sources'],
    ['a source that is none', { ...good, sources: [7] }, '/sources/0'],
    [
      'a URL that runs',
      { ...good, sources: [{ title: 't', publisher: 'p', evidence: 'official', url: 'javascript:1' }] },
      '/sources/0/url',
    ],
    ['an unknown effect', { ...good, effects: [{ kind: 'explodes' }] }, '/effects/0/kind'],
    [
      'a bad basis',
      { ...pause, effects: [{ ...pause.effects[0], until: { period: 'P1Q' } }] },
      '/effects/0/until/period',
    ],
    ['an id that is none', { ...good, id: 'Not An Id' }, '/id'],
    ['an id with a slash', { ...good, id: 'a/b' }, '/id'],
    ['a huge number', '{"order":1e999}', '/order'],
    ['an order out of range', { ...good, order: 1e9 }, '/order'],
  ])('with %s points to it', async (_, body, pointer) => {
    const got = await service.post(entries(), body);
    expectProblem(got, 400, 'malformed');
    expect(got.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('nested without end is refused', async () => {
    expectProblem(await service.post(entries(), '['.repeat(100_000)), 400, 'malformed-json');
    expectProblem(await service.post(entries(), `${'['.repeat(1000)}${']'.repeat(1000)}`), 400, 'malformed');
    expectProblem(await service.post(entries(), `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`), 400, 'malformed');
  });
});

/** fetch sends header values as Latin-1. */
function encodeLatin(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
