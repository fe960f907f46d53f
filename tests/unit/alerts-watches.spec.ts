import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Channel, type Watch, WatchDesk, WatchList, type WatchSettings } from '#libs/alerts';
import { ERASURE_STREAM, MemoryEventLog, PRIVATE_ERASED, type RecordedEvent, uuidv7 } from '#libs/event-log';
import { Vault } from '#libs/vault';
import { settings, vault, webhook } from '../support/alerts.ts';

let log: MemoryEventLog;
let desk: WatchDesk;
let now: number;

beforeEach(() => {
  now = Date.parse('2025-03-01T12:00:00Z');
  log = new MemoryEventLog({ now: () => now });
  desk = new WatchDesk({ log, vault });
});

async function logged(): Promise<readonly RecordedEvent[]> {
  return Array.fromAsync(log.readAll());
}

async function folded(): Promise<WatchList> {
  const list = new WatchList();
  for (const event of await logged()) list.take(event);
  return list;
}

async function aWatch(more: Partial<WatchSettings> = {}): Promise<Watch> {
  const { watch } = await desk.create('key:1', settings(more), webhook);
  return watch;
}

describe('a watch', () => {
  it('is a stream of its own, and what it is made with is what is read', async () => {
    const { watch, position } = await desk.create('key:1', settings({ filter: { parties: ['apple'] } }), webhook);
    expect(watch).toMatchObject({ ...settings({ filter: { parties: ['apple'] } }), owner: 'key:1', state: 'active' });
    expect(watch).toMatchObject({ rotation: 0, revision: 0, createdAt: '2025-03-01T12:00:00.000Z' });
    expect((await logged()).map(({ stream, type, schema }) => ({ stream, type, schema }))).toEqual([
      { stream: `watch-${watch.id}`, type: 'WatchCreated', schema: 1 },
    ]);
    expect(position).toBe(await log.head());
    expect(await desk.read(watch.id)).toEqual(watch);
    expect((await folded()).get(watch.id)).toEqual(watch);
  });

  it('keeps its address from whoever reads the log, and opens it to the service', async () => {
    const mail: Channel = { kind: 'email', to: 'anna@example.org' };
    const { watch } = await desk.create('key:1', settings(), mail);
    await desk.tell(watch.id, 'key:1', { kind: 'change', settings: {}, channel: webhook });
    expect(JSON.stringify(await logged(), (_, value) => (typeof value === 'bigint' ? `${value}` : value))).not.toMatch(
      /example|7f3a/,
    );
    expect(desk.channelOf(watch)).toEqual(mail);
    expect(desk.channelOf((await desk.read(watch.id)) ?? watch)).toEqual(webhook);
    expect(desk.channelOf({ ...watch, address: { salted: watch.address.salted } })).toBeUndefined();
    expect(() => desk.channelOf({ ...watch, id: 'another' })).toThrow('cannot be opened');
  });

  it('forgets an address that was erased, at once and in a list that goes on', async () => {
    const list = new WatchList();
    const { watch } = await desk.create('key:1', settings(), webhook);
    for (const event of await logged()) list.take(event);
    const data = { event: watch.id, stream: `watch-${watch.id}`, revision: 0, pointer: '/address', reason: 'asked to' };
    const erased = { ...data, salted: watch.address.salted };
    const event = { id: uuidv7(), type: PRIVATE_ERASED, schema: 1, data: erased, meta: { actor: 'admin' } };
    await log.append(ERASURE_STREAM, 'no-stream', [event]);
    for (const each of await logged()) if (each.stream === ERASURE_STREAM) list.take(each);
    expect(list.of('key:1')).toMatchObject([{ id: watch.id, state: 'active' }]);
    expect(list.get(watch.id)?.address).toEqual({ salted: watch.address.salted });
  });

  it('signs with keys that are derived for it alone, and others after each rotation', async () => {
    const [one, other] = [await aWatch(), await aWatch()];
    const key = (watch: Watch, rotation: number) => desk.keyOf(watch, 'hmac', rotation).toString('hex');
    expect(new Set([key(one, 0), key(one, 1), key(other, 0)]).size).toBe(3);
    expect(
      new WatchDesk({ log, vault: new Vault(`another secret, ${'x'.repeat(32)}`) }).keyOf(one, 'hmac', 0),
    ).not.toEqual(desk.keyOf(one, 'hmac', 0));
    now += 1000;
    const { watch } = await desk.tell(one.id, 'key:1', { kind: 'rotate-secret' });
    expect(watch).toMatchObject({ rotation: 1, rotations: ['2025-03-01T12:00:01.000Z'] });
    expect(JSON.stringify((await logged()).map(({ data }) => data))).not.toContain(
      desk.keyOf(watch, 'hmac', 1).toString('base64'),
    );
  });

  it('is changed field by field, and a change that changes nothing is not recorded', async () => {
    const { id } = await aWatch();
    const change = { kind: 'change', settings: { leads: ['P1D'], name: 'A watch' } } as const;
    const { watch } = await desk.tell(id, 'key:1', change);
    expect(watch).toMatchObject({ leads: ['P1D'], at: '09:00', revision: 1 });
    await desk.tell(id, 'key:1', change);
    expect((await logged()).map(({ data }) => data)).toEqual([expect.anything(), { leads: ['P1D'] }]);
  });

  it('rests, and goes on', async () => {
    const { id } = await aWatch();
    const state = async (kind: 'pause' | 'resume') => (await desk.tell(id, 'key:1', { kind })).watch.state;
    expect([await state('pause'), await state('pause'), await state('resume'), await state('resume')]).toEqual([
      'paused',
      'paused',
      'active',
      'active',
    ]);
    expect(await logged()).toHaveLength(3);
  });

  it('that is disabled says why, and does not go on before it is enabled', async () => {
    const { id } = await aWatch();
    const { watch } = await desk.tell(id, 'service', { kind: 'disable', reason: 'The receiver answered 410.' });
    expect(watch).toMatchObject({ state: 'disabled', reason: 'The receiver answered 410.' });
    for (const kind of ['pause', 'resume'] as const) {
      await expect(desk.tell(id, 'key:1', { kind })).rejects.toMatchObject({
        rule: 'watch-disabled',
        message: 'The watch is disabled: The receiver answered 410. Enable it first.',
      });
    }
    expect((await desk.tell(id, 'key:1', { kind: 'enable' })).watch).toMatchObject({ state: 'active', reason: null });
  });

  it('is changed and rested at once or not at all', async () => {
    const { id } = await aWatch();
    await desk.tell(id, 'service', { kind: 'disable', reason: 'The receiver answered 410.' });
    const edit = { kind: 'change', settings: { name: 'Another' } } as const;
    await expect(desk.tell(id, 'key:1', { ...edit, state: 'paused' })).rejects.toMatchObject({
      rule: 'watch-disabled',
    });
    expect(await logged()).toHaveLength(2);
    const { watch } = await desk.tell(id, 'key:1', { ...edit, state: 'active' });
    expect(watch).toMatchObject({ name: 'Another', state: 'active', reason: null });
    await desk.tell(id, 'key:1', { kind: 'change', settings: { at: '07:00' }, state: 'paused' });
    expect((await logged()).map(({ type }) => type)).toEqual([
      'WatchCreated',
      'WatchDisabled',
      'WatchChanged',
      'WatchEnabled',
      'WatchPaused',
      'WatchChanged',
    ]);
  });

  it('that is removed takes no more commands, and is in no list', async () => {
    const [{ id }, other] = [await aWatch(), await aWatch()];
    await desk.tell(id, 'key:1', { kind: 'remove' });
    await expect(desk.tell(id, 'key:1', { kind: 'pause' })).rejects.toMatchObject({ rule: 'unknown-watch' });
    await expect(desk.tell('never-made', 'key:1', { kind: 'pause' })).rejects.toMatchObject({ rule: 'unknown-watch' });
    expect((await folded()).of('key:1').map((watch) => watch.id)).toEqual([other.id]);
    expect((await folded()).of('key:2')).toEqual([]);
  });

  it('takes commands from many at once, one after the other', async () => {
    const { id } = await aWatch();
    const desks = Array.from({ length: 6 }, () => new WatchDesk({ log, vault }));
    await Promise.all(desks.map((each) => each.tell(id, 'key:1', { kind: 'rotate-secret' })));
    expect((await desk.read(id))?.rotation).toBe(6);
  });

  it.each([
    ['/name', { name: ' ' }],
    ['/leads/1', { leads: ['P1D', 'PT5H'] }],
    ['/leads/0', { leads: ['P-1D'] }],
    ['/leads', { leads: ['P1D', 'P1D'] }],
    ['/at', { at: '9:00' }],
    ['/at', { at: '24:00' }],
    ['/timeZone', { timeZone: 'Mars/Olympus' }],
    ['/filter/matters', { filter: { matters: [] } }],
    ['/filter/kinds/0', { filter: { kinds: JSON.parse('["gossip"]') } }],
  ])('is refused for what is wrong at %s, and nothing is recorded', async (pointer, wrong: Partial<WatchSettings>) => {
    await expect(desk.create('key:1', settings(wrong), webhook)).rejects.toMatchObject({
      rule: 'malformed-watch',
      pointer,
    });
    expect(await logged()).toEqual([]);
  });

  it.each(['ftp://example.org', 'example.org', ''])('is refused with the webhook %j', async (url) => {
    await expect(desk.create('key:1', settings(), { kind: 'webhook', url })).rejects.toMatchObject({
      pointer: '/channel/url',
    });
  });

  it('is refused with what is no e-mail address', async () => {
    const channel: Channel = { kind: 'email', to: 'Anna <anna@example.org>' };
    await expect(desk.create('key:1', settings(), channel)).rejects.toMatchObject({ pointer: '/channel/to' });
  });
});

it('leaves out what a newer version wrote, and what other streams hold', async () => {
  const { id } = await aWatch();
  const list = await folded();
  const [created] = await logged();
  if (!created) throw new Error('nothing was recorded');
  expect(list.take({ ...created, revision: 1, type: 'WatchPainted' })).toBeUndefined();
  expect(list.take({ ...created, revision: 1, type: 'WatchPaused', schema: 2, data: {} })).toBeUndefined();
  expect(list.take({ ...created, stream: 'matter-x' })).toBeUndefined();
  expect(list.take({ ...created, stream: 'watch-x', type: 'WatchPaused', data: {} })).toBeUndefined();
  expect(list.get(id)?.state).toBe('active');
  expect([...list.all()]).toHaveLength(1);
});
