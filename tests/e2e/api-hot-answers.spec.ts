import { Answer } from '../../apps/api/src/http/answer.ts';
import { HotAnswers } from '../../apps/api/src/http/hot-answers.ts';
import { Service, withRecord } from '../support/api.ts';
import { aMatter, lifts, ordered, reported } from '../support/matter.ts';

describe('ready answers', () => {
  let service: Service;
  let time = Date.parse('2025-04-05T12:00:00Z');
  beforeAll(async () => {
    service = await Service.start({ now: () => time });
    await withRecord(service);
  });
  afterAll(() => service.stop());

  const hits = (): number => service.server.parts.hot.hits;
  const status = '/v1/matters/matter/status?party=acme&enforcer=doj';
  /** The first answer after a change loads the matter, and is not kept. */
  const warm = async (path: string) => {
    await service.ask(path);
    return service.ask(path);
  };

  it('are the same bytes with the same headers', async () => {
    for (const path of [
      status,
      '/v1/matters/matter',
      '/v1/matters/matter/deadlines',
      '/v1/matters/matter/entries/the-law',
    ]) {
      const cold = await warm(path);
      const before = hits();
      const hot = await service.ask(path);
      expect({ path, hits: hits() - before }).toEqual({ path, hits: 1 });
      expect(hot.text).toBe(cold.text);
      const names = [...cold.headers.keys()].filter((name) => !['date', 'x-request-id'].includes(name));
      expect([...hot.headers.keys()].filter((name) => !['date', 'x-request-id'].includes(name)).toSorted()).toEqual(
        names.toSorted(),
      );
      for (const name of names) expect([name, hot.headers.get(name)]).toEqual([name, cold.headers.get(name)]);
      const known = await service.ask(path, { headers: { 'if-none-match': cold.headers.get('etag') ?? '' } });
      expect([known.status, known.text]).toEqual([304, '']);
    }
  });

  it('are gone with the next write, which its writer reads at once', async () => {
    for (let index = 0; index < 20; index += 1) {
      await warm('/v1/matters/matter');
      const { body } = await service.post('/v1/matters/matter/entries', reported(`hot-${index}`, '2024-02-01'));
      expect((await service.ask('/v1/matters/matter')).body.revision).toBe(body.revision);
    }
  });

  it('stay when another matter changes', async () => {
    await service.post('/v1/matters', aMatter({ id: 'other' }));
    await warm(status);
    await service.post('/v1/matters/other/parties', { id: 'new', name: 'New' });
    const before = hits();
    await service.ask(status);
    expect(hits() - before).toBe(1);
  });

  it('change with the clock alone: a pause ends without an event', async () => {
    const paused = await warm(status);
    expect(paused.body.headline).toMatchObject({ code: 'enforcement-paused', until: '2025-04-05' });
    expect((await service.ask(status)).text).toBe(paused.text);
    time = Date.parse('2025-04-06T03:59:59Z');
    expect((await service.ask(status)).body.headline.code).toBe('enforcement-paused');
    time = Date.parse('2025-04-06T04:00:00Z');
    expect((await service.ask(status)).body).toMatchObject({
      clocks: { at: '2025-04-06' },
      headline: { code: 'in-force-and-enforceable' },
    });
  });

  it('are right under readers and writers at once', async () => {
    let written = 0;
    const write = async () => {
      for (let index = 0; index < 40; index += 1) {
        const { body } = await service.post('/v1/matters/matter/entries', reported(`busy-${index}`, '2024-02-01'));
        written = body.revision;
      }
    };
    const read = async () => {
      for (let index = 0; index < 150; index += 1) {
        const least = written;
        const { body } = await service.ask('/v1/matters/matter');
        expect(body.revision).toBeGreaterThanOrEqual(least);
      }
    };
    await Promise.all([write(), ...Array.from({ length: 8 }, read)]);
  }, 20_000);

  it('are not what a method or an Accept header changes', async () => {
    await warm('/v1/matters/matter/history');
    const lines = await service.ask('/v1/matters/matter/history', { headers: { accept: 'application/x-ndjson' } });
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
    await warm(status);
    expect((await service.ask(status, { method: 'HEAD' })).text).toBe('');
    expect((await service.ask(status, { method: 'POST' })).status).toBe(405);
  });

  it('tell of a lift as soon as it is recorded', async () => {
    await warm('/v1/matters/matter/status?at=2025-02-01');
    const lift = ordered('lift', '2025-01-25', [lifts('the-forbearance', '2025-01-25')]);
    expect((await service.post('/v1/matters/matter/entries', lift)).status).toBe(201);
    const { body } = await service.ask('/v1/matters/matter/status?at=2025-02-01');
    expect(body.headline.code).toBe('in-force-and-enforceable');
  });
});

const answer = (hot: HotAnswers, matter: string, size: number, validUntil: number | null = null): Answer =>
  Answer.read({ text: 'x'.repeat(size) }, { keeping: { ticket: hot.ticket(matter), validUntil } });

describe('the store of ready answers', () => {
  it('is bounded by bytes, and drops the least recent', () => {
    const hot = new HotAnswers({ now: Date.now, mostBytes: 200_000 });
    for (let index = 0; index < 100; index += 1) hot.keep(`/${index}`, answer(hot, 'm', 9000));
    expect(hot.bytes).toBeLessThanOrEqual(200_000);
    expect(hot.size).toBeGreaterThan(10);
    hot.changed('m');
    expect([hot.bytes, hot.size]).toEqual([0, 0]);
  });

  it('does not keep what is too large for it, or what a change overtook', () => {
    const hot = new HotAnswers({ now: Date.now, mostBytes: 200_000 });
    hot.keep('/large', answer(hot, 'm', 50_000));
    const overtaken = answer(hot, 'm', 10);
    hot.changed('m');
    hot.keep('/overtaken', overtaken);
    expect(hot.size).toBe(0);
  });

  it('replaces an answer by a newer one at the same address', () => {
    const hot = new HotAnswers({ now: Date.now });
    hot.keep('/a', answer(hot, 'm', 10));
    const { bytes } = hot;
    hot.keep('/a', answer(hot, 'm', 10));
    expect([hot.bytes, hot.size]).toEqual([bytes, 1]);
  });
});
