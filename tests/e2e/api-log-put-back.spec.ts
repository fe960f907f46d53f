import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN, expectProblem, type Got, Service, withRecord } from '../support/api.ts';
import { reported } from '../support/matter.ts';

const FILES = ['', '-wal', '-shm'];

/** An older `events.db` under views and evidence that remember more; and docs/operations.md, An integrity incident. */
describe('a log that was put back to an older state', () => {
  let service: Service;
  let matter: string;
  const at = (name: string): string => join(service.data, name);
  const again = async (): Promise<void> => {
    service = await Service.start({ data: service.data });
  };
  const record = (id: string): Promise<Got> =>
    service.post(`/v1/matters/${matter}/entries`, reported(id, '2024-02-01'));
  const seal = (): Promise<Got> => service.ask('/v1/evidence/checkpoint', { method: 'POST', key: ADMIN });
  const bundle = (): Promise<Got> => service.ask(`/v1/matters/${matter}/bundle`, { key: ADMIN });

  beforeAll(async () => {
    service = await Service.start();
    matter = await withRecord(service);
    const backup = new DatabaseSync(at('events.db'), { readOnly: true });
    backup.prepare('VACUUM INTO ?').run(at('older.db'));
    backup.close();
    expect((await record('lost')).status).toBe(201);
    expect((await seal()).status).toBe(201);
    await service.settle();
    await service.server.stop();
    for (const suffix of FILES) rmSync(at(`events.db${suffix}`), { force: true });
    copyFileSync(at('older.db'), at('events.db'));
    await again();
  });
  afterAll(() => service.stop());

  it('records nothing and seals nothing, and says so', async () => {
    const { status, body } = await service.ask('/health/ready');
    expect([status, body.integrity.state]).toEqual([503, 'incident']);
    expect(body.evidence.incident).toContain('evidence.db');
    for (const refused of [await record('new'), await seal(), await bundle()])
      expect([refused.status, refused.body.detail]).toEqual([503, expect.stringMatching(/log/i)]);
    expect((await service.ask(`/v1/matters/${matter}/status`)).status).toBe(200);
  });

  it('is not sealed over as long as the evidence remembers more', async () => {
    await service.server.stop();
    for (const suffix of FILES) rmSync(at(`views.db${suffix}`), { force: true });
    await again();
    expectProblem(await seal(), 503, 'sealing-held');
    expectProblem(await bundle(), 503, 'sealing-held');
  });

  it('is gone on with when an operator has put views and evidence aside', async () => {
    await service.server.stop();
    mkdirSync(at('incident'));
    for (const suffix of FILES.filter((each) => existsSync(at(`evidence.db${each}`))))
      renameSync(at(`evidence.db${suffix}`), at(`incident/evidence.db${suffix}`));
    await again();
    expect((await service.ask('/health/ready')).body).toMatchObject({
      status: 'ready',
      integrity: { state: 'ok' },
      evidence: { incident: null },
    });
    expect((await record('lost')).status).toBe(201);
    expect((await seal()).status).toBe(201);
    expect((await bundle()).status).toBe(200);
  });
});
