import { ADMIN, expectProblem, Service, withRecord } from '../support/api.ts';
import { aMatter, reported } from '../support/matter.ts';

describe('access', () => {
  let service: Service;
  let matter: string;
  beforeAll(async () => {
    service = await Service.start();
    matter = await withRecord(service);
  });
  afterAll(() => service.stop());

  const writes = (): readonly (readonly [string, unknown])[] => [
    ['/v1/matters', aMatter()],
    [`/v1/matters/${matter}/parties`, { id: 'acme', name: 'acme', memberOf: ['firms'] }],
    [`/v1/matters/${matter}/entries`, reported('access', '2024-02-01')],
  ];

  it('to write takes a key with the role of a recorder', async () => {
    for (const [path, body] of writes()) {
      const send = (key?: string) => service.ask(path, { method: 'POST', body, ...(key !== undefined && { key }) });
      const without = await send();
      expectProblem(without, 401, 'unauthorized');
      expect(without.headers.get('www-authenticate')).toBe('Bearer realm="inforce"');
      expectProblem(await send(service.keys.subscriber), 403, 'forbidden');
      expectProblem(await send(service.keys.auditor), 403, 'forbidden');
      expect([200, 201]).toContain((await send(service.keys.recorder)).status);
      expect([200, 201]).toContain((await send(ADMIN)).status);
    }
  });

  it('with a bad or revoked key is refused everywhere', async () => {
    const { id, key } = service.server.parts.keys.create({ name: 'short', roles: ['recorder'] });
    expect((await service.ask('/v1/matters', { key })).status).toBe(200);
    service.server.parts.keys.revoke(id);
    for (const path of [
      '/v1/matters',
      `/v1/matters/${matter}/status`,
      '/health/live',
      '/openapi.json',
      '/nowhere',
      '/docs',
    ])
      for (const bad of [key, 'x', `${ADMIN}x`, ADMIN.slice(1)]) {
        const got = await service.ask(path, { key: bad });
        expectProblem(got, 401, 'unauthorized');
        expect(got.headers.get('www-authenticate')).toBe('Bearer realm="inforce", error="invalid_token"');
      }
  });

  it.each(['Basic YWJj', 'Bearer', 'Bearer ', 'bearer a b', 'Token x', ''])(
    'does not take %j for a key',
    async (header) => {
      expectProblem(await service.ask('/v1/matters', { headers: { authorization: header } }), 401, 'unauthorized');
    },
  );

  it('takes the scheme in any case', async () => {
    expect((await service.ask('/v1/matters', { headers: { authorization: `bearer ${ADMIN}` } })).status).toBe(200);
  });

  it('sends the same safe headers with everything', async () => {
    for (const path of [
      '/v1/matters',
      `/v1/matters/${matter}/status`,
      `/v1/matters/${matter}/status`,
      '/nowhere',
      '/health/live',
    ]) {
      const { headers } = await service.ask(path);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('gives every request an id, and keeps a good one', async () => {
    for (const path of ['/v1/matters', `/v1/matters/${matter}/status`, '/nowhere']) {
      const kept = await service.ask(path, { headers: { 'x-request-id': 'mine-1' } });
      expect(kept.headers.get('x-request-id')).toBe('mine-1');
      const made = [
        await service.ask(path),
        await service.ask(path, { headers: { 'x-request-id': 'not good\u00e9' } }),
      ];
      const ids = made.map(({ headers }) => headers.get('x-request-id'));
      expect(new Set(ids).size).toBe(2);
      for (const id of ids) expect(id).toMatch(/^[0-9a-f]{12}-[0-9a-z]+$/);
    }
    expect((await service.ask('/nowhere', { headers: { 'x-request-id': 'mine-2' } })).body.requestId).toBe('mine-2');
  });
});

describe('where reading takes a key', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start({ env: { INFORCE_READ: 'key' } });
    await withRecord(service);
  });
  afterAll(() => service.stop());

  it('any key will do, and none will not', async () => {
    const paths = ['/v1/matters', '/v1/matters/matter/status', '/v1/log', '/v1/search?q=x', '/v1/events', '/metrics'];
    for (const path of paths) {
      expectProblem(await service.ask(path), 401, 'unauthorized');
      for (const key of path === '/v1/events' ? [] : [...Object.values(service.keys), ADMIN])
        expect((await service.ask(path, { key })).status).toBe(200);
      // Also when the answer is ready.
      expectProblem(await service.ask(path), 401, 'unauthorized');
    }
    expectProblem(await service.ask('/v1/matters/matter/what-if', { method: 'POST', body: {} }), 401, 'unauthorized');
  });

  it('nobody learns what there is without one', async () => {
    expectProblem(await service.ask('/v1/matters/matter/entries/the-law'), 401, 'unauthorized');
    expectProblem(await service.ask('/v1/matters/nowhere'), 401, 'unauthorized');
  });

  it('health and the document stay open', async () => {
    for (const path of ['/health/live', '/health/ready', '/openapi.json', '/docs'])
      expect({ path, status: (await service.ask(path)).status }).toEqual({ path, status: 200 });
  });
});

describe('rates', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start({ rates: { anonymous: 5, key: 10, badKey: 3 } });
    await service.ask('/v1/matters', { method: 'POST', key: ADMIN, body: aMatter() });
  });
  afterAll(() => service.stop());

  const many = async (count: number, key?: string) => {
    const got = [];
    for (let index = 0; index < count; index += 1)
      got.push(await service.ask(`/v1/matters?limit=${index + 1}`, key === undefined ? {} : { key }));
    return got;
  };

  it('are limited without a key, with one, and for those that guess; never for the administrator', async () => {
    const anonymous = await many(6);
    expect(anonymous.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expectProblem(anonymous.at(-1) ?? (await service.ask('/')), 429, 'rate-limited');
    expect(Number(anonymous.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(
      (await many(11, service.keys.auditor)).map(({ status }) => status).filter((status) => status === 429),
    ).toHaveLength(1);
    expect((await many(4, 'guess')).map(({ status }) => status)).toEqual([401, 401, 401, 429]);
    expect((await many(30, ADMIN)).every(({ status }) => status === 200)).toBe(true);
  });

  it('do not turn away whoever watches over the service', async () => {
    for (let index = 0; index < 20; index += 1) expect((await service.ask('/health/ready')).status).toBe(200);
  });

  it('do not count answers that are ready', async () => {
    const path = '/v1/matters/matter/status?at=2025-01-01';
    await service.ask(path, { key: ADMIN });
    await service.ask(path, { key: ADMIN });
    for (let index = 0; index < 20; index += 1) expect((await service.ask(path)).status).toBe(200);
  });
});

describe('rates behind a proxy', () => {
  const rates = { anonymous: 2, key: 10, badKey: 3 };
  const asked = async (env: Readonly<Record<string, string>>) => {
    const service = await Service.start({ rates, env });
    const got: number[] = [];
    for (const client of ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.2', '192.0.2.2'])
      got.push((await service.ask('/v1/matters', { headers: { 'x-forwarded-for': client } })).status);
    await service.stop();
    return got;
  };

  it('are each client’s own when the proxy is trusted', async () => {
    expect(await asked({ INFORCE_TRUST_PROXY: '127.0.0.0/8, ::1' })).toEqual([200, 200, 200, 200, 429]);
  });

  it('are not to be evaded by a header when it is not', async () => {
    expect(await asked({})).toEqual([200, 200, 429, 429, 429]);
    expect(await asked({ INFORCE_TRUST_PROXY: '10.0.0.0/8' })).toEqual([200, 200, 429, 429, 429]);
  });
});
