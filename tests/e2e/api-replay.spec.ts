import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN, expectProblem, Service, withRecord } from '../support/api.ts';
import { enacted, setsDeadline } from '../support/matter.ts';
import { EventClient } from '../support/api-stream.ts';

const saga = JSON.parse(readFileSync(new URL('../../datasets/us-tiktok.json', import.meta.url), 'utf8'));
const path = '/v1/matters/us-tiktok';

// oxlint-disable-next-line typescript/no-explicit-any -- steps are looked at field by field
type Step = any;

let service: Service;

beforeAll(async () => {
  service = await Service.start({ env: { INFORCE_DATASETS: 'bundled' } });
});
afterAll(() => service.stop());

async function replay(query: string, of = path): Promise<readonly Step[]> {
  const got = await service.ask(`${of}/replay?${query}`);
  expect([got.status, got.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  return got.text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const ask = async (query: string): Promise<unknown> => (await service.ask(`${path}/status?${query}`)).body;

describe('a replay of the TikTok saga', () => {
  it.each(['', 'party=apple', 'party=apple&at=2025-02-01', 'at=2026-01-20&enforcer=doj'])(
    'is at each step what a fresh question with its knownAt answers, and ends in the present (%s)',
    async (query) => {
      const steps = await replay(query);
      expect(steps.map((step) => step.entry)).toEqual(saga.entries.map(({ id }: { id: string }) => id));
      for (const step of steps) expect(step.after).toEqual(await ask(`${query}&knownAt=${step.recordedAt}`));
      expect(steps.at(-1)?.after).toEqual(await ask(query));
    },
  );

  it('is by public time at each step what a fresh question with its publishedBy answers', async () => {
    const steps = await replay('by=published&party=apple');
    expect(new Set(steps.map((step) => step.entry)).size).toBe(saga.entries.length);
    for (const { after, onTheDay } of steps) {
      expect(after).toEqual(await ask(`party=apple&publishedBy=${onTheDay.at}`));
      const then = (await service.ask(`${path}/status?party=apple&publishedBy=${onTheDay.at}&at=${onTheDay.at}`)).body;
      expect(onTheDay.headline).toEqual(then.headline);
    }
    const { clocks: _, ...present } = (await service.ask(`${path}/status?party=apple`)).body;
    expect(steps.at(-1)?.after).toMatchObject(present);
  });

  it('says what changed, why, and by whom it was recorded', async () => {
    const step = (await replay('by=published&party=apple&at=2025-12-20')).find(({ entry }) => entry === 'eo-14352');
    expect(step).toMatchObject({
      kind: 'recorded',
      publishedOn: '2025-09-25',
      recordedBy: 'import',
      headline: { before: { code: 'in-force-and-enforceable' }, after: { code: 'enforcement-paused' } },
    });
    const moved = step.deadlines.find(({ deadline }: Step) => deadline === 'tiktok-forbearance.until');
    expect(moved).toMatchObject({ before: '2025-12-16', after: '2026-01-23', stateAfter: 'extended' });
    const change = step.changes.find(({ axis }: Step) => axis === 'enforcement');
    expect(change).toMatchObject({ enforcer: 'doj', before: { state: 'active' }, after: { state: 'forborne' } });
    expect(change.because).toContain('eo-14352');
  });

  it('ends where its clock says', async () => {
    const steps = await replay('by=published&publishedBy=2025-01-20');
    expect(steps.at(-1)?.entry).toBe('eo-14166');
    expect(await replay('by=published&publishedBy=2019-01-01')).toEqual([]);
    const [, second] = await replay('');
    const known = await replay(`knownAt=${second.recordedAt}`);
    expect(known.every(({ recordedAt }) => recordedAt <= second.recordedAt)).toBe(true);
  });
});

describe('a replay of corrections', () => {
  it('has a step for each, with its reason; a retraction takes back what it did', async () => {
    const matter = await withRecord(service, { id: 'corrected' });
    const of = `/v1/matters/${matter}`;
    await service.post(`${of}/entries/the-pause/corrections`, { reason: 'misread', changes: { title: 'The pause' } });
    await service.post(`${of}/entries/the-pause/retraction`, { reason: 'it was no order' });
    await service.post(`${of}/parties`, { id: 'late', name: 'Late' });
    const steps = await replay('at=2025-02-01', of);
    expect(steps.map(({ kind, entry, reason, title }) => [kind, entry ?? '', reason ?? '', title])).toEqual([
      ['recorded', 'the-law', '', expect.any(String)],
      ['recorded', 'the-pause', '', expect.any(String)],
      ['corrected', 'the-pause', 'misread', 'The pause'],
      ['retracted', 'the-pause', 'it was no order', 'The pause'],
      ['party-added', '', '', 'Late'],
    ]);
    const { events } = { events: (await service.ask(`${of}/history`)).body.items };
    expect(steps.map(({ eventId }) => eventId)).toEqual(events.slice(1).map(({ id }: Step) => id));
    expect(steps[3].headline).toEqual({ before: steps[1].headline.after, after: steps[0].headline.after });
  });

  it('of a matter that was only opened has no steps', async () => {
    await service.post('/v1/matters', { ...saga.matter, id: 'only-opened' });
    expect(await replay('', '/v1/matters/only-opened')).toEqual([]);
  });
});

describe('a replay', () => {
  it.each([
    ['by=effective', 400, 'malformed'],
    ['speed=0', 400, 'malformed'],
    ['speed=fast', 400, 'malformed'],
    ['at=2025-02-30', 400, 'malformed'],
    ['steps=3', 400, 'malformed'],
    ['by=recorded&by=published', 400, 'malformed'],
    ['party=nobody', 422, 'unknown-party'],
    ['knownAt=2001-01-01', 404, 'unknown-matter'],
  ])('of %s is refused', async (query, status, rule) => {
    expectProblem(await service.ask(`${path}/replay?${query}`), status, rule);
    const live = await service.ask(`${path}/replay?${query}`, { headers: { accept: 'text/event-stream' } });
    expectProblem(live, status, rule);
  });

  it('of a matter that is not there is refused', async () => {
    expectProblem(await service.ask('/v1/matters/nowhere/replay'), 404, 'unknown-matter');
  });

  it('says when nothing has changed, and HEAD has no body', async () => {
    const first = await service.ask(`${path}/replay`);
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const again = await service.ask(`${path}/replay`, { headers });
    expect([again.status, again.text, again.headers.get('vary')]).toEqual([304, '', 'accept, authorization']);
    const head = await service.ask(`${path}/replay`, { method: 'HEAD' });
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', first.headers.get('etag')]);
  });

  it('needs a key where reading does', async () => {
    const closed = await Service.start({ env: { INFORCE_READ: 'key' } });
    expectProblem(await closed.ask('/v1/matters/x/replay'), 401, 'unauthorized');
    expectProblem(await closed.ask('/v1/matters/x/replay', { key: ADMIN }), 404, 'unknown-matter');
    await closed.stop();
  });
});

const replaying = (query: string, headers: Readonly<Record<string, string>> = {}): Promise<EventClient> =>
  EventClient.open(`${service.url}${path}/replay?${query}`, { accept: 'text/event-stream', ...headers });

describe('a live replay', () => {
  it('gives the same steps, then says that it is over', async () => {
    const steps = await replay('party=apple');
    const client = await replaying('party=apple&speed=10000');
    await client.end();
    expect(client.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(client.messages.slice(0, -1).map(({ data }) => data)).toEqual(steps);
    expect(client.messages.slice(0, -1).map(({ id }) => Number(id))).toEqual(steps.map(({ step }) => step));
    expect(client.messages.at(-1)?.data).toEqual({ steps: steps.length });
  });

  it('goes on after the step that was seen last, and has nothing for who saw them all', async () => {
    const { length } = await replay('');
    const client = await replaying('', { 'last-event-id': String(length - 2) });
    await client.end();
    expect(client.messages.map(({ id }) => id)).toEqual([String(length - 1), String(length), '']);
    const done = await replaying('', { 'last-event-id': String(length) });
    expect(done.response.statusCode).toBe(204);
    done.close();
    const headers = { accept: 'text/event-stream', 'last-event-id': 'x' };
    expectProblem(await service.ask(`${path}/replay`, { headers }), 400, 'malformed');
  });

  it('keeps its speed', async () => {
    const began = performance.now();
    const client = await replaying('speed=20');
    await client.until(5);
    expect(performance.now() - began).toBeGreaterThanOrEqual(4 * 50 - 5);
    client.close();
  });

  it('makes no more steps than a client takes, and goes on when it takes more', async () => {
    let made = 0;
    const { register } = service.server.parts;
    const original = register.replay.bind(register);
    for (let at = 0; at < 300; at += 1)
      await register.correct(
        'us-tiktok',
        'fee-report',
        { reason: 'x', changes: { title: `${at}` } },
        { actor: 'test' },
      );
    register.replay = async (...asked) => {
      const replayed = await original(...asked);
      const counted = function* () {
        for (const step of replayed.steps) {
          made += 1;
          yield step;
        }
      };
      return { ...replayed, steps: counted() };
    };
    const client = await replaying('');
    client.response.pause();
    for (let before = -1; before < made; await new Promise((resolve) => setTimeout(resolve, 200))) before = made;
    const length = saga.entries.length + 300;
    expect(made).toBeLessThan(length);
    client.response.resume();
    await client.end();
    expect([made, client.messages.length]).toEqual([length, length + 1]);
    register.replay = original;
  });

  it('waits for nobody who is gone, and not for the service to stop', async () => {
    const other = await Service.start({ env: { INFORCE_DATASETS: 'bundled' } });
    const open = (accept: string): Promise<EventClient> =>
      EventClient.open(`${other.url}${path}/replay?speed=0.001`, { accept });
    const [gone, lines, live] = await Promise.all(
      ['text/event-stream', 'application/x-ndjson', 'text/event-stream'].map(open),
    );
    gone?.close();
    const cut = lines?.end().catch((error: unknown) => error);
    const began = performance.now();
    await Promise.all([other.stop(), live?.end(), cut]);
    expect(performance.now() - began).toBeLessThan(2500);
    // A part must not pass for the whole: lines have no end of their own to tell.
    expect([live?.response.complete, lines?.response.complete]).toEqual([true, false]);
    expect(other.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});

async function watched(key?: string, query = ''): Promise<readonly Step[]> {
  const got = await service.ask(`/v1/matters/watched/replay?${query}`, key === undefined ? {} : { key });
  expect(got.headers.get('vary')).toMatch(/authorization/i);
  return got.text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

const told = async (key: string) => (await watched(key)).at(-1)?.alerts;

describe('the alerts in a replay', () => {
  let watch = '';

  beforeAll(async () => {
    const matter = await withRecord(service, { id: 'watched' });
    const made = await service.ask('/v1/watches', {
      method: 'POST',
      key: service.keys.subscriber,
      body: {
        name: 'Mine',
        filter: { matters: [matter] },
        leads: ['P7D'],
        at: '09:00',
        timeZone: 'UTC',
        channel: { kind: 'webhook', url: 'https://receiver.invalid/hook' },
      },
    });
    watch = made.body.id;
    await service.post(
      `/v1/matters/${matter}/entries`,
      enacted('rule', '2025-02-01', [setsDeadline('report', '2999-01-01')]),
    );
  });

  it('are those of one’s own watches, all for an auditor, and none without a key', async () => {
    const other = service.server.parts.keys.create({ name: 'another subscriber', roles: ['subscriber'] }).key;
    while ((await told(service.keys.subscriber)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const own = await told(service.keys.subscriber);
    expect(own).toMatchObject([{ watch, seq: 1, type: 'deadline-set', deadline: 'report', lead: null }]);
    expect(await told(service.keys.auditor)).toEqual(own);
    expect(await told(other)).toEqual([]);
    for (const step of await watched()) expect(step).not.toHaveProperty('alerts');
    for (const step of await watched(service.keys.auditor, 'by=published')) expect(step).not.toHaveProperty('alerts');
  });

  it('have an ETag for each key', async () => {
    const etags = await Promise.all(
      [undefined, service.keys.subscriber, service.keys.auditor].map(async (key) =>
        (await service.ask('/v1/matters/watched/replay', key === undefined ? {} : { key })).headers.get('etag'),
      ),
    );
    expect(new Set(etags).size).toBe(3);
  });
});
