import { Agent, request } from 'node:http';
import { expectProblem, type Got, law, pause, Service, withRecord } from '../support/api.ts';
import { aMatter, party, reported } from '../support/matter.ts';

// Requests made from good ones by random damage: whatever arrives, the service answers as its contract says, and what it
// refuses leaves no trace in the log. The seed is printed when it fails.
const REQUESTS = Number(process.env['INFORCE_TEST_REQUESTS'] ?? 10_000);
const SEED = Number(process.env['INFORCE_TEST_SEED'] ?? Date.now() % 2 ** 31);

type Random = () => number;

/** mulberry32: small, and the same everywhere. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <Item>(random: Random, items: readonly Item[]): Item => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick.');
  return item;
};

const strange: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  -0.1,
  2 ** 53,
  '',
  ' ',
  'a'.repeat(5000),
  '\u0000',
  '\ud800',
  '\u202e\u2066',
  '🏛️'.repeat(50),
  '2025-02-30',
  '9999-12-31',
  '0000-01-01',
  '2025-01-01T00:00:00Z',
  'P999999999D',
  'us.frcp6@2009',
  '../../etc/passwd',
  "'; DROP TABLE events; --",
  '<script>alert(1)</script>',
  [],
  {},
  [[[[]]]],
  { entry: 'the-law' },
  { date: '2025-01-01' },
  { period: 'P30D', after: '2025-01-01', rule: 'us.plain' },
  { earliest: [{ latest: [{ earliest: ['2025-01-01'] }] }] },
  { contingent: 'x', latest: '2025-01-01' },
];

const strangeKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'id',
  'a'.repeat(300),
  '\ud800',
  'é',
  '$',
  'effects',
  '0',
];

/** One random edit somewhere in a JSON value. */
function damaged(random: Random, value: unknown, depth = 0): unknown {
  const here = depth > 6 || random() < 0.25;
  if (Array.isArray(value) && !here && value.length > 0) {
    const index = Math.floor(random() * value.length);
    return value.map((item: unknown, each) => (each === index ? damaged(random, item, depth + 1) : item));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !here) {
    const entries = Object.entries(value);
    if (entries.length > 0) return damagedObject(random, entries, depth);
  }
  return replaced(random, value);
}

function damagedObject(random: Random, entries: readonly (readonly [string, unknown])[], depth: number): unknown {
  const [key] = pick(random, entries);
  const kind = random();
  if (kind < 0.15) return Object.fromEntries(entries.filter(([each]) => each !== key));
  if (kind < 0.3) return fromEntries([...entries, [pick(random, strangeKeys), pick(random, strange)]]);
  if (kind < 0.4)
    return fromEntries(entries.map(([each, item]) => [each === key ? pick(random, strangeKeys) : each, item]));
  return fromEntries(entries.map(([each, item]) => [each, each === key ? damaged(random, item, depth + 1) : item]));
}

/** `__proto__` as a field of its own, as JSON.parse makes it. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  const made = {};
  for (const [key, value] of entries)
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
  return made;
}

function replaced(random: Random, value: unknown): unknown {
  const kind = random();
  if (kind < 0.1) return [value];
  if (kind < 0.2) return { value };
  if (kind < 0.25) return Array.from({ length: 250 }, () => value);
  if (kind < 0.3) return nested(value, Math.floor(random() * 60));
  if (kind < 0.4 && typeof value === 'string') return value.slice(0, Math.floor(random() * value.length));
  if (kind < 0.5 && typeof value === 'string') return `${value}${pick(random, ['\u0301', '-x', ' ', '\n', '%00'])}`;
  return pick(random, strange);
}

const nested = (value: unknown, levels: number): unknown => (levels === 0 ? value : [nested(value, levels - 1)]);

/** Bytes that are hardly JSON any more. */
function broken(random: Random, text: string): string | Buffer {
  const at = Math.floor(random() * text.length);
  const kind = random();
  if (kind < 0.3) return text.slice(0, at);
  if (kind < 0.6)
    return text.slice(0, at) + pick(random, ['{', '}', '"', '\\', ',', '\u0000', '1e999', 'NaN']) + text.slice(at);
  if (kind < 0.8)
    return Buffer.concat([
      Buffer.from(text.slice(0, at)),
      Buffer.from([0xff, 0xc0, 0x80]),
      Buffer.from(text.slice(at)),
    ]);
  if (kind < 0.9) return '['.repeat(Math.floor(random() * 50_000));
  return pick(random, ['', ' ', 'null', '[]', '0', '"x"', '\ufeff{}', '{"a":1e999}', '{"a":1,"a":2}']);
}

const parameters = [
  'at',
  'knownAt',
  'publishedBy',
  'minPosition',
  'party',
  'enforcer',
  'limit',
  'cursor',
  'from',
  'to',
  'state',
  'q',
  'after',
  'knownFrom',
  'knownTo',
  'status',
  'tag',
  'jurisdiction',
  '__proto__',
  'x',
];
const values = [
  '',
  '0',
  '1',
  '-1',
  '201',
  '1e9',
  '2025-02-01',
  '2025-02-30',
  '2025-02-01T00:00:00Z',
  '9999-12-31',
  'acme',
  'nobody',
  'a,b',
  ',',
  'met,lapsed',
  'null',
  '[]',
  'eyJhIjoxfQ',
  '%00',
  '%F0%9F%8F%9B',
  '%E0%A4%A',
  'x'.repeat(5000),
  '*',
  '"',
  '18446744073709551616',
];

function query(random: Random): string {
  const count = Math.floor(random() * 4);
  const parts = Array.from({ length: count }, () => `${pick(random, parameters)}=${pick(random, values)}`)
    // A position that never comes is waited for; another test has the patience.
    .map((part) => (part === 'minPosition=201' ? 'minPosition=2' : part));
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

interface Made {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Buffer;
}

const paths = [
  'matters',
  'matters/matter',
  'matters/matter/status',
  'matters/matter/timeline',
  'matters/matter/entries',
  'matters/matter/entries/the-law',
  'matters/matter/deadlines',
  'matters/matter/diff',
  'matters/matter/history',
  'deadlines',
  'log',
  'search',
  'matters/nowhere/status',
  'nowhere',
];

const correction = { reason: 'Better.', changes: { title: 'Other', effects: law.effects } };
const targets: readonly (readonly [string, unknown])[] = [
  ['matters', aMatter({ id: 'another' })],
  ['matters/matter/parties', party('someone', 'firms')],
  ['matters/matter/entries', law],
  ['matters/matter/entries', pause],
  ['matters/matter/entries', reported('report', '2024-02-01')],
  ['matters/matter/entries/the-law/corrections', correction],
  ['matters/matter/entries/the-pause/retraction', { reason: 'It never was.' }],
  ['matters/matter/what-if', { entries: [pause], at: '2025-02-01', party: 'acme' }],
];

const headerNames = [
  'if-match',
  'idempotency-key',
  'if-none-match',
  'accept',
  'x-request-id',
  'content-type',
  'authorization',
  'expect',
  'x-http-method-override',
  'content-encoding',
];
const headerValues = [
  '"0"',
  '"99"',
  '*',
  'x',
  '',
  'W/"1"',
  'application/json',
  'application/x-ndjson',
  'text/plain',
  'Bearer x',
  'a'.repeat(300),
  '"',
  'gzip',
  'utf-8;q=nan',
  '\u00e9',
];

function aRequest(random: Random, key: string): Made {
  const headers: Record<string, string> = random() < 0.9 ? { authorization: `Bearer ${key}` } : {};
  if (random() < 0.3) headers[pick(random, headerNames)] = pick(random, headerValues);
  if (random() < 0.35) return { method: 'GET', path: `/v1/${pick(random, paths)}${query(random)}`, headers };
  const [target, good] = pick(random, targets);
  let body = good;
  for (let edits = 1 + Math.floor(random() * 3); edits > 0; edits -= 1) body = damaged(random, body);
  const text = JSON.stringify(body) ?? 'null';
  headers['content-type'] ??= 'application/json';
  const path = `/v1/${target}${random() < 0.1 ? query(random) : ''}`;
  return { method: 'POST', path, headers, body: random() < 0.2 ? broken(random, text) : text };
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

function send(url: string, { method, path, headers, body }: Made): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const answered = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
        resolve({ status: response.statusCode ?? 0, headers: answered, text, body: readable(text) });
      });
    });
    sent.on('error', reject).end(body);
  });
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('whatever is sent', () => {
  let service: Service;
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);

  beforeAll(async () => {
    service = await Service.start();
    await withRecord(service);
    process.on('unhandledRejection', onRejection);
  });
  afterAll(async () => {
    process.off('unhandledRejection', onRejection);
    agent.destroy();
    await service.stop();
  });

  it(`is answered as the contract says: ${REQUESTS} requests`, async () => {
    const random = seeded(SEED);
    const counted = new Map<number, number>();
    for (let index = 0; index < REQUESTS; index += 1) {
      const asked = aRequest(random, service.keys.recorder);
      // Nobody else writes: a refused request must leave the log where it was.
      const before = await service.head();
      const got = await send(service.url, asked);
      counted.set(got.status, (counted.get(got.status) ?? 0) + 1);
      try {
        expectGood(got);
        expect(await service.recordedSince(before)).toBe(got.status === 201 ? 1 : 0);
      } catch (error) {
        const fault = service.logged.find(({ level }) => Number(level) >= 50);
        const words = `Seed ${SEED}, request ${index}: ${JSON.stringify(asked)}\n${got.text.slice(0, 500)}`;
        throw new Error(`${words}\n${JSON.stringify(fault ?? null)}`, { cause: error });
      }
    }
    expect(rejections).toEqual([]);
    expect(service.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    // Damage that is never noticed, or always, would test nothing.
    for (const status of [200, 201, 400, 401, 404, 409, 422])
      expect({ status, count: counted.get(status) ?? 0 }).not.toEqual({ status, count: 0 });
    expect((await service.ask('/health/ready')).body).toMatchObject({ status: 'ready', views: { quarantined: [] } });
  }, 90_000);
});

function expectGood(got: Got): void {
  if (got.status < 400) return;
  expect(got.status).toBeLessThan(500);
  expectProblem(got, got.status, got.body?.rule);
  if (got.status === 400 && got.body.rule === 'malformed' && got.body.errors !== undefined)
    for (const error of got.body.errors)
      expect([typeof error.pointer, typeof error.parameter].toSorted()).toEqual(['string', 'undefined']);
}
