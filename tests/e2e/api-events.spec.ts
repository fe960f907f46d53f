import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type NewEvent, uuidv7 } from '#libs/event-log';
import { EventChannel } from '../../apps/api/src/events/event-channel.ts';
import { expectProblem, Service, withRecord } from '../support/api.ts';
import { EventClient } from '../support/api-stream.ts';
import { aMatter, reported } from '../support/matter.ts';

let service: Service;
let matter: string;

beforeAll(async () => {
  service = await Service.start();
  matter = await withRecord(service);
  await service.post('/v1/matters', aMatter({ id: 'matter-two' }));
});
afterAll(() => service.stop());

let count = 0;
async function record(id = matter): Promise<string> {
  count += 1;
  const got = await service.post(`/v1/matters/${id}/entries`, reported(`event-${count}`, '2024-02-01'));
  expect(got.status).toBe(201);
  return got.body.position;
}

const all = async (): Promise<{ position: string }[]> =>
  (await service.ask('/v1/log', { headers: { accept: 'application/x-ndjson' } })).text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const longEvent = (index: number): NewEvent => ({
  id: uuidv7(),
  type: 'Note',
  schema: 1,
  data: { index, text: 'x'.repeat(100_000) },
  meta: {},
});

describe('NDJSON', () => {
  it.each(['/v1/log', '/v1/matters/matter/history'])('of %s has a line for every event', async (path) => {
    const got = await service.ask(path, { headers: { accept: 'application/x-ndjson' } });
    expect(got.headers.get('content-type')).toBe('application/x-ndjson');
    expect(got.headers.get('vary')).toBe('accept');
    const lines = got.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual((await service.ask(`${path}?limit=1000`)).body.items);
    const etag = got.headers.get('etag') ?? '';
    const again = await service.ask(path, { headers: { accept: 'application/x-ndjson', 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('have no length for HEAD, which nobody has counted', async () => {
    for (const path of ['/v1/log', '/v1/matters/matter/history', '/v1/matters/matter/replay']) {
      const headers = { accept: 'application/x-ndjson' };
      const got = await service.ask(path, { method: 'HEAD', headers });
      expect([got.status, got.headers.get('content-length')]).toEqual([200, null]);
      const known = { ...headers, 'if-none-match': got.headers.get('etag') ?? '' };
      const again = await service.ask(path, { method: 'HEAD', headers: known });
      expect([again.status, again.headers.get('content-length')]).toEqual([304, null]);
    }
  });

  it('begins after a position, and ends at an explicit limit', async () => {
    const headers = { accept: 'application/x-ndjson' };
    const [first, second] = await all();
    for (const path of ['/v1/log', '/v1/matters/matter/history']) {
      const { text } = await service.ask(`${path}?after=${first?.position}&limit=1`, { headers });
      expect(JSON.parse(text).position).toBe(second?.position);
    }
    expectProblem(await service.ask('/v1/log?after=x', { headers }), 400, 'malformed');
    for (const path of ['/v1/log', '/v1/matters/matter/history']) {
      const { next } = (await service.ask(`${path}?limit=1`)).body;
      const got = await service.ask(`${path}?cursor=${next}`, { headers });
      expectProblem(got, 400, 'malformed');
      expect(got.body.errors).toEqual([{ parameter: 'cursor', message: expect.stringContaining('belongs to pages') }]);
    }
    expect((await service.ask(`/v1/log?after=${2n ** 60n}`, { headers })).text).toBe('');
  });

  it.each([
    ['application/x-ndjson;q=0.5, application/json', 'application/json; charset=utf-8'],
    ['application/json;q=0.5, application/x-ndjson', 'application/x-ndjson'],
    ['application/x-ndjson;q=0', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['text/html', 'application/json; charset=utf-8'],
  ])('is what %s asks for, or not', async (accept, type) => {
    expect((await service.ask('/v1/log', { headers: { accept } })).headers.get('content-type')).toBe(type);
  });

  it('never shows what is no matter’s', async () => {
    const event = { id: uuidv7(), type: 'Hidden', schema: 1, data: {}, meta: {} };
    await service.server.parts.log.append('watch-1', 'no-stream', [event]);
    expect(JSON.stringify(await all())).not.toContain('Hidden');
    expect((await service.ask('/v1/log?limit=1000')).text).not.toContain('Hidden');
    const client = await EventClient.open(`${service.url}/v1/events?after=0`);
    await client.until((await all()).length);
    await record();
    await client.until((await all()).length);
    expect(JSON.stringify(client.messages)).not.toContain('Hidden');
    client.close();
  });
});

describe('a feed', () => {
  it('gives the past, then what is recorded, with id and data only', async () => {
    const client = await EventClient.open(`${service.url}/v1/events?after=0`);
    expect(client.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    const past = await all();
    await client.until(past.length);
    const position = await record();
    const messages = await client.until(past.length + 1);
    expect(messages.map(({ data }) => data)).toEqual(await all());
    expect(messages.map(({ id }) => id)).toEqual((await all()).map((event) => event.position));
    expect(messages.at(-1)?.id).toBe(position);
    expect([...client.fields].toSorted()).toEqual(['data', 'id']);
    client.close();
  });

  it('begins now unless it is told otherwise', async () => {
    const client = await EventClient.open(`${service.url}/v1/events`);
    const position = await record();
    const messages = await client.until(1);
    expect(messages.map(({ id }) => id)).toEqual([position]);
    client.close();
  });

  it('tells a key that was revoked nothing more, and ends', async () => {
    const { keys } = service.server.parts;
    const { id, key } = keys.create({ name: 'listener', roles: ['subscriber'] });
    const client = await EventClient.open(`${service.url}/v1/events`, { authorization: `Bearer ${key}` });
    await record();
    await client.until(1);
    keys.revoke(id);
    await record();
    await client.end();
    expect(client.messages).toHaveLength(1);
  });

  it('of a matter is that matter’s alone', async () => {
    const client = await EventClient.open(`${service.url}/v1/matters/matter/events?after=0`);
    const { items } = (await service.ask('/v1/matters/matter/history?limit=1000')).body;
    await client.until(items.length);
    await record('matter-two');
    const last = await record();
    const messages = await client.until(items.length + 1);
    expect(messages.at(-1)?.id).toBe(last);
    expect(new Set(messages.map(({ data }) => data.stream))).toEqual(new Set(['matter-matter']));
    client.close();
  });

  it('resumes without loss or repeat, however often it is cut', async () => {
    const seen: string[] = [];
    const total = (await all()).length + 60;
    const writing = (async () => {
      for (let index = 0; index < 60; index += 1) await record();
    })();
    for (let cuts = 0; seen.length < total && cuts < 500; cuts += 1) {
      const last = seen.at(-1);
      const client = await EventClient.open(
        `${service.url}/v1/events?after=0`,
        last === undefined ? {} : { 'last-event-id': last },
      );
      await client.until(randomInt(1, 12), 500);
      client.close();
      seen.push(...client.messages.map(({ id }) => id));
    }
    await writing;
    expect(seen).toEqual((await all()).map(({ position }) => position));
  }, 20_000);

  it('goes on in the log for a client that was too slow, without loss or repeat, and then live again', async () => {
    const after = await service.head();
    const client = await EventClient.open(`${service.url}/v1/events?after=${after}`);
    client.response.pause();
    const { log } = service.server.parts;
    let revision = -1;
    for (let index = 0; index < 100; index += 1) {
      const expectation = revision < 0 ? ('no-stream' as const) : { revision };
      ({ revision } = await log.append('matter-slow', expectation, [longEvent(index)]));
    }
    client.response.resume();
    await client.until(100);
    await log.append('matter-slow', { revision }, [longEvent(100)]);
    await client.until(101);
    expect(client.messages.map(({ data }) => data.data.index)).toEqual(
      Array.from({ length: 101 }, (_, index) => index),
    );
    client.close();
  });

  it('is refused with bad positions, and for matters that are not there', async () => {
    expectProblem(await service.ask('/v1/events?after=-1'), 400, 'malformed');
    expectProblem(await service.ask('/v1/events', { headers: { 'last-event-id': 'x' } }), 400, 'malformed');
    expectProblem(await service.ask('/v1/events?speed=2'), 400, 'malformed');
    expectProblem(await service.ask('/v1/matters/nowhere/events'), 404, 'unknown-matter');
  });

  it('holds nothing back in memory for a client that does not read', async () => {
    const { log } = service.server.parts;
    const big = 'x'.repeat(100_000);
    for (let index = 0; index < 300; index += 1) {
      const event = { id: uuidv7(), type: 'Big', schema: 1, data: { big }, meta: {} };
      await log.append(`matter-big-${index}`, 'no-stream', [event]);
    }
    const client = await EventClient.open(`${service.url}/v1/events?after=0`);
    client.response.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = process.memoryUsage();
    const others = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const other = await EventClient.open(`${service.url}/v1/events?after=0`);
        other.response.pause();
        return other;
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const after = process.memoryUsage();
    // 30 MB were recorded: ten clients that do not read would hold 300 MB.
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(120 * 1024 * 1024);
    expect(service.server.parts.feed.open).toBe(11);
    for (const each of [client, ...others]) each.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(service.server.parts.feed.open).toBe(0);
  }, 20_000);

  it('ends when the service stops', async () => {
    const other = await Service.start();
    await withRecord(other);
    const clients = [
      await EventClient.open(`${other.url}/v1/events?after=0`),
      await EventClient.open(`${other.url}/v1/matters/matter/events`),
    ];
    const started = Date.now();
    await Promise.all([other.stop(), ...clients.map((client) => client.end())]);
    expect(Date.now() - started).toBeLessThan(2000);
    expect(clients.every(({ ended, response }) => ended && response.complete)).toBe(true);
  });
});

/** A client that takes what it is told to, and a channel to it. */
async function channelTo(patienceMs: number) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const accepted = once(server, 'request');
  const opening = EventClient.open(`http://127.0.0.1:${port}/`);
  const [, response]: ServerResponse[] = await accepted;
  if (!response) throw new Error('There was no request.');
  response.writeHead(200).write(':\n\n');
  const client = await opening;
  return { channel: new EventChannel(response, patienceMs), client, server, response };
}

describe('the end of a feed', () => {
  it('comes to a client that takes nothing for too long, and only to that', async () => {
    const { channel, client, server, response } = await channelTo(300);
    client.response.pause();
    const frame = `data: "${'x'.repeat(1_000_000)}"\n\n`;
    const began = Date.now();
    while (!response.destroyed) await channel.send(frame);
    expect(Date.now() - began).toBeGreaterThanOrEqual(300);
    await channel.send(frame);
    server.close();
  });

  it('is kept away by comments, which a busy stream does not need', async () => {
    const { channel, client, server, response } = await channelTo(10_000);
    const before = client.comments;
    channel.beat();
    while (client.comments === before) await new Promise((resolve) => setTimeout(resolve, 5));
    client.response.pause();
    while (response.write('x'.repeat(1_000_000)));
    const { writableLength } = response;
    channel.beat();
    expect(response.writableLength).toBe(writableLength);
    client.close();
    server.close();
  });
});
