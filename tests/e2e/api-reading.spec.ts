import { setTimeout } from 'node:timers/promises';
import { ADMIN, expectProblem, Service, withRecord } from '../support/api.ts';
import { aMatter } from '../support/matter.ts';

let service: Service;
let matter: string;

beforeAll(async () => {
  service = await Service.start();
  matter = await withRecord(service);
});
afterAll(() => service.stop());

const at = '2025-02-01';
const reads = (id: string): string[] => [
  '/v1/matters',
  `/v1/matters/${id}`,
  `/v1/matters/${id}/status`,
  `/v1/matters/${id}/status?at=${at}&party=acme&enforcer=doj`,
  `/v1/matters/${id}/timeline?from=2024-01-01&to=2025-12-31&party=acme`,
  `/v1/matters/${id}/entries`,
  `/v1/matters/${id}/entries/the-law`,
  `/v1/matters/${id}/deadlines?state=scheduled,reached,lapsed`,
  `/v1/matters/${id}/diff?knownFrom=2020-01-01`,
  `/v1/matters/${id}/history`,
  '/v1/deadlines?from=2020-01-01&jurisdiction=US',
  '/v1/log',
  '/v1/search?q=law',
];

describe('every read', () => {
  it('answers JSON with an ETag and the clocks as they were resolved', async () => {
    for (const path of reads(matter)) {
      const got = await service.ask(path);
      expect({ path, status: got.status }).toEqual({ path, status: 200 });
      expect(got.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(got.headers.get('etag')).toMatch(/^"[^"]+"$/);
      expect(got.body.clocks).toMatchObject({ at: expect.any(String), knownAt: expect.any(String), publishedBy: null });
    }
  });

  it('says 304 to whoever has the answer already', async () => {
    for (const path of reads(matter)) {
      const { headers } = await service.ask(path);
      const etag = headers.get('etag') ?? '';
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await service.ask(path, { headers: { 'if-none-match': known } });
        expect({ path, known, status: again.status, text: again.text }).toEqual({ path, known, status: 304, text: '' });
        expect(again.headers.get('etag')).toBe(etag);
      }
      const other = await service.ask(path, { headers: { 'if-none-match': '"other"' } });
      expect({ path, status: other.status }).toEqual({ path, status: 200 });
    }
  });

  it('answers HEAD like GET, without a body', async () => {
    for (const path of reads(matter)) {
      const [head, get] = [await service.ask(path, { method: 'HEAD' }), await service.ask(path)];
      expect({ path, status: head.status, text: head.text }).toEqual({ path, status: 200, text: '' });
      expect({ path, etag: head.headers.get('etag') }).toEqual({ path, etag: get.headers.get('etag') });
    }
  });

  it('prints back the clocks it was given', async () => {
    const asked = `at=${at}&knownAt=2099-01-01&publishedBy=2025-12-31`;
    for (const path of reads(matter).filter((each) => !each.includes('at='))) {
      const got = await service.ask(`${path}${path.includes('?') ? '&' : '?'}${asked}`);
      expect({ path, clocks: got.body.clocks }).toEqual({
        path,
        clocks: expect.objectContaining({ at, publishedBy: '2025-12-31' }),
      });
    }
  });

  it('refuses unknown, repeated and bad parameters by name', async () => {
    for (const path of reads(matter)) {
      const join = path.includes('?') ? '&' : '?';
      for (const [query, parameter] of [
        ['colour=red', 'colour'],
        ['__proto__=1', '__proto__'],
        ['minPosition=1&minPosition=1', 'minPosition'],
        ['publishedBy=2025-02-30', 'publishedBy'],
        ['knownAt=yesterday', 'knownAt'],
      ]) {
        const got = await service.ask(`${path}${join}${query}`);
        expectProblem(got, 400, 'malformed');
        expect(got.body.errors.map((error: { parameter: string }) => error.parameter)).toContain(parameter);
      }
    }
  });

  it('bears the first and the last day and instant there is', async () => {
    const ends = ['0001-01-01', '9999-12-31', '0001-01-01T00:00:00%2B14:00', '9999-12-31T23:59:59-12:00'];
    for (const path of reads(matter))
      for (const clock of ['at', 'knownAt', 'publishedBy', 'from', 'to', 'knownTo'])
        for (const end of ends) {
          const got = await service.ask(`${path}${path.includes('?') ? '&' : '?'}${clock}=${end}`);
          expect({ path, clock, end, status: got.status < 500 ? 'fine' : got.status }).toMatchObject({
            status: 'fine',
          });
        }
  });

  it('waits for a position, and says so when it does not come', async () => {
    const { body } = await service.post(`/v1/matters/${matter}/parties`, { id: `p${Date.now()}`, name: 'Another' });
    for (const path of ['/v1/matters', `/v1/matters/${matter}/status`])
      expect((await service.ask(`${path}?minPosition=${body.position}`)).status).toBe(200);
    expectProblem(await service.ask('/v1/matters?minPosition=abc'), 400, 'malformed');
    const late = await service.ask(`/v1/matters/${matter}?minPosition=${2n ** 62n}`);
    expectProblem(late, 503, 'not-caught-up');
    expect(late.headers.get('retry-after')).toBe('1');
  }, 15_000);
});

describe('one matter', () => {
  it('has its revision as ETag', async () => {
    const { headers, body } = await service.ask(`/v1/matters/${matter}`);
    expect(headers.get('etag')).toBe(`"${body.revision}"`);
    expect(body).toMatchObject({ id: matter, parties: expect.any(Array) });
  });

  it('has a status', async () => {
    const { body } = await service.ask(`/v1/matters/${matter}/status?at=${at}&party=acme`);
    expect(body).toMatchObject({ matter, party: 'acme', enforcer: null, clocks: { at } });
    expect(body.provisions[0].provision).toBe('duty');
  });

  it.each(['party=nobody', 'enforcer=nobody'])('does not know %s', async (query) => {
    const got = await service.ask(`/v1/matters/${matter}/status?${query}`);
    expectProblem(got, 422, 'unknown-party');
    expect(got.body.errors).toEqual([{ parameter: query.split('=')[0], message: expect.any(String) }]);
  });

  it('is not there under another id', async () => {
    for (const id of ['no-such-matter', 'UPPER', '%00', 'a'.repeat(200), 'constructor', '__proto__']) {
      for (const path of ['status', 'timeline', 'entries', 'entries/x', 'deadlines', 'history', 'events', 'diff']) {
        const got = await service.ask(`/v1/matters/${encodeURIComponent(id)}/${path}?bad=1`);
        expect({ id, path, status: got.status }).toEqual({ id, path, status: 404 });
      }
    }
    expectProblem(await service.ask('/v1/matters/no-such-matter'), 404, 'unknown-matter');
    expectProblem(await service.ask(`/v1/matters/${matter}/entries/no-such-entry?bad=1`), 404, 'unknown-entry');
  });
});

describe('lists', () => {
  it('go on where the last page ended, and keep filter and clocks', async () => {
    for (const path of [`/v1/matters/${matter}/entries`, `/v1/matters/${matter}/history`, '/v1/log']) {
      const whole = (await service.ask(`${path}?limit=200`)).body.items;
      const pages: unknown[] = [];
      let next: string | null = null;
      do {
        const got = await service.ask(`${path}?limit=1${next === null ? '' : `&cursor=${next}`}`);
        pages.push(...got.body.items);
        ({ next } = got.body);
      } while (next !== null);
      expect(pages).toEqual(whole);
    }
  });

  it('refuse a cursor of another list, or one that was made up', async () => {
    const { body } = await service.ask(`/v1/matters/${matter}/entries?limit=1`);
    for (const [path, cursor] of [
      ['/v1/log', body.next],
      [`/v1/matters/${matter}/history`, body.next],
      ['/v1/matters', 'abc'],
      ['/v1/log', Buffer.from('{"call":"log","asked":{},"clocks":{},"after":{"after":"-1"}}').toString('base64url')],
    ]) {
      const got = await service.ask(`${path}?cursor=${cursor}`);
      expectProblem(got, 400, 'malformed');
      expect(got.body.errors[0].parameter).toBe('cursor');
    }
  });

  it('of the log hold what was recorded while they were read, at its end', async () => {
    const first = (await service.ask('/v1/log?limit=1')).body;
    await service.post(`/v1/matters/${matter}/parties`, { id: `q${Date.now()}`, name: 'Later' });
    const rest = (await service.ask(`/v1/log?limit=1000&cursor=${first.next}`)).body;
    expect(rest.items.some((event: { data: { name: string } }) => event.data.name === 'Later')).toBe(false);
    const last = rest.items.at(-1).position;
    const more = (await service.ask(`/v1/log?after=${last}`)).body;
    expect(more.items.map((event: { data: { name: string } }) => event.data.name)).toContain('Later');
  });

  it('of matters filter by headline, tag, jurisdiction and words', async () => {
    const other = 'tagged';
    const opened = await service.post(
      '/v1/matters',
      aMatter({
        id: 'tagged',
        title: 'Quite another',
        tags: ['blue'],
        jurisdiction: 'EU',
      }),
    );
    expect(opened.status).toBe(201);
    await service.settle();
    for (const [query, found] of [
      ['tag=blue', [other]],
      ['jurisdiction=EU,GB', [other]],
      ['q=quite', [other]],
      ['tag=red', []],
      ['status=no-record', [other]],
      ['status=repealed,vacated', []],
    ] as const)
      expect((await service.ask(`/v1/matters?${query}`)).body.items.map(({ id }: { id: string }) => id)).toEqual(found);
    expectProblem(await service.ask('/v1/matters?status=purple'), 400, 'malformed');
  });

  it('says 304 also for a page that others follow', async () => {
    for (const path of ['/v1/matters?limit=1', '/v1/deadlines?limit=1', '/v1/log?limit=1']) {
      const { headers, body } = await service.ask(path);
      expect(body.next).toEqual(expect.any(String));
      await setTimeout(5);
      const again = await service.ask(path, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
      expect({ path, status: again.status, etag: again.headers.get('etag') }).toEqual({
        path,
        status: 304,
        etag: headers.get('etag'),
      });
    }
  });

  it('of deadlines know the parties that there are', async () => {
    expect((await service.ask('/v1/deadlines?party=doj')).status).toBe(200);
    const got = await service.ask('/v1/deadlines?party=nobody');
    expectProblem(got, 422, 'unknown-party');
    expect(got.body.errors[0].parameter).toBe('party');
  });

  it('of the log hold only what was known and public then', async () => {
    expect((await service.ask('/v1/log?knownAt=2020-01-01')).body.items).toEqual([]);
    expect((await service.ask('/v1/log?knownAt=2099-01-01')).body.items.length).toBeGreaterThan(3);
    const early = (await service.ask('/v1/log?publishedBy=2024-06-01&limit=1000')).body.items;
    const ids = early.map(({ data }: { data: { id: string } }) => data.id);
    expect(ids).toContain('the-law');
    expect(ids).not.toContain('the-pause');
  });

  it('of found entries hold only what was believed then', async () => {
    expect((await service.ask('/v1/search?q=pause')).body.items[0]).toMatchObject({ entry: 'the-pause' });
    expect((await service.ask('/v1/search?q=pause&knownAt=2020-01-01')).body.items).toEqual([]);
    expectProblem(await service.ask('/v1/search'), 400, 'malformed');
    for (const q of ['"', 'a AND', '*', '%25', "'--", 'NEAR(', '(']) {
      expect((await service.ask(`/v1/search?q=${encodeURIComponent(q)}`)).status).toBe(200);
    }
  });
});

const whatIf = (body: unknown) => service.ask(`/v1/matters/${matter}/what-if`, { method: 'POST', body });

describe('what-if', () => {
  const entries = [{ type: 'ReportPublished', occurredOn: '2025-02-01', title: 'x', author: { name: 'The Paper' } }];

  it('answers before and after to anybody, and records nothing', async () => {
    const head = await service.head();
    const got = await whatIf({
      at,
      entries: [{ ...entries[0], sources: [{ title: 't', publisher: 'p', evidence: 'official' }], effects: [] }],
    });
    expect(got.status).toBe(200);
    expect(Object.keys(got.body)).toEqual(expect.arrayContaining(['before', 'after', 'changes', 'deadlines']));
    expect(await service.head()).toBe(head);
  });

  it('is refused like an entry', async () => {
    const got = await whatIf({ entries });
    expectProblem(got, 400, 'malformed');
    expect(got.body.errors[0].pointer).toMatch(/^\/entries\/0\//);
  });
});

it('stays silent about its keys in the log', async () => {
  await service.ask('/v1/matters', { key: ADMIN });
  await service.ask('/v1/matters', { key: 'not-a-key' });
  const { recorder } = service.keys;
  const logged = JSON.stringify(service.logged);
  for (const secret of [ADMIN, recorder, 'not-a-key']) expect(logged).not.toContain(secret);
});
