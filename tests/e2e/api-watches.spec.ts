import { createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { ADMIN, expectProblem, type Got, Service, withRecord } from '../support/api.ts';
import { EventClient } from '../support/api-stream.ts';
import { extendsTo, ordered, setsDeadline, enacted } from '../support/matter.ts';
import { ReceiverServer } from '../support/receiver-server.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** RFC 8410 §4: what stands before the 32 bytes of an Ed25519 public key. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const patience = Date.now() + 20_000;
  while (Date.now() < patience) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('That did not come to pass.');
}

const webhook = (url: string) => ({ kind: 'webhook', url });

describe('watches', () => {
  let service: Service;
  let receiver: ReceiverServer;
  let matter: string;
  let mine: string;
  let theirs: string;

  beforeAll(async () => {
    service = await Service.start({ env: { INFORCE_ALLOW_LOOPBACK_WEBHOOKS: 'true' } });
    matter = await withRecord(service);
    theirs = service.server.parts.keys.create({ name: 'another', roles: ['subscriber'] }).key;
    mine = service.keys.subscriber;
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    receiver = await ReceiverServer.start();
  });
  afterEach(() => receiver.stop());

  const ask = (path: string, method = 'GET', body?: unknown, key = mine): Promise<Got> =>
    service.ask(`/v1/watches${path}`, { method, key, ...(body !== undefined && { body }) });
  const aWatch = async (more: object = {}): Promise<Got['body']> => {
    const made = await ask('', 'POST', { name: 'Mine', channel: webhook(receiver.url), ...more });
    expect(made.status).toBe(201);
    return made.body;
  };
  let count = 0;
  const record = async (...effects: Parameters<typeof enacted>[2] & object): Promise<string> => {
    count += 1;
    const id = `act-${count}`;
    const got = await service.post(
      `/v1/matters/${matter}/entries`,
      enacted(id, '2025-02-01', effects, { order: count }),
    );
    expect(got.status).toBe(201);
    return id;
  };
  const aDeadline = (due = '2999-01-01') => record(setsDeadline(`report-${count}`, due));

  it('are listed page by page, the oldest first', async () => {
    const { key } = service.server.parts.keys.create({ name: 'of many', roles: ['subscriber'] });
    const names = ['one', 'two', 'three', 'four', 'five'];
    for (const name of names) await ask('', 'POST', { name, channel: webhook(receiver.url) }, key);
    const listed: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const { body }: Got = await ask(`?limit=2${next && `&cursor=${next}`}`, 'GET', undefined, key);
      listed.push(...body.items.map(({ name }: { name: string }) => name));
      next = body.next;
    }
    expect(listed).toEqual(names);
    expectProblem(await ask('?limit=0', 'GET', undefined, key), 400, 'malformed');
    expectProblem(await ask('?cursor=nothing', 'GET', undefined, key), 400, 'malformed');
  });

  it('are made by subscribers, and show their secret once', async () => {
    const body = {
      name: 'App stores',
      filter: { parties: ['firms'], kinds: ['deadline-moved'] },
      leads: ['P7D'],
      channel: webhook(receiver.url),
      timeZone: 'Europe/Berlin',
      at: '07:30',
    };
    const made = await ask('', 'POST', body);
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/v1/watches/${made.body.id}`);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const { secret, publicKey, warnings, ...watch } = made.body;
    expect(warnings).toEqual([]);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    expect(watch).toEqual({
      ...body,
      id: expect.stringMatching(UUID),
      state: 'active',
      reason: null,
      createdAt: expect.any(String),
      rotatedAt: null,
    });
    expect((await ask(`/${watch.id}`)).body).toEqual(watch);
    const list = await ask('');
    expect(list.body.items).toContainEqual(watch);
    expect(list.text).not.toContain('whsec_');
  });

  it('are made with a warning where nothing on record bears what their filter names', async () => {
    const filter = { matters: [matter, 'no-such'], parties: ['firms', 'nobody'], jurisdictions: ['US', 'FR'] };
    const { status, body } = await ask('', 'POST', { name: 'Typos', channel: webhook(receiver.url), filter });
    expect([status, body.warnings]).toEqual([
      201,
      [
        'There is no matter no-such yet: until it is opened, nothing is told of it.',
        'No matter has a party nobody yet: until one has, nothing is told of it.',
        'No matter is of the jurisdiction FR yet: until one is, nothing is told of it.',
      ],
    ]);
    const changed = await ask(`/${body.id}`, 'PATCH', { filter: { matters: [matter], parties: ['nobody'] } });
    expect(changed.body.warnings).toEqual(['No matter has a party nobody yet: until one has, nothing is told of it.']);
    expect((await ask(`/${body.id}`, 'PATCH', { filter: { parties: ['firms'] } })).body.warnings).toEqual([]);
    await ask(`/${body.id}`, 'DELETE');
  });

  it('have usual settings where nothing is said', async () => {
    expect(await aWatch()).toMatchObject({
      filter: {},
      leads: ['P30D', 'P7D', 'P1D', 'P0D'],
      at: '09:00',
      timeZone: 'UTC',
    });
  });

  it('are there for their owner alone: for others there is nothing', async () => {
    const { id } = await aWatch();
    const calls: [string, string, unknown?][] = [
      ['GET', ''],
      ['PATCH', '', { name: 'Theirs' }],
      ['DELETE', ''],
      ['POST', '/test'],
      ['POST', '/rotate-secret'],
      ['GET', '/deliveries'],
      ['POST', '/deliveries/replay', { after: 0 }],
      ['GET', '/alerts'],
    ];
    for (const [method, path, body] of calls) {
      for (const [watch, key] of [
        [id, theirs],
        [id, ADMIN],
        ['0199b2c4-5d1e-7c3a-9f00-3a1b5c7d9e11', mine],
        ['nothing', mine],
      ]) {
        expectProblem(await ask(`/${watch}${path}`, method, body, key), 404, 'unknown-watch');
      }
      expectProblem(await ask(`/${id}${path}`, method, body, service.keys.recorder), 403, 'forbidden');
      expectProblem(await service.ask(`/v1/watches/${id}${path}`, { method, body }), 401, 'unauthorized');
    }
    expect((await ask('', 'GET', undefined, theirs)).body).toEqual({ items: [], next: null });
    expect((await ask(`/${id}`)).body.name).toBe('Mine');
  });

  it.each([
    [{ channel: { kind: 'webhook', url: 'https://169.254.169.254/latest' } }, '/channel/url'],
    [{ channel: { kind: 'webhook', url: 'https://[::ffff:10.0.0.1]/' } }, '/channel/url'],
    [{ channel: { kind: 'webhook', url: 'http://example.org/' } }, '/channel/url'],
    [{ channel: { kind: 'email', to: 'anna@example.org' } }, '/channel/kind'],
    [{ leads: ['P1D', 'soon'] }, '/leads/1'],
    [{ filter: { parties: [] } }, '/filter/parties'],
    [{ leads: Array.from({ length: 21 }, (_, index) => `P${index + 1}D`) }, '/leads'],
    [{ colour: 'red' }, '/colour'],
  ])('are refused with %j', async (wrong, pointer) => {
    const before = await service.head();
    const got = await ask('', 'POST', { name: 'Mine', channel: webhook(receiver.url), ...wrong });
    expectProblem(got, 400, 'malformed');
    expect(got.body.errors.map((each: { pointer: string }) => each.pointer)).toEqual([pointer]);
    expect(await service.head()).toBe(before);
  });

  it('tell what is recorded, signed by Standard Webhooks in both schemes', async () => {
    const { id, secret, publicKey } = await aWatch({ filter: { matters: [matter] } });
    const entry = await aDeadline();
    await until(() => receiver.received.length > 0);
    const { headers, body } = receiver.last;
    const message = JSON.parse(body);
    expect(message).toMatchObject({
      type: 'deadline-set',
      data: { watch: id, seq: 1, entry, late: false, test: false },
    });
    expect(headers['webhook-id']).toBe(message.data.alert);
    const signed = { ...headers, 'webhook-signature': String(headers['webhook-signature']) };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- headers that are there are texts
    expect(new Webhook(secret).verify(body, signed as unknown as Record<string, string>)).toEqual(message);
    const ed25519 =
      signed['webhook-signature']
        .split(' ')
        .find((each) => each.startsWith('v1a,'))
        ?.slice(4) ?? '';
    const key = Buffer.concat([SPKI_HEAD, Buffer.from(publicKey.slice('whpk_'.length), 'base64')]);
    const text = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
    const publicBytes = createPublicKey({ key, format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from(text), publicBytes, Buffer.from(ed25519, 'base64'))).toBe(true);
  });

  it('keep numbered receipts, and send again from a number', async () => {
    const { id } = await aWatch({ filter: { matters: [matter] } });
    await aDeadline();
    await aDeadline();
    await until(async () =>
      (await ask(`/${id}/deliveries`)).body.items.every((each: Got['body']) => each.state === 'delivered'),
    );
    await until(() => receiver.received.length === 2);
    const page = await ask(`/${id}/deliveries?limit=1`);
    expect(page.body).toMatchObject({ next: 1, items: [{ seq: 1, state: 'delivered', intact: true }] });
    expect(page.body.items[0].body).toBe(receiver.received[0]?.body);
    expect(page.body.items[0].attempts).toEqual([
      expect.objectContaining({ attempt: 1, outcome: 'delivered', status: 204 }),
    ]);
    const rest = await ask(`/${id}/deliveries?after=1`);
    expect(rest.body).toMatchObject({ next: null, items: [{ seq: 2 }] });
    // A test is not sent again, and not counted.
    await ask(`/${id}/test`, 'POST');
    receiver.received.pop();
    const replayed = await ask(`/${id}/deliveries/replay`, 'POST', { after: 1 });
    expect([replayed.status, replayed.body]).toEqual([202, { after: 1, alerts: 1 }]);
    await until(() => receiver.received.length === 3);
    expect(receiver.last.body).toBe(receiver.received[1]?.body);
    expectProblem(await ask(`/${id}/deliveries?after=x`), 400, 'malformed');
    expectProblem(await ask(`/${id}/deliveries/replay`, 'POST', {}), 400, 'malformed');
  });

  it('are tried with a test alert, which says how it went', async () => {
    const { id } = await aWatch();
    const tested = await ask(`/${id}/test`, 'POST');
    expect([tested.status, tested.body]).toEqual([
      200,
      { alert: expect.stringMatching(UUID), seq: 1, delivered: true, status: 204, answer: '' },
    ]);
    expect(JSON.parse(receiver.last.body)).toMatchObject({
      type: 'test',
      data: { test: true, alert: tested.body.alert },
    });
    const failing = await ReceiverServer.start((_, __, response) => void response.writeHead(500).end('no'));
    await ask(`/${id}`, 'PATCH', { channel: webhook(failing.url) });
    expect((await ask(`/${id}/test`, 'POST')).body).toMatchObject({
      seq: 2,
      delivered: false,
      status: 500,
      answer: 'no',
    });
    await failing.stop();
    expectProblem(await ask(`/${id}/test`, 'POST', { loud: true }), 400, 'malformed');
  });

  it('rotate their secret: old and new sign side by side', async () => {
    const { id, secret } = await aWatch();
    const rotated = await ask(`/${id}/rotate-secret`, 'POST');
    expect(rotated.body).toMatchObject({ secret: expect.stringMatching(/^whsec_/), rotatedAt: expect.any(String) });
    expect(rotated.body.secret).not.toBe(secret);
    await ask(`/${id}/test`, 'POST');
    const { headers, body } = receiver.last;
    for (const each of [secret, rotated.body.secret]) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- headers that are there are texts
      expect(new Webhook(each).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'test' });
    }
  });

  it('are changed, rested and resumed', async () => {
    const { id } = await aWatch({ filter: { matters: [matter] } });
    expect((await ask(`/${id}`, 'PATCH', { state: 'paused', name: 'Resting' })).body).toMatchObject({
      state: 'paused',
      name: 'Resting',
    });
    await aDeadline();
    expect((await ask(`/${id}`, 'PATCH', { state: 'active' })).body.state).toBe('active');
    const heard = await aDeadline();
    await until(() => receiver.received.length > 0);
    expect(JSON.parse(receiver.received[0]?.body ?? '').data).toMatchObject({ seq: 1, entry: heard });
    expectProblem(await ask(`/${id}`, 'PATCH', { state: 'disabled' }), 400, 'malformed');
    expectProblem(await ask(`/${id}`, 'PATCH', { channel: webhook('https://10.0.0.1/') }), 400, 'malformed');
  });

  it('that are told where else to lead try there at once what failed before', async () => {
    const down = await ReceiverServer.start((_, __, response) => void response.writeHead(503).end());
    const { id } = await aWatch({ channel: webhook(down.url), filter: { matters: [matter] } });
    await aDeadline();
    await until(async () => (await ask(`/${id}/deliveries`)).body.items[0]?.attempts.length === 1);
    expect((await ask(`/${id}`, 'PATCH', { channel: webhook(receiver.url) })).status).toBe(200);
    await until(() => receiver.received.length === 1);
    await until(async () => (await ask(`/${id}/deliveries`)).body.items[0].state === 'delivered');
    expect((await ask(`/${id}/deliveries`)).body.items[0].attempts[1]).toMatchObject({ round: 1, attempt: 1 });
    await down.stop();
  });

  it('that the receiver wants no more are disabled, say so to whoever listens, and can be enabled', async () => {
    const gone = await ReceiverServer.start((_, __, response) => void response.writeHead(410).end());
    const { id } = await aWatch({ channel: webhook(gone.url), filter: { matters: [matter] } });
    const client = await EventClient.open(`${service.url}/v1/watches/${id}/alerts?after=0`, {
      authorization: `Bearer ${mine}`,
    });
    await aDeadline();
    await until(async () => (await ask(`/${id}`)).body.state === 'disabled');
    expect((await ask(`/${id}`)).body.reason).toMatch(/410/);
    const messages = await client.until(2);
    expect(messages.map(({ data }) => data.type)).toEqual(['deadline-set', 'watch-disabled']);
    client.close();
    expectProblem(await ask(`/${id}`, 'PATCH', { state: 'paused', name: 'Other' }), 409, 'watch-disabled');
    expect((await ask(`/${id}`)).body.name).toBe('Mine');
    expect((await ask(`/${id}`, 'PATCH', { state: 'active' })).body).toMatchObject({ state: 'active', reason: null });
    await gone.stop();
  });

  it('are gone once they are removed', async () => {
    const { id } = await aWatch({ filter: { matters: [matter] } });
    expect((await ask(`/${id}`, 'DELETE')).status).toBe(204);
    expectProblem(await ask(`/${id}`), 404, 'unknown-watch');
    expectProblem(await ask(`/${id}`, 'DELETE'), 404, 'unknown-watch');
    expect((await ask('')).body.items.map((each: Got['body']) => each.id)).not.toContain(id);
    await aDeadline();
    expect(receiver.received).toEqual([]);
  });

  it('are streamed to whoever listens, live and from any number', async () => {
    const { id } = await aWatch({ filter: { matters: [matter] } });
    await aDeadline();
    await until(() => receiver.received.length === 1);
    const url = `${service.url}/v1/watches/${id}/alerts`;
    const authorization = `Bearer ${mine}`;
    const [live, whole] = [
      await EventClient.open(url, { authorization }),
      await EventClient.open(`${url}?after=0`, { authorization }),
    ];
    expect(live.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    await aDeadline();
    expect((await live.until(1)).map(({ id: seq }) => seq)).toEqual(['2']);
    expect((await whole.until(2)).map(({ id: seq, data }) => [seq, data.data.seq])).toEqual([
      ['1', 1],
      ['2', 2],
    ]);
    expect(JSON.stringify(whole.messages[0]?.data)).toBe(receiver.received[0]?.body);
    expect([...whole.fields]).toEqual(['id', 'data']);
    const resumed = await EventClient.open(`${url}?after=0`, { authorization, 'last-event-id': '1' });
    expect((await resumed.until(1)).map(({ id: seq }) => seq)).toEqual(['2']);
    for (const client of [live, whole, resumed]) client.close();
    expectProblem(await ask(`/${id}/alerts?after=-1`), 400, 'malformed');
    expectProblem(
      await service.ask(`/v1/watches/${id}/alerts`, { key: mine, headers: { 'last-event-id': 'x' } }),
      400,
      'malformed',
    );
  });

  it('are streamed no further to a key that was revoked', async () => {
    const { keys } = service.server.parts;
    const { id: keyId, key } = keys.create({ name: 'leaving', roles: ['subscriber'] });
    const body = { name: 'Theirs', channel: webhook(receiver.url), filter: { matters: [matter] } };
    const { id } = (await ask('', 'POST', body, key)).body;
    const client = await EventClient.open(`${service.url}/v1/watches/${id}/alerts`, { authorization: `Bearer ${key}` });
    await aDeadline();
    await client.until(1);
    keys.revoke(keyId);
    await aDeadline();
    await client.end();
    expect(client.messages.map(({ id: seq }) => seq)).toEqual(['1']);
  });

  it('keep addresses and secrets out of what can be read of the log', async () => {
    const { secret } = await aWatch();
    const log = await service.ask('/v1/log?limit=1000');
    expect(log.body.items.every((each: Got['body']) => each.stream.startsWith('matter-'))).toBe(true);
    const bytes = await readFile(join(service.data, 'events.db'), 'latin1');
    const wal = await readFile(join(service.data, 'events.db-wal'), 'latin1').catch(() => '');
    expect(`${bytes}${wal}`).not.toContain(receiver.url);
    expect(`${bytes}${wal}`).not.toContain(secret.slice('whsec_'.length));
  });

  it('remind on the ladder when a deadline first appears inside it', async () => {
    const { id } = await aWatch({ filter: { matters: [matter] }, timeZone: 'America/New_York', at: '00:00' });
    const due = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    await aDeadline(due);
    await until(async () => (await ask(`/${id}/deliveries`)).body.items.length === 2);
    const { items } = (await ask(`/${id}/deliveries`)).body;
    expect(items.map((each: Got['body']) => each.type)).toEqual(['deadline-set', 'deadline-reminder']);
  });
});

describe('a start', () => {
  it('again goes on with the watches there are, and signs as before', async () => {
    const receiver = await ReceiverServer.start();
    const env = { INFORCE_ALLOW_LOOPBACK_WEBHOOKS: 'true' };
    const first = await Service.start({ env });
    const matter = await withRecord(first);
    const key = first.keys.subscriber;
    const made = await first.ask('/v1/watches', {
      method: 'POST',
      key,
      body: { name: 'Mine', channel: webhook(receiver.url), filter: { matters: [matter] } },
    });
    await first.stop({ keep: true });
    const second = await Service.start({ env, data: first.data });
    const pause = ordered('extension', '2025-03-01', [extendsTo('the-forbearance', '2999-06-19')]);
    expect((await second.post(`/v1/matters/${matter}/entries`, pause)).status).toBe(201);
    await until(() => receiver.received.length > 0);
    const { headers, body } = receiver.received[0] ?? receiver.last;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- headers that are there are texts
    const signed = headers as Record<string, string>;
    expect(new Webhook(made.body.secret).verify(body, signed)).toMatchObject({ data: { seq: 1, watch: made.body.id } });
    const other = await second.ask(`/v1/watches/${made.body.id}`, { key });
    expect(other.body).toMatchObject({ name: 'Mine', channel: { url: receiver.url } });
    await second.stop();
    await receiver.stop();
  });
});

describe('mail', () => {
  it('arrives, and ends with one click of a mail program', async () => {
    const mails: string[] = [];
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => {
        let text = '';
        stream.on('data', (part: Buffer) => (text += part.toString()));
        stream.on('end', () => {
          mails.push(text);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    const address = smtp.server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const env = {
      INFORCE_SMTP: `smtp://127.0.0.1:${port}`,
      INFORCE_MAIL_FROM: 'inforce@example.org',
      INFORCE_PUBLIC_URL: 'https://inforce.example.org',
    };
    const service = await Service.start({ env });
    const key = service.keys.subscriber;
    const body = { name: 'Mine', channel: { kind: 'email', to: 'anna@example.org' } };
    const { body: watch } = await service.ask('/v1/watches', { method: 'POST', key, body });
    expect(watch.secret).toBeUndefined();
    expect((await service.ask(`/v1/watches/${watch.id}/test`, { method: 'POST', key })).body.delivered).toBe(true);
    const [, link = ''] = /List-Unsubscribe:\s*<https:\/\/inforce\.example\.org([^>]+)>/.exec(mails[0] ?? '') ?? [];
    const path = link.replaceAll(/\s/g, '');
    expect(path).toMatch(/^\/v1\/watches\/.+\/unsubscribe\?token=/);
    const page = await service.ask(path);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await service.ask(`/v1/watches/${watch.id}`, { key })).body.state).toBe('active');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const ended = await service.ask(path, { method: 'POST', headers: form, body: 'List-Unsubscribe=One-Click' });
    expect([ended.status, ended.text]).toEqual([200, 'You have unsubscribed: no more mails are sent.\n']);
    expect((await service.ask(`/v1/watches/${watch.id}`, { key })).body).toMatchObject({
      state: 'disabled',
      reason: 'The receiver unsubscribed.',
    });
    expectProblem(await service.ask(path.slice(0, -3), { method: 'POST' }), 404, 'unknown-watch');
    expectProblem(await service.ask(path.replace(/\?.*/, ''), { method: 'POST' }), 400, 'malformed');
    const refused = await service.ask('/v1/watches', { method: 'POST', key, headers: form, body: 'name=x' });
    expectProblem(refused, 415, 'unsupported-media-type');
    await service.stop();
    await new Promise<void>((resolve) => smtp.close(resolve));
  });
});

describe('watches whose address was sealed under a secret that is lost', () => {
  it('are still shown, with their receipts, and go on once they are told where they lead', async () => {
    const receiver = await ReceiverServer.start();
    const env = { INFORCE_ALLOW_LOOPBACK_WEBHOOKS: 'true' };
    const before = await Service.start({ env: { ...env, INFORCE_SECRET: 'the-one-that-is-lost-0123456789abcdef' } });
    const key = before.keys.subscriber;
    const post = { method: 'POST', key } as const;
    const body = { name: 'Mine', channel: webhook(receiver.url) };
    const { id } = (await before.ask('/v1/watches', { ...post, body })).body;
    expect((await before.ask(`/v1/watches/${id}/test`, post)).body.delivered).toBe(true);
    await before.stop({ keep: true });

    const after = await Service.start({
      data: before.data,
      env: { ...env, INFORCE_SECRET: 'the-one-in-its-place-0123456789abcdef' },
    });
    expect((await after.ask('/v1/watches', { key })).body.items).toMatchObject([{ id, channel: null }]);
    const { items } = (await after.ask(`/v1/watches/${id}/deliveries`, { key })).body;
    expect(items).toMatchObject([{ seq: 1, state: 'delivered', intact: true }]);
    expect((await after.ask(`/v1/watches/${id}/test`, post)).body).toMatchObject({ delivered: false, status: null });
    const patch = { method: 'PATCH', key, body: { channel: webhook(receiver.url) } };
    expect((await after.ask(`/v1/watches/${id}`, patch)).body).toMatchObject({ channel: webhook(receiver.url) });
    expect((await after.ask(`/v1/watches/${id}/test`, post)).body.delivered).toBe(true);
    await after.stop();
    await receiver.stop();
  });
});
