import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '#libs/event-log';
import { canonicalText } from '#libs/evidence';
import { AnswersLog } from '../../apps/api/src/answers/answers-log.ts';
import { ADMIN, expectProblem, type Got, pause, Service, withRecord } from '../support/api.ts';
import { aDirectory, ServiceProcess } from '../support/api-process.ts';

const env = { INFORCE_RECORD_ANSWERS: 'true' };
const status = '/v1/matters/matter/status?at=2025-02-01&party=acme';

// oxlint-disable-next-line typescript/no-explicit-any -- what was told is looked at field by field
type Item = any;

describe('with INFORCE_RECORD_ANSWERS, a status answer', () => {
  let service: Service;
  let key: { readonly id: string; readonly key: string };
  beforeAll(async () => {
    service = await Service.start({ env });
    await withRecord(service);
    key = service.server.parts.keys.create({ name: 'a reader', roles: ['subscriber'] });
  });
  afterAll(() => service.stop());

  const told = async (query = ''): Promise<readonly Item[]> =>
    (await service.ask(`/v1/answers?limit=1000&${query}`, { key: service.keys.auditor })).body.items;
  const asked = (path = status, headers = {}, method = 'GET'): Promise<Got> =>
    service.ask(path, { key: key.key, headers, method });
  const own = () => told(`key=${key.id}`);

  it('that is given to a key is on record, with its clocks and a digest that can be found again', async () => {
    const got = await asked();
    const [item] = await own();
    expect(item).toEqual({
      id: expect.any(String),
      key: key.id,
      recorded: expect.any(String),
      recordedAt: expect.any(String),
      request: got.headers.get('x-request-id'),
      matter: 'matter',
      party: 'acme',
      enforcer: null,
      clocks: got.body.clocks,
      position: got.body.position,
      headline: got.body.headline.code,
      digest: createHash('sha256').update(canonicalText(got.body)).digest('base64'),
      told: ['the-law', 'the-pause'],
      form: 'whole',
    });
    const { at, knownAt } = item.clocks;
    const again = await service.ask(`/v1/matters/matter/status?at=${at}&knownAt=${knownAt}&party=acme`);
    expect(createHash('sha256').update(canonicalText(again.body)).digest('base64')).toBe(item.digest);
  });

  it('that is corrected afterwards is told of over the watch of the key that got it', async () => {
    const matter = await withRecord(service, { id: 'answered' });
    await service.ask(`/v1/matters/${matter}/status`, { key: key.key });
    const [item] = await told(`matter=${matter}`);
    const made = await service.ask('/v1/watches', {
      method: 'POST',
      key: key.key,
      body: {
        name: 'Mine',
        filter: { matters: [matter], kinds: ['deadline-set'] },
        leads: ['P7D'],
        at: '09:00',
        timeZone: 'UTC',
        channel: { kind: 'webhook', url: 'https://receiver.invalid/hook' },
      },
    });
    expect(made.status).toBe(201);
    const correction = { reason: 'A slip.', changes: { title: 'Another title' } };
    expect((await service.post(`/v1/matters/${matter}/entries/the-law/corrections`, correction)).status).toBe(201);
    const { raised } = service.server.parts.alerts.alerting;
    for (let tries = 0; raised.last(made.body.id) === 0 && tries < 1000; tries += 1) await sleep(10);
    const alerts = (await Array.fromAsync(raised.after(made.body.id, 0))).map(({ alert }) => alert);
    expect(alerts).toEqual([
      expect.objectContaining({ type: 'correction-issued', entry: 'the-law', corrects: null, answer: item.id }),
    ]);
  });

  it('is on record every time, also when it was ready, or known already, or only its head was asked for', async () => {
    const { length } = await own();
    const { hits } = service.server.parts.hot;
    const first = await asked();
    expect(service.server.parts.hot.hits).toBeGreaterThan(hits);
    const again = await asked(status, { 'if-none-match': first.headers.get('etag') ?? '' });
    expect([again.status, again.text]).toEqual([304, '']);
    // Not from the ready ones: another spelling of the same question.
    const other = '/v1/matters/matter/status?party=acme&at=2025-02-01';
    expect((await asked(other, { 'if-none-match': first.headers.get('etag') ?? '' })).status).toBe(304);
    expect((await asked(status, {}, 'HEAD')).status).toBe(200);
    const items = (await own()).slice(length);
    expect(items.map(({ form }) => form)).toEqual(['whole', 'not-modified', 'not-modified', 'head']);
    expect(new Set(items.map(({ digest }) => digest)).size).toBe(1);
  });

  it('is on record once for each of many at the same time', async () => {
    const { length } = await own();
    const before = await service.head();
    const got = await Promise.all(
      Array.from({ length: 300 }, (_, at) => asked(at % 3 === 0 ? `${status}&enforcer=doj` : status)),
    );
    expect(new Set(got.map((each) => each.status))).toEqual(new Set([200]));
    const items = (await own()).slice(length);
    const requests = new Set(items.map(({ request }) => request));
    expect(requests).toEqual(new Set(got.map(({ headers }) => headers.get('x-request-id'))));
    expect(items).toHaveLength(300);
    expect((await service.head()) - before).toBe(300n);
  });

  it('that nobody in particular got is on no record, nor what was refused', async () => {
    const before = await told();
    await service.ask(status);
    await service.ask(status);
    await service.ask('/v1/matters/matter/status?party=nobody', { key: key.key });
    await service.ask('/v1/matters/matter/timeline', { key: key.key });
    expect(await told()).toEqual(before);
  });

  it('is on record for the administrator, too', async () => {
    await service.ask(status, { key: ADMIN });
    expect((await told('key=admin')).map((item) => item.key)).toEqual(['admin']);
  });

  it('is listed by key, by matter and page by page, to auditors alone', async () => {
    await withRecord(service, { id: 'another' });
    await asked('/v1/matters/another/status');
    expect((await told('matter=another')).map(({ matter }) => matter)).toEqual(['another']);
    expect(await told('matter=another&key=admin')).toEqual([]);
    const all = await own();
    expect(await told(`key=${key.id}&after=${all[2].recorded}`)).toEqual(all.slice(3));
    const paged: Item[] = [];
    for (let path = `/v1/answers?key=${key.id}&limit=100`; path !== '';) {
      const { items, next } = (await service.ask(path, { key: service.keys.auditor })).body;
      paged.push(...items);
      path = next === null ? '' : `/v1/answers?limit=100&cursor=${next}`;
    }
    expect(paged).toEqual(all);
    expectProblem(await service.ask('/v1/answers'), 401, 'unauthorized');
    expectProblem(await service.ask('/v1/answers', { key: key.key }), 403, 'forbidden');
    for (const query of ['key=A', 'after=x', 'who=me', 'limit=0', 'cursor=x'])
      expectProblem(await service.ask(`/v1/answers?${query}`, { key: service.keys.auditor }), 400, 'malformed');
  });

  it('is in no public log, and keeps no view from catching up', async () => {
    const got = await asked();
    const [last] = (await own()).slice(-1);
    expect((await service.ask('/v1/log?limit=1000')).text).not.toContain('AnswerGiven');
    expect((await service.ask('/v1/matters/matter/history?limit=1000')).text).not.toContain('AnswerGiven');
    expect((await service.ask(`${status}&minPosition=${last.recorded}`)).body.position).toBe(got.body.position);
    expect((await service.ask('/health/ready')).body.views.caughtUp).toBe(true);
    expect((await service.ask('/metrics')).text).toMatch(/^inforce_answers_recorded_total [1-9]\d*$/m);
  });

  it('is what an entry decided: a correction of it finds whom it concerns', async () => {
    const concerned = (await told()).filter((item) => item.told.includes(pause.id));
    expect(concerned.map((item) => item.key)).toContain(key.id);
  });

  it('is still there after a restart, and the next one follows it', async () => {
    const before = await own();
    await service.stop({ keep: true });
    service = await Service.start({ env, data: service.data });
    await asked();
    const after = await own();
    expect(after.slice(0, -1)).toEqual(before);
    expect(after).toHaveLength(before.length + 1);
  });

  it('counts as a request against the limit, ready or not', async () => {
    const limited = await Service.start({ env, rates: { anonymous: 1e9, key: 5, badKey: 1e9 } });
    await withRecord(limited).catch(() => {});
    const { key: reader } = limited.server.parts.keys.create({ name: 'x', roles: ['subscriber'] });
    const got = [];
    for (let at = 0; at < 8; at += 1) got.push((await limited.ask(status, { key: reader })).status);
    expect(got).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    await limited.stop();
  });
});

describe('an answer that cannot be put on record', () => {
  it('is not given', async () => {
    const service = await Service.start({ env });
    await withRecord(service);
    await service.ask(status, { key: ADMIN });
    await service.server.parts.log.close();
    for (const path of [status, `${status}&enforcer=doj`]) {
      const got = await service.ask(path, { key: ADMIN });
      expect([got.status >= 500, got.text.includes('headline')]).toEqual([true, false]);
    }
    await service.stop();
  });
});

it('records nothing unless it is told to', async () => {
  const service = await Service.start();
  await withRecord(service);
  const before = await service.head();
  await service.ask(status, { key: ADMIN });
  expect(await service.head()).toBe(before);
  expect((await service.ask('/v1/answers', { key: ADMIN })).body).toEqual({ items: [], next: null });
  await service.stop();
});

it('has every answer on record that anybody received, when the process is killed', async () => {
  const directory = await aDirectory();
  const first = await ServiceProcess.listening(directory.path, { ...env, INFORCE_DATASETS: 'bundled' });
  const headers = { authorization: `Bearer ${ADMIN}` };
  const received: string[] = [];
  const asking = Array.from({ length: 8 }, async () => {
    for (;;) {
      const response = await fetch(`${first.url}/v1/matters/us-tiktok/status?at=2025-02-01`, { headers }).catch(
        () => null,
      );
      const body = response && (await response.text().catch(() => null));
      if (!response || body === null) return;
      received.push(response.headers.get('x-request-id') ?? '');
    }
  });
  while (received.length < 200) await new Promise((resolve) => setTimeout(resolve, 5));
  first.kill('SIGKILL');
  await Promise.all([first.ended, ...asking]);
  const second = await ServiceProcess.listening(directory.path, env);
  const requests = new Set<string>();
  for (let after = '0'; ;) {
    const response = await fetch(`${second.url}/v1/answers?limit=1000&after=${after}`, { headers });
    const { items }: Item = await response.json();
    for (const { request } of items) requests.add(request);
    if (items.length === 0) break;
    after = items.at(-1).recorded;
  }
  expect(received.filter((request) => !requests.has(request))).toEqual([]);
  await second.stop();
  await directory.remove();
}, 60_000);

it('goes on after an append that failed', async () => {
  let fail = true;
  const appended: unknown[] = [];
  const log = {
    append: (stream: string, expectation: unknown, events: readonly unknown[]) => {
      if (fail) return Promise.reject(new Error('no'));
      appended.push([stream, expectation, events.length]);
      return Promise.resolve({ revision: 0, position: 1n, recordedAt: '', repeated: false });
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion, typescript/no-explicit-any -- only append is called
  const answers = new AnswersLog({ log: log as any, now: Date.now, on: true });
  const clocks = { at: '2025-01-01', knownAt: '2025-01-01', publishedBy: null };
  const given = {
    matter: 'm',
    party: null,
    enforcer: null,
    clocks,
    position: '1',
    headline: 'x',
    digest: '',
    told: [],
  };
  const caller = { kind: 'key', actor: `key:${uuidv7()}`, roles: new Set<never>() } as const;
  const record = () => answers.record(caller, 'r', { ...given, form: 'whole' });
  const [one, other] = await Promise.allSettled([record(), record()]);
  expect([one.status, other.status]).toEqual(['rejected', 'rejected']);
  fail = false;
  await Promise.all([record(), record(), record()]);
  expect(appended).toEqual([[`answers-${caller.actor.slice(4)}`, 'stream-exists', 3]]);
  expect(answers.recorded).toBe(3);
});
