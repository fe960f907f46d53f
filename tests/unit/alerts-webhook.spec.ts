import { createPublicKey, verify } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import {
  asymmetricSecret,
  type Attempted,
  MOST_BODY_BYTES,
  messageOf,
  publicKeyOf,
  type RaisedAlert,
  retryAfterMs,
  secretsAt,
  signature,
  type SigningSecret,
  symmetricSecret,
  WebhookSender,
} from '#libs/alerts';
import { anAlert, raised } from '../support/alerts-delivery.ts';
import { ReceiverServer } from '../support/receiver-server.ts';

/** Of the specification's reference implementations; the v1a signature also stands in the specification's own example. */
const vector = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
  symmetric: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  v1: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  asymmetric: 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
  publicKey: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
  v1a: 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
} as const;

const secrets: readonly SigningSecret[] = [symmetricSecret(Buffer.alloc(32, 1)), asymmetricSecret(Buffer.alloc(32, 2))];
const servers: ReceiverServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function receiver(...given: Parameters<typeof ReceiverServer.start>): Promise<ReceiverServer> {
  const server = await ReceiverServer.start(...given);
  servers.push(server);
  return server;
}

async function send(
  url: string,
  told: RaisedAlert = raised(anAlert('one', 1), 1),
  at = Date.now(),
): Promise<Attempted> {
  const sender = new WebhookSender({ allowLoopback: true });
  const channel = { kind: 'webhook', url } as const;
  const to = { watch: 'one', channel, state: 'active', secrets } as const;
  return sender.send({
    raised: told,
    receiver: to,
    body: sender.render(told),
    at,
    signal: new AbortController().signal,
  });
}

function answering(status: number, headers: Record<string, string> = {}, body = ''): Promise<ReceiverServer> {
  return receiver((_, __, response) => void response.writeHead(status, headers).end(body));
}

const named = (rotation: number): readonly string[] => [`secret ${rotation}`];

/** As a receiver would that knows only the public key. */
function verifiesV1a(publicKey: string, content: string, signed: string): boolean {
  const x = Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.from(content), key, Buffer.from(signed.slice('v1a,'.length), 'base64'));
}

describe('a signature', () => {
  const { id, timestamp, body } = vector;

  it('is the one that the specification’s vectors have, for both schemes', () => {
    expect(signature(vector.symmetric, id, timestamp, body)).toBe(vector.v1);
    expect(signature(vector.asymmetric, id, timestamp, body)).toBe(vector.v1a);
    expect(publicKeyOf(vector.asymmetric)).toBe(vector.publicKey);
  });

  it('of a key is the same whether the secret holds the public key or not', () => {
    const seed = Buffer.from(vector.asymmetric.slice(5), 'base64').subarray(0, 32);
    expect(asymmetricSecret(seed)).toBe(vector.asymmetric);
    expect(signature(`whsk_${seed.toString('base64')}`, id, timestamp, body)).toBe(vector.v1a);
  });

  it('by what is no key is refused', () => {
    expect(() => signature('whsk_AAAA', id, timestamp, body)).toThrow(TypeError);
  });

  it('of a tampered body, id or time verifies by neither scheme', () => {
    const content = `${id}.${timestamp}.${body}`;
    expect(verifiesV1a(vector.publicKey, content, vector.v1a)).toBe(true);
    for (const other of [`${content} `, content.replace('msg_p', 'msg_q'), content.replace('1614', '1615')])
      expect(verifiesV1a(vector.publicKey, other, vector.v1a)).toBe(false);
  });

  it('is also made with the old secret, for a day after a rotation', () => {
    const rotated = { rotation: 2, rotations: ['2024-12-30T00:00:00Z', '2025-01-01T00:00:00Z'] };
    expect(secretsAt(rotated, Date.parse('2025-01-01T23:59:59Z'), named)).toEqual(['secret 2', 'secret 1']);
    expect(secretsAt(rotated, Date.parse('2025-01-02T00:00:00Z'), named)).toEqual(['secret 2']);
    expect(secretsAt({ rotation: 0, rotations: [] }, 0, named)).toEqual(['secret 0']);
  });

  it('is made with every secret that was given up less than a day ago, however often it is rotated', () => {
    const rotated = {
      rotation: 3,
      rotations: ['2025-01-01T00:00:00Z', '2025-01-01T06:00:00Z', '2025-01-01T12:00:00Z'],
    };
    const at = (time: string): readonly string[] => secretsAt(rotated, Date.parse(time), named);
    expect(at('2025-01-01T13:00:00Z')).toEqual(['secret 3', 'secret 2', 'secret 1', 'secret 0']);
    expect(at('2025-01-02T07:00:00Z')).toEqual(['secret 3', 'secret 2']);
  });
});

describe('a webhook', () => {
  it('is a Standard Webhooks message that the specification’s own package verifies', async () => {
    const server = await receiver();
    const told = raised(anAlert('one', 1, { text: 'Zwölf Tage' }), 7);
    expect(await send(server.url, told)).toEqual({ result: 'delivered', status: 204, answer: '' });
    const { headers, body } = server.last;
    const verified = new Webhook(secrets[0] ?? '').verify(body, {
      'webhook-id': String(headers['webhook-id']),
      'webhook-timestamp': String(headers['webhook-timestamp']),
      'webhook-signature': String(headers['webhook-signature']),
    });
    expect(verified).toEqual(messageOf(told));
    expect(verified).toMatchObject({ type: 'deadline-reminder', data: { alert: told.alert.id, seq: 7, test: false } });
    expect(headers).toMatchObject({ 'webhook-id': told.alert.id, 'content-type': 'application/json; charset=utf-8' });
  });

  it('carries a signature of each scheme, and each is of these very bytes', async () => {
    const server = await receiver();
    await send(server.url);
    const { headers, body } = server.last;
    const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}`;
    const [v1 = '', v1a = ''] = String(headers['webhook-signature']).split(' ');
    const publicKey = publicKeyOf(secrets[1] ?? 'whsk_');
    expect(verifiesV1a(publicKey, `${content}.${body}`, v1a)).toBe(true);
    expect(verifiesV1a(publicKey, `${content}.${body.replace('Alert 1', 'Alert 2')}`, v1a)).toBe(false);
    const tampered = {
      'webhook-id': String(headers['webhook-id']),
      'webhook-timestamp': String(headers['webhook-timestamp']),
    };
    expect(() =>
      new Webhook(secrets[0] ?? '').verify(body.replace('Alert 1', 'Alert 2'), {
        ...tampered,
        'webhook-signature': v1,
      }),
    ).toThrow(WebhookVerificationError);
  });

  it('keeps its id from attempt to attempt, and takes the time of each', async () => {
    const server = await receiver();
    const told = raised(anAlert('one', 1), 1);
    await send(server.url, told, 1_700_000_000_999);
    await send(server.url, told, 1_700_000_060_000);
    expect(server.received.map(({ headers }) => [headers['webhook-id'], headers['webhook-timestamp']])).toEqual([
      [told.alert.id, '1700000000'],
      [told.alert.id, '1700000060'],
    ]);
    expect(server.connections).toBe(2);
  });

  it('has under 20 kB: what is too large is left out, the same way each time, and marked', () => {
    const { render } = new WebhookSender({ allowLoopback: false });
    const large = { note: 'ü'.repeat(9000) };
    const small = { date: '2025-04-05' };
    const cases = [
      { before: small, after: small, deadline: small },
      { before: large, after: small, deadline: small },
      { before: large, after: large, deadline: small },
      { before: large, after: large, deadline: large },
      { before: large, after: large, deadline: large, text: '𝄞'.repeat(20_000) },
    ];
    for (const more of cases) {
      const told = raised(anAlert('one', 1, more), 1);
      const text = render(told);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BODY_BYTES);
      expect(render(told)).toBe(text);
      expect(JSON.parse(text)).toMatchObject({ type: 'deadline-reminder', data: { seq: 1 } });
      expect(text.isWellFormed()).toBe(true);
    }
    const { data } = JSON.parse(render(raised(anAlert('one', 1, { before: large, after: large, deadline: small }), 1)));
    expect(data).toMatchObject({ before: { trimmed: true, bytes: 18_011 }, deadline: small });
    expect(data.after).toEqual(large);
  });
});

describe('an answer', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [299, 'delivered'],
    [301, 'failed'],
    [400, 'failed'],
    [410, 'gone'],
    [429, 'failed'],
    [500, 'failed'],
  ] as const)('of %i means that it is %s', async (status, result) => {
    const server = await answering(status);
    expect(await send(server.url)).toMatchObject({ result, status });
  });

  it('that redirects is not followed', async () => {
    const elsewhere = await receiver();
    const server = await answering(307, { location: elsewhere.url });
    expect(await send(server.url)).toMatchObject({
      result: 'failed',
      status: 307,
      answer: expect.stringMatching(/^Redirects are not followed/),
    });
    expect(elsewhere.connections).toBe(0);
  });

  it('may ask to be left alone for some time', async () => {
    const server = await answering(429, { 'retry-after': '120' });
    expect(await send(server.url)).toMatchObject({ retryAfterMs: 120_000 });
  });

  it('is kept up to 4 kB', async () => {
    const server = await answering(500, {}, 'x'.repeat(1_000_000));
    expect((await send(server.url)).answer).toBe('x'.repeat(4096));
  });

  it('that breaks off has decided by its status', async () => {
    const server = await receiver((_, __, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    });
    expect(await send(server.url)).toEqual({ result: 'delivered', status: 200, answer: 'half' });
  });

  it('that never comes is a failure with a reason', async () => {
    const server = await receiver((_, __, response) => void response.destroy());
    expect(await send(server.url)).toMatchObject({
      result: 'failed',
      status: null,
      answer: expect.stringMatching(/hang up/),
    });
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2025-04-04T13:00:00Z');

  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Fri, 04 Apr 2025 14:00:00 GMT', 3_600_000],
    ['Fri, 04 Apr 2025 12:00:00 GMT', 0],
    ['9999999999999', 86_400_000],
    ['Fri, 04 Apr 2325 14:00:00 GMT', 86_400_000],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
  ])('of %p asks for %p ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});
