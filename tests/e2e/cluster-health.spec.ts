import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, expectProblem, type Got, law, type Service } from '../support/api.ts';
import { anEvent } from '../support/event-log.ts';
import { aMatter, reported } from '../support/matter.ts';
import { Replicas } from '../support/replicas.ts';

let replicas: Replicas;
let service: Service;
beforeEach(async () => {
  replicas = await Replicas.on();
  service = await replicas.start();
  await service.ask('/v1/matters', { method: 'POST', key: ADMIN, body: aMatter() });
  await service.ask('/v1/matters/matter/entries', { method: 'POST', key: ADMIN, body: law });
  await service.settle();
});
afterEach(() => replicas.end());

const record = (to: Service, id: string): Promise<Got> =>
  to.ask('/v1/matters/matter/entries', { method: 'POST', key: ADMIN, body: reported(id, '2024-02-01') });

async function readyWhen(enough: (got: Got) => boolean, of = service): Promise<Got> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const got = await of.ask('/health/ready');
    if (enough(got) || Date.now() > deadline) return got;
    await pause(20);
  }
}

async function gauge(name: string): Promise<number> {
  const { text } = await service.ask('/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

describe('/health/ready on a KurrentDB', () => {
  it('says within two seconds that a server is silent, and that it speaks again', async () => {
    const { faults } = replicas.server;
    faults.next('silent-append', 1000);
    await pause(600);
    const began = Date.now();
    const got = await service.ask('/health/ready');
    expect(Date.now() - began).toBeLessThan(2000);
    expect([got.status, got.body.log.writable]).toEqual([503, false]);
    const again = Date.now();
    await service.ask('/health/ready');
    expect(Date.now() - again).toBeLessThan(1000);
    faults.next('silent-append', 0);
    expect((await readyWhen(({ status }) => status === 200)).body).toMatchObject({ log: { writable: true } });
  }, 30_000);

  it('says that the connection is lost, and is ready again when the server is back', async () => {
    replicas.server.kill();
    const lost = await readyWhen(({ status, body }) => status === 503 && body.views.reconnecting !== null);
    const log = { writable: false };
    expect(lost.body).toMatchObject({ status: 'not-ready', views: { caughtUp: false }, log });
    expect(await gauge('inforce_views_reconnecting')).toBe(1);
    expect(service.server.parts.integrity.outwardEffectsAllowed()).toBe(false);
    await replicas.server.start();
    const back = await readyWhen(({ status, body }) => status === 200 && body.views.reconnecting === null);
    expect(back.body).toMatchObject({ integrity: { state: 'ok' }, views: { reconnecting: null, error: null } });
    expect(service.server.parts.integrity.outwardEffectsAllowed()).toBe(true);
    expect((await record(service, 'after')).status).toBe(201);
  }, 30_000);
});

describe('a stop', () => {
  it('does not wait for a server that is gone', async () => {
    replicas.server.kill();
    await readyWhen(({ body }) => body.views.reconnecting !== null);
    const effect = service.server.parts.log.append('effect', 'no-stream', [anEvent()]).catch(String);
    const began = Date.now();
    await service.stop();
    expect(Date.now() - began).toBeLessThan(4000);
    expect(await effect).toContain('LogUnavailable');
  }, 30_000);

  it('does not wait for alerts that ask a server that is gone', async () => {
    // Answers that take long, so that it goes while alerts ask for the head of the log, before they let the clock run.
    replicas.server.faults.slowMs = 400;
    await record(service, 'last');
    await pause(600);
    replicas.server.kill();
    const began = Date.now();
    await service.stop();
    expect(Date.now() - began).toBeLessThan(4000);
  }, 30_000);
});

describe('a log that was rolled back', () => {
  it('is an incident: reported, nothing recorded and nothing sent until an operator has decided', async () => {
    const effects: boolean[] = [];
    service.server.parts.integrity.outwardEffects$.subscribe((allowed) => effects.push(allowed));
    const { eventId } = (await record(service, 'recorded')).body;
    await service.settle();
    expect((await service.ask('/health/ready')).body.integrity).toEqual({
      state: 'ok',
      detail: null,
      position: null,
      eventId: null,
      at: null,
    });
    // The service may have put events of its own after it.
    const lost = replicas.server.log.rollBackTo(eventId).map(({ id }) => id);
    replicas.server.breakReads();
    const got = await readyWhen(({ body }) => body.integrity.state === 'incident');
    expect(got.status).toBe(503);
    expect(lost).toContain(got.body.integrity.eventId);
    expect(got.body.integrity.detail).toContain(`event ${got.body.integrity.eventId} (`);
    expect(await gauge('inforce_integrity_incident')).toBe(1);
    expect(service.logged).toContainEqual(
      expect.objectContaining({ level: 50, incident: got.body.integrity && expect.anything() }),
    );
    expect([effects[0], effects.at(-1), service.server.parts.integrity.outwardEffectsAllowed()]).toEqual([
      true,
      false,
      false,
    ]);
    const refused = await record(service, 'refused');
    expectProblem(refused, 503, 'integrity-incident');
    expectProblem(await service.ask('/v1/matters', { method: 'POST', body: aMatter() }), 401, 'unauthorized');
    const reads = ['/v1/matters/matter/status?at=2024-03-01', '/v1/matters', '/v1/log'];
    for (const path of reads) expect((await service.ask(path)).status).toBe(200);
    const whatIf = { method: 'POST', body: { entries: [reported('x', '2024-02-01')] } };
    expect((await service.ask('/v1/matters/matter/what-if', whatIf)).status).toBe(200);
  }, 30_000);

  it('stays one over a restart, until the views are deleted', async () => {
    const { eventId } = (await record(service, 'lost')).body;
    await service.settle();
    const { data } = service;
    await service.stop({ keep: true });
    replicas.server.log.rollBackTo(eventId);
    const opened = replicas.start({}, data);
    const again = await opened;
    expect((await readyWhen(({ body }) => body.integrity.state === 'incident', again)).status).toBe(503);
    expectProblem(await record(again, 'refused'), 503, 'integrity-incident');
    await again.stop({ keep: true });
    for (const suffix of ['', '-wal', '-shm']) await rm(join(data, `views.db${suffix}`), { force: true });
    const decided = await replicas.start({}, data);
    expect((await readyWhen(({ status }) => status === 200, decided)).body.integrity.state).toBe('ok');
    expect((await record(decided, 'recorded')).status).toBe(201);
  }, 60_000);
});
