import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ADMIN } from '../support/api.ts';
import { aDirectory, type Environment, ServiceProcess } from '../support/api-process.ts';
import { EventClient } from '../support/api-stream.ts';
import { aMatter, enacted, reported, setsDeadline } from '../support/matter.ts';

// Processes start and stop for real here, beside whatever else the machine does: hence the time that the tests have.
const running: ServiceProcess[] = [];
const removals: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const each of running.splice(0)) {
    each.kill('SIGKILL');
    await each.ended;
  }
  for (const remove of removals.splice(0)) await remove();
});

async function directory(): Promise<string> {
  const { path, remove } = await aDirectory();
  removals.push(remove);
  return path;
}

async function listening(data: string, environment: Environment = {}): Promise<ServiceProcess> {
  const started = await ServiceProcess.listening(data, environment);
  running.push(started);
  return started;
}

async function failed(data: string, environment: Environment): Promise<ServiceProcess & { code: number | null }> {
  const started = new ServiceProcess(data, environment);
  running.push(started);
  return Object.assign(started, { code: await started.ended });
}

const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };

async function post(url: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function idsIn(url: string): Promise<ReadonlySet<string>> {
  const response = await fetch(`${url}/v1/log`, { headers: { ...headers, accept: 'application/x-ndjson' } });
  const lines = (await response.text()).trimEnd().split('\n');
  return new Set(lines.map((line): string => JSON.parse(line).id));
}

/** Writes on many connections until it is told to stop or nobody answers; the ids of all acknowledged events. */
function load(
  url: string,
  name = 'w',
): {
  readonly acknowledged: string[];
  readonly ended: Promise<unknown>;
  readonly stop: () => void;
} {
  const acknowledged: string[] = [];
  const stopped = new AbortController();
  const write = async (writer: number): Promise<void> => {
    for (let index = 0; !stopped.signal.aborted; index += 1) {
      try {
        const response = await post(
          url,
          '/v1/matters/matter/entries',
          reported(`${name}${writer}-${index}`, '2024-02-01'),
        );
        if (response.status !== 201) return;
        const { eventId } = JSON.parse(await response.text());
        acknowledged.push(eventId);
      } catch {
        return;
      }
    }
  };
  const ended = Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
  return { acknowledged, ended, stop: () => stopped.abort() };
}

describe('a start', () => {
  it('loads the bundled datasets into an empty log, makes a key once, and says so', async () => {
    const data = await directory();
    const first = await listening(data, { INFORCE_DATASETS: 'bundled' });
    expect(first.stdout).toMatch(/^Recorder key, shown only this once: inforce_\S{43}$/m);
    expect(first.stdout).toMatch(/^Loaded us-chip-controls: 19 entries\.$/m);
    expect(first.stdout).toMatch(/^Loaded us-tiktok: 51 entries\.$/m);
    expect(first.stdout).toMatch(/^Listening on http:\/\/127\.0\.0\.1:\d+$/m);
    expect(first.stdout).toMatch(/^The API is described at http:\S+\/docs$/m);
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
    const status = await fetch(`${first.url}/v1/matters/us-tiktok/status?at=2025-02-01&party=apple`);
    expect(await status.json()).toMatchObject({ headline: { code: 'enforcement-paused', until: '2025-04-05' } });
    const key = /once: (\S+)/.exec(first.stdout)?.[1] ?? '';
    const opened = await fetch(`${first.url}/v1/matters`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${key}` },
      body: JSON.stringify(aMatter()),
    });
    expect(opened.status).toBe(201);
    expect(await first.stop()).toBe(0);

    const second = await listening(data, { INFORCE_DATASETS: 'bundled' });
    expect(second.stdout).not.toMatch(/key|Loaded/);
    expect(second.stdout).toMatch(/^The log holds events already: no dataset was loaded\.$/m);
    expect(await second.stop()).toBe(0);
  }, 120_000);

  it('goes on with a load that was cut short', async () => {
    const data = await directory();
    const first = await listening(data);
    expect((await post(first.url, '/v1/matters', aMatter())).status).toBe(201);
    await first.stop();
    await writeFile(join(data, 'loading-datasets'), '');
    const second = await listening(data, { INFORCE_DATASETS: 'bundled' });
    expect(second.stdout).toContain('Loaded us-tiktok: 51 entries.');
  }, 120_000);

  it('is refused in one sentence when a second process wants the same data', async () => {
    const data = await directory();
    const first = await listening(data);
    const second = await failed(data, {});
    expect(second.code).toBe(4);
    expect(second.stderr).toMatch(
      new RegExp(`^\\S+events\\.db is written by process ${first.child.pid} on .* since .*\\.\n$`),
    );
    expect(second.stdout).toBe('');
  }, 120_000);

  it('is refused in one sentence for what cannot be used', async () => {
    const data = await directory();
    const bad = join(data, 'bad');
    await mkdir(bad);
    await writeFile(join(bad, 'a.json'), '{"matter":{},"entries":[]}');
    await writeFile(join(bad, 'dataset.schema.json'), 'not looked at');
    const cases: readonly (readonly [Environment, number, RegExp])[] = [
      [{ INFORCE_PORT: 'abc' }, 2, /^INFORCE_PORT must be a whole number from 0 to 65535, not "abc"\.\n$/],
      [{ INFORCE_ADMIN_KEY: 'hunter2' }, 2, /^INFORCE_ADMIN_KEY must have at least 32 characters, and has 7\.\n$/],
      [{ INFORCE_DATASETS: bad }, 4, /^\S+\/bad\/a\.json is not a dataset: .*\n$/],
      [{ INFORCE_LOG: `sqlite:${join(bad, 'a.json')}` }, 4, /^\S+a\.json is not an event log: .*\n$/],
    ];
    const got = await Promise.all(cases.map(([environment]) => failed(data, environment)));
    for (const [index, { code, stderr }] of got.entries()) {
      expect(stderr).toMatch(cases[index]?.[2] ?? /never/);
      expect(code).toBe(cases[index]?.[1]);
    }
  }, 120_000);

  it('is refused when the port is taken', async () => {
    const first = await listening(await directory());
    const second = await failed(await directory(), { INFORCE_PORT: new URL(first.url).port });
    expect(second.code).toBe(4);
    expect(second.stderr).toMatch(/^The service cannot start: .*EADDRINUSE.*\.\n$/m);
  }, 120_000);
});

describe('a stop', () => {
  it('finishes what is in flight, ends streams, and keeps every acknowledged write', async () => {
    const data = await directory();
    const service = await listening(data);
    await post(service.url, '/v1/matters', aMatter());
    const idle = connect(Number(new URL(service.url).port), '127.0.0.1');
    const stream = await EventClient.open(`${service.url}/v1/events`);
    // Its body is still on its way when the signal comes.
    const slow = request(`${service.url}/v1/matters/matter/entries`, { method: 'POST', headers });
    const body = JSON.stringify(reported('slow', '2024-02-01'));
    const answered = once(slow, 'response');
    slow.write(body.slice(0, 40));
    const { acknowledged, ended } = load(service.url);
    while (acknowledged.length <= 50) await pause(20);
    const began = Date.now();
    service.kill('SIGTERM');
    await pause(100);
    slow.end(body.slice(40));
    const [response] = await answered;
    expect(response.statusCode).toBe(201);
    expect(await service.ended).toBe(0);
    expect(Date.now() - began).toBeLessThan(5000);
    await ended;
    await stream.end();
    idle.destroy();
    expect(acknowledged.length).toBeGreaterThan(50);
    const again = await listening(data);
    const ids = await idsIn(again.url);
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    for (const line of service.stderr.trimEnd().split('\n')) expect(JSON.parse(line).level).toBeLessThan(50);
  }, 120_000);

  it('does not wait for those who read nothing', async () => {
    const service = await listening(await directory());
    await post(service.url, '/v1/matters', aMatter());
    for (let index = 0; index < 30; index += 1)
      await post(service.url, '/v1/matters/matter/entries', {
        ...reported(`large-${index}`, '2024-02-01'),
        summary: 'x'.repeat(19_000),
      });
    const clients = await Promise.all(
      Array.from({ length: 5 }, () => EventClient.open(`${service.url}/v1/events?after=0`)),
    );
    for (const { response } of clients) response.pause();
    const waiting = fetch(`${service.url}/v1/matters?minPosition=999999`);
    await pause(200);
    const began = Date.now();
    expect(await service.stop()).toBe(0);
    expect(Date.now() - began).toBeLessThan(5000);
    expect((await waiting).status).toBe(503);
    for (const client of clients) client.close();
  }, 120_000);

  it('does not wait for receivers that do not answer', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    removals.push(async () => {
      silent.closeAllConnections();
      silent.close();
    });
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const service = await listening(await directory(), { INFORCE_ALLOW_LOOPBACK_WEBHOOKS: 'true' });
    const channel = { kind: 'webhook', url: `http://127.0.0.1:${port}/` };
    expect((await post(service.url, '/v1/watches', { name: 'Silent', channel })).status).toBe(201);
    await post(service.url, '/v1/matters', aMatter());
    const arrived = once(silent, 'request');
    const act = enacted('act', '2024-02-01', [setsDeadline('report', '2999-01-01')]);
    expect((await post(service.url, '/v1/matters/matter/entries', act)).status).toBe(201);
    await arrived;
    // Nor for a request beside it that never ends.
    const slow = request(`${service.url}/v1/matters`, { method: 'POST', headers });
    slow.on('error', () => {});
    slow.write('{');
    await pause(200);
    expect(await service.stop()).toBe(0);
  }, 120_000);

  it('happens at once at the second signal', async () => {
    const service = await listening(await directory());
    const slow = request(`${service.url}/v1/matters`, { method: 'POST', headers });
    slow.on('error', () => {});
    slow.write('{');
    await pause(200);
    const began = Date.now();
    service.kill('SIGINT');
    await pause(100);
    service.kill('SIGINT');
    expect(await service.ended).toBe(4);
    expect(Date.now() - began).toBeLessThan(1000);
  }, 120_000);
});

describe('a kill', () => {
  it('loses no acknowledged write', async () => {
    const data = await directory();
    let service = await listening(data);
    await post(service.url, '/v1/matters', aMatter());
    const acknowledged: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      // Under names of its own: what is there already is acknowledged as a repeat, and no write.
      const writing = load(service.url, `round${round}-`);
      while (writing.acknowledged.length <= 20) await pause(20);
      service.kill('SIGKILL');
      await service.ended;
      await writing.ended;
      acknowledged.push(...writing.acknowledged);
      service = await listening(data);
      const ids = await idsIn(service.url);
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThan(20);
  }, 120_000);
});
