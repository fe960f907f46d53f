import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { jsonFault } from '../../apps/api/src/http/json-fault.ts';
import { ADMIN, expectProblem, Service, withRecord } from '../support/api.ts';

let service: Service;
let entries: string;

beforeAll(async () => {
  service = await Service.start();
  entries = `/v1/matters/${await withRecord(service)}/entries`;
});
afterAll(() => service.stop());

describe('addresses', () => {
  it.each(['/', '/v1', '/v2/matters', '/v1/watchers', '/v1/evidence', '/v1/matters/matter/replays', '/tile/0'])(
    '%s is not one',
    async (path) => expectProblem(await service.ask(path), 404, 'not-found'),
  );

  it('say which methods they take', async () => {
    for (const [path, method, allow] of [
      ['/v1/matters', 'DELETE', 'GET, HEAD, POST'],
      ['/v1/matters/matter', 'PUT', 'GET, HEAD'],
      ['/v1/matters/matter/parties', 'GET', 'POST'],
      ['/v1/matters/no-such/status', 'POST', 'GET, HEAD'],
      ['/health/ready', 'PATCH', 'GET, HEAD'],
      ['/v1/log', 'OPTIONS', 'GET, HEAD'],
    ] as const) {
      const got = await service.ask(path, { method });
      expectProblem(got, 405, 'method-not-allowed');
      expect(got.headers.get('allow')).toBe(allow);
    }
  });

  it('are refused when they are malformed or too long', async () => {
    expectProblem(await service.ask('/v1/matters/%zz'), 400, 'malformed');
    expectProblem(await service.ask('/v1/matters/%E0%A4%A'), 400, 'malformed');
    expectProblem(await service.ask(`/v1/matters/${'a'.repeat(300)}`), 414, 'uri-too-long');
  });

  it('take no parameters where there are none', async () => {
    const got = await service.post(`${entries}?dry=true`, {});
    expectProblem(got, 400, 'malformed');
    expect(got.body.errors).toEqual([{ parameter: 'dry', message: expect.any(String) }]);
  });
});

const send = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json', coding?: string) =>
  fetch(`${service.url}${entries}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ADMIN}`,
      'content-type': type,
      ...(coding !== undefined && { 'content-encoding': coding }),
    },
    body,
  });

const read = async (response: Response) => {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
};

describe('bodies', () => {
  it('that are not JSON are refused with the place where they stop being it', async () => {
    const broken = await read(await send('{\n  "type": "ReportPublished",\n  title: 1\n}'));
    expectProblem(broken, 400, 'malformed-json');
    expect(broken.body.detail).toBe('The body is not JSON from position 33 (line 3, column 3) on.');
    expect((await read(await send('{"a":'))).body.detail).toBe(
      'The body ends at position 5 (line 1, column 6), before its JSON does.',
    );
    expect((await read(await send(''))).body.detail).toBe('The body is empty.');
  });

  it('may be empty where nothing is to be said, also when the client names their type', async () => {
    const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
    const made = await fetch(`${service.url}/v1/feeds`, { method: 'POST', headers });
    expect(made.status).toBe(201);
    const { id } = JSON.parse(await made.text());
    expect((await fetch(`${service.url}/v1/feeds/${id}`, { method: 'DELETE', headers })).status).toBe(204);
  });

  it('that are not UTF-8 are refused', async () => {
    expectProblem(await read(await send(new Uint8Array([0x22, 0xff, 0x22]))), 400, 'malformed-json');
  });

  it('of another media type are refused', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'multipart/form-data; boundary=x',
      'nonsense',
    ])
      expectProblem(await read(await send('{}', type)), 415, 'unsupported-media-type');
  });

  it('that are compressed are refused, and said to be', async () => {
    expectProblem(
      await read(await send(new Uint8Array(gzipSync('{}')), 'application/json', 'gzip')),
      415,
      'unsupported-media-type',
    );
    expectProblem(await read(await send('{}', 'application/json', 'identity')), 400, 'malformed');
  });

  it('of more than 1 MB are refused', async () => {
    expectProblem(await read(await send(`"${'x'.repeat(1024 * 1024)}"`)), 413, 'payload-too-large');
    expectProblem(await read(await send(`"${'x'.repeat(1024 * 1024 - 2)}"`)), 400, 'malformed');
  });

  it('that are missing are refused', async () => {
    expectProblem(await service.ask(entries, { method: 'POST', key: ADMIN }), 400, 'malformed');
  });
});

const raw = async (text: string): Promise<string> => {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  const chunks: string[] = [];
  socket.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  socket.write(text);
  await once(socket, 'close');
  return chunks.join('');
};

describe('what is no HTTP', () => {
  it('is answered with a problem, too', async () => {
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json.*"rule":"malformed"/s);
    expect(await raw('GET /v1/matters HTTP/1.1\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 .*application\/problem\+json.*names no host/s,
    );
    const fat = `GET / HTTP/1.1\r\nhost: x\r\nx-fat: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await raw(fat)).toMatch(/^HTTP\/1\.1 431 .*"rule":"headers-too-large"/s);
  });
});

describe('the fault in a text', () => {
  it.each([
    ['', 0],
    ['{', 1],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ['{1:2}', 1],
    ["{'a':1}", 1],
    ['01', 1],
    ['1.', 1],
    ['-', 0],
    ['tru', 0],
    ['"a\nb"', 2],
    [String.raw`"\x"`, 2],
    [String.raw`"\u12g4"`, 3],
    ['"open', 5],
    ['[1]]', 3],
    ['{"a":[1,{"b":}]}', 13],
    ['nul', 0],
    ['/* no */ 1', 0],
  ])('%j is at %d', (text, at) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(jsonFault(text)).toBe(at);
  });
});

describe('health', () => {
  it('tells whether the log is writable and how far the views are', async () => {
    const got = await service.ask('/health/ready');
    expect(got.status).toBe(200);
    expect(got.headers.get('cache-control')).toBe('no-store');
    expect(got.body).toMatchObject({
      status: 'ready',
      log: { writable: true, head: (await service.head()).toString() },
      views: { caughtUp: true, lag: { events: 0, ageMs: 0 }, rebuilding: null, quarantined: [], error: null },
    });
    expect((await service.ask('/health/live')).body).toEqual({ status: 'live' });
  });

  it('measures', async () => {
    const { text, headers } = await service.ask('/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    for (const name of [
      'http_request_duration_seconds_bucket',
      'log_head',
      'views_lag_events',
      'hot_answers_total',
      'sse_clients',
      'process_cpu_user_seconds_total',
    ])
      expect(text).toContain(`inforce_${name}`);
    expect(text).toContain('route="/v1/matters/:matter/entries"');
  });
});
