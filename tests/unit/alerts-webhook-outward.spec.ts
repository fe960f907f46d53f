import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Outward, type OutwardOptions, OutwardRefused, outwardUrl } from '#libs/alerts';
import { certificate, ReceiverServer } from '../support/receiver-server.ts';

const strict = { allowLoopback: false };
const body = Buffer.from('{}');
const request = (url: string) => ({ url, headers: {}, body });

/** Names that lead where a test wants them to. */
function names(...answers: readonly string[][]): NonNullable<OutwardOptions['resolve']> {
  let asked = 0;
  return async () => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    return addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
}

/** Every way to write an address of our own that somebody has thought of. */
const ours = [
  'https://127.0.0.1/',
  'https://127.1/',
  'https://0x7f.1/',
  'https://0x7f000001/',
  'https://2130706433/',
  'https://0177.0.0.1/',
  'https://127.0.0.1./',
  'https://１２７.0.0.1/',
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://168.63.129.16/metadata/instance',
  'https://100.64.0.1/',
  'https://100.100.100.200/',
  'https://0.0.0.0/',
  'https://192.0.0.192/',
  'https://198.18.0.1/',
  'https://224.0.0.1/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://[::1]/',
  'https://[::]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:a00:1]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[64:ff9b:1::a00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:0:7f00:1::]/',
  'https://[fd00:ec2::254]/',
  'https://[fe80::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[2001:db8::1]/',
  'https://[4000::1]/',
  'https://localhost/',
  'https://LOCALHOST./',
  'https://db.localhost/',
  'https://printer.local/',
  'https://metadata.google.internal/',
];

describe('a URL', () => {
  it.each(ours)('%s is refused, when it is given and when it is sent to', async (url) => {
    expect(() => outwardUrl(url, strict)).toThrow(OutwardRefused);
    await expect(new Outward(strict).post(request(url))).rejects.toThrow(OutwardRefused);
  });

  it.each([
    ['http://example.com/', 'must begin with https:'],
    ['ftp://example.com/', 'must begin with https:'],
    ['file:///etc/passwd', 'must begin with https:'],
    ['https://user:pass@example.com/', 'must not carry a name or password'],
    ['https://user@example.com/', 'must not carry a name or password'],
    ['example.com', 'not a URL'],
    ['https://', 'not a URL'],
    [`https://example.com/${'x'.repeat(2000)}`, 'more than 2000 characters'],
  ])('%s is refused because it %s', (url, why) => {
    expect(() => outwardUrl(url, strict)).toThrow(why);
  });

  it.each([
    'https://example.com/hook?a=b',
    'https://93.184.216.34:8443/',
    'https://[2606:4700::1111]/',
    'https://münchen.example/',
  ])('%s is good', (url) => {
    expect(outwardUrl(url, strict).protocol).toBe('https:');
  });

  it('may lead to loopback in development, also over http, and nowhere else over http', () => {
    const rules = { allowLoopback: true };
    for (const url of ['http://127.0.0.1:3000/', 'http://localhost:3000/', 'http://[::1]/', 'https://127.0.0.1/'])
      expect(outwardUrl(url, rules).href).toContain('//');
    for (const url of ['http://example.com/', 'http://10.0.0.1/', 'https://10.0.0.1/', 'https://169.254.169.254/'])
      expect(() => outwardUrl(url, rules)).toThrow(OutwardRefused);
  });
});

describe('a name', () => {
  let server: ReceiverServer;
  beforeAll(async () => {
    server = await ReceiverServer.start(undefined, true);
  });
  beforeEach(() => {
    server.connections = 0;
  });
  afterAll(() => server.stop());

  const post = (options: Partial<OutwardOptions>) =>
    new Outward({ ...strict, ca: certificate, ...options }).post(request(`https://receiver.test:${server.port}/hook`));

  it.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1'])(
    'that leads to %s is refused, and nobody is connected to',
    async (address) => {
      await expect(post({ resolve: names([address]) })).rejects.toThrow(OutwardRefused);
      expect(server.connections).toBe(0);
    },
  );

  it('that leads to a public address and to one of ours is refused', async () => {
    await expect(post({ resolve: names(['93.184.216.34', '127.0.0.1']) })).rejects.toThrow(OutwardRefused);
    expect(server.connections).toBe(0);
  });

  it('that was good when the watch was made and has changed since is refused when it is sent to', async () => {
    expect(outwardUrl('https://receiver.test/hook', strict).hostname).toBe('receiver.test');
    await expect(post({ resolve: names(['127.0.0.1']) })).rejects.toThrow(OutwardRefused);
    expect(server.connections).toBe(0);
  });

  it('cannot change between check and connection: it is asked once, and that answer is connected to', async () => {
    const asked: string[] = [];
    const rebinding = names(['127.0.0.1'], ['10.0.0.1']);
    const resolve = (host: string): Promise<readonly LookupAddress[]> => {
      asked.push(host);
      return rebinding(host);
    };
    expect(await post({ allowLoopback: true, resolve })).toMatchObject({ status: 204 });
    expect({ asked, connections: server.connections }).toEqual({ asked: ['receiver.test'], connections: 1 });
    // For the next attempt it is asked, and checked, anew.
    await expect(post({ allowLoopback: true, resolve })).rejects.toThrow(OutwardRefused);
    expect(server.connections).toBe(1);
  });

  it('is sent to over TLS, with the name it has', async () => {
    const answer = await post({ allowLoopback: true, resolve: names(['127.0.0.1']) });
    expect(answer.status).toBe(204);
    expect(server.received.at(-1)).toMatchObject({ path: '/hook', headers: { host: `receiver.test:${server.port}` } });
  });

  it('whose certificate nobody vouches for is not sent to', async () => {
    const sent = server.received.length;
    const unsure = new Outward({ allowLoopback: true, resolve: names(['127.0.0.1']) });
    await expect(unsure.post(request(`https://receiver.test:${server.port}/`))).rejects.toThrow(
      'self-signed certificate',
    );
    await expect(post({ allowLoopback: true, resolve: names([]) })).rejects.toThrow('has no address');
    expect(server.received.length).toBe(sent);
  });
});

describe('a redirect', () => {
  it('to one of our own addresses is an answer like any other', async () => {
    const inner = await ReceiverServer.start();
    const outer = await ReceiverServer.start(
      (_, __, response) => void response.writeHead(302, { location: inner.url }).end(),
    );
    const answer = await new Outward({ allowLoopback: true }).post(request(outer.url));
    expect(answer.status).toBe(302);
    expect(inner.connections).toBe(0);
    await Promise.all([inner.stop(), outer.stop()]);
  });
});

describe('a receiver', () => {
  let silent: Server;
  beforeAll(async () => {
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(() => void silent.close());

  const url = (scheme: string): string => {
    const address = silent.address();
    return `${scheme}://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
  };

  it('that takes the connection and says nothing is given up', async () => {
    const outward = new Outward({ allowLoopback: true, totalMs: 100 });
    await expect(outward.post(request(url('http')))).rejects.toThrow('No answer within 0.1 s.');
  });

  it('that does not get through TLS in time is given up sooner', async () => {
    const outward = new Outward({ allowLoopback: true, connectMs: 50, totalMs: 5000 });
    await expect(outward.post(request(url('https')))).rejects.toThrow('No connection within 0.05 s.');
  });

  it('that answers drop by drop is not listened to for ever', async () => {
    const dripping = await ReceiverServer.start((_, __, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(timer));
    });
    const answer = await new Outward({ allowLoopback: true, totalMs: 150 }).post(request(dripping.url));
    expect(answer).toMatchObject({ status: 200, body: expect.stringMatching(/^\.+$/) });
    await dripping.stop();
  });

  it('is not waited for once we stop', async () => {
    const stopping = new AbortController();
    const sent = new Outward({ allowLoopback: true }).post({ ...request(url('http')), signal: stopping.signal });
    stopping.abort(new Error('The service is stopping.'));
    await expect(sent).rejects.toThrow('The service is stopping.');
  });
});
