import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256, verifyBundle, verifyEd25519 } from '#libs/evidence';
import { expectProblem, Service } from '../support/api.ts';
import { aReport } from '../support/cli.ts';

const path = '/v1/matters/us-tiktok';

let service: Service;

beforeAll(async () => {
  service = await Service.start({ env: { INFORCE_DATASETS: 'bundled' } });
});
afterAll(() => service.stop());

const bundle = (query = '', key = service.keys.auditor) => service.ask(`${path}/bundle?${query}`, { key });
const verified = (text: string, key?: string) =>
  verifyBundle(Buffer.from(text), { sha256, verify: verifyEd25519, ...(key !== undefined && { key }) });

const ofM = async (of: Service): Promise<string> =>
  (await of.ask('/v1/matters/m/bundle?at=2025-01-01', { key: of.keys.auditor })).text;

describe('the bundle of a matter', () => {
  it('verifies, and holds the events and the answer as they are', async () => {
    const query = 'party=apple&at=2025-02-01';
    const got = await bundle(query);
    expect([got.status, got.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(got.headers.get('content-disposition')).toBe('attachment; filename="us-tiktok.bundle.json"');
    const key = (await service.ask('/v1/evidence/key')).text.trim();
    const { pinned } = await verified(got.text, key);
    expect(pinned).toBe(true);
    expect(got.body.answer).toEqual((await service.ask(`${path}/status?${query}`)).body);
    expect(got.body.clocks).toEqual(got.body.answer.clocks);
    const { items } = (await service.ask(`${path}/history?limit=1000`)).body;
    expect(got.body.events.map(({ event }: { event: unknown }) => event)).toEqual(items);
    expect(got.body.checkpoint).toBe((await service.ask('/v1/evidence/checkpoint')).text);
  });

  it('is the same again while nothing is recorded, and 304 says so', async () => {
    const query = 'at=2025-02-01';
    const got = await bundle(query);
    expect((await bundle(query)).text).toBe(got.text);
    const headers = { 'if-none-match': got.headers.get('etag') ?? '' };
    const again = await service.ask(`${path}/bundle?${query}`, { key: service.keys.auditor, headers });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('seals what was just recorded, and leaves nothing out', async () => {
    const { size } = (await service.ask('/v1/evidence/checkpoints')).body.items[0];
    const recorded = await service.post(`${path}/entries`, aReport('just-now'));
    const got = await bundle();
    expect(got.body.head.revision).toBe(recorded.body.revision);
    expect((await verified(got.text)).checkpoint.size).toBeGreaterThan(size);
  });

  it('answers for all three clocks', async () => {
    const got = await bundle('at=2025-12-20&publishedBy=2025-09-24&knownAt=2099-01-01&enforcer=doj');
    const { bundle: held } = await verified(got.text);
    expect(held.clocks).toEqual({ at: '2025-12-20', publishedBy: '2025-09-24', knownAt: '2099-01-01' });
    expect(held.answer.enforcer).toBe('doj');
  });

  it('verifies while others record', async () => {
    const writing = (async () => {
      for (let index = 0; index < 30; index += 1) await service.post(`${path}/entries`, aReport(`busy-${index}`));
    })();
    for (let index = 0; index < 6; index += 1) await verified((await bundle()).text);
    await writing;
    expect((await verified((await bundle()).text)).bundle.events.at(-1)?.event.data).toMatchObject({ id: 'busy-29' });
  });

  it('holds corrections and retractions', async () => {
    await service.post(`${path}/entries/just-now/corrections`, { reason: 'x', changes: { title: 'Corrected' } });
    await service.post(`${path}/entries/busy-3/retraction`, { reason: 'x' });
    await verified((await bundle()).text);
  });

  it('is for auditors', async () => {
    expectProblem(await service.ask(`${path}/bundle`), 401, 'unauthorized');
    expectProblem(await bundle('', service.keys.recorder), 403, 'forbidden');
    expectProblem(
      await service.ask('/v1/matters/nowhere/bundle', { key: service.keys.auditor }),
      404,
      'unknown-matter',
    );
  });

  it.each([
    ['at=2025-02-30', 400, 'malformed'],
    ['speed=3', 400, 'malformed'],
    ['party=nobody', 422, 'unknown-party'],
    ['knownAt=2001-01-01', 404, 'unknown-matter'],
  ])('is refused for %s', async (query, status, rule) => {
    expectProblem(await bundle(query), status, rule);
  });

  it('is there after a restart', async () => {
    const first = await Service.start();
    await first.post('/v1/matters', {
      id: 'm',
      title: 'M',
      jurisdiction: 'US',
      timeZone: 'America/New_York',
      parties: [],
    });
    const text = await ofM(first);
    await verified(text);
    await first.stop({ keep: true });
    const second = await Service.start({ data: first.data });
    expect(await ofM(second)).toBe(text);
    await second.stop();
  });
});

it('gives the verifier to whoever asks, where it was built', async () => {
  const got = await service.ask('/verify.mjs');
  if (got.status === 404) expectProblem(got, 404, 'not-found');
  else
    expect([got.status, got.headers.get('content-type'), got.text]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      expect.stringContaining('verifyBundle'),
    ]);
});
