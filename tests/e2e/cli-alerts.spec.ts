import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditReport } from '#libs/evidence';
import type { ReplayStep } from '#libs/register';
import { Service, withRecord } from '../support/api.ts';
import { Cli } from '../support/cli.ts';
import { enacted, setsDeadline } from '../support/matter.ts';
import { ReceiverServer } from '../support/receiver-server.ts';

const cli = new Cli();
const intact = join(cli.directory, 'intact');
let service: Service;
let receiver: ReceiverServer;
let watch: string;
let told: Record<'own' | 'auditor' | 'embedded' | 'nobody', string>;
let measures: string;
let ready: unknown;

/** A service whose one webhook is answered 503 at first, and what it says of itself before it stops. */
beforeAll(async () => {
  let refusals = 1;
  receiver = await ReceiverServer.start((_, __, response) => void response.writeHead(refusals-- > 0 ? 503 : 204).end());
  service = await Service.start({ data: cli.data, env: { INFORCE_ALLOW_LOOPBACK_WEBHOOKS: 'true' } });
  const matter = await withRecord(service);
  const settings = {
    filter: { matters: [matter], kinds: ['deadline-set'] },
    leads: ['P7D'],
    at: '09:00',
    timeZone: 'UTC',
  };
  const channel = { kind: 'webhook', url: receiver.url };
  const made = await service.ask('/v1/watches', {
    method: 'POST',
    key: service.keys.subscriber,
    body: { name: 'Mine', ...settings, channel },
  });
  watch = made.body.id;
  const paused = await service.ask('/v1/watches', {
    method: 'POST',
    key: service.keys.subscriber,
    body: { name: 'Resting', ...settings, channel },
  });
  await service.ask(`/v1/watches/${paused.body.id}`, {
    method: 'PATCH',
    key: service.keys.subscriber,
    body: { state: 'paused' },
  });
  await service.post(
    `/v1/matters/${matter}/entries`,
    enacted('rule', '2025-02-01', [setsDeadline('report', '2999-01-01')]),
  );
  const delivered = async (): Promise<boolean> =>
    (await service.ask('/metrics')).text.includes('inforce_deliveries_total{outcome="delivered"} 1');
  while (!(await delivered())) await new Promise((resolve) => setTimeout(resolve, 50));
  measures = (await service.ask('/metrics')).text;
  ready = (await service.ask('/health/ready')).body.alerts;
  const replay = async (key?: string, json = '--json'): Promise<string> =>
    (
      await cli.run(
        `replay ${matter} --server ${service.url} ${json}`.trim(),
        key === undefined ? {} : { env: { INFORCE_KEY: key } },
      )
    ).stdout;
  told = {
    own: await replay(service.keys.subscriber),
    auditor: await replay(service.keys.auditor, ''),
    nobody: await replay(),
    embedded: await cli.answer(`replay ${matter} --json`),
  };
  await service.ask('/v1/evidence/checkpoint', { method: 'POST', key: service.keys.auditor });
  await service.stop({ keep: true });
  await receiver.stop();
  await cp(cli.data, intact, { recursive: true });
}, 60_000);
afterAll(() => cli.remove());

const lastStep = (text: string): ReplayStep => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');

async function verified(...statements: readonly string[]): Promise<AuditReport & { readonly code: number }> {
  await rm(cli.data, { recursive: true });
  await cp(intact, cli.data, { recursive: true });
  const db = new DatabaseSync(join(cli.data, 'events.db'));
  if (statements.length > 0) db.exec('DROP TRIGGER events_are_never_changed');
  for (const statement of statements) db.exec(statement);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const { code, stdout } = await cli.run('verify --log --json');
  return { code, ...JSON.parse(stdout) };
}

describe('inforce replay', () => {
  it('shows the alerts of the key’s own watches, and all to whoever has the log', () => {
    const own = lastStep(told.own).alerts;
    expect(own).toMatchObject([{ watch, seq: 1, type: 'deadline-set', deadline: 'report' }]);
    expect(lastStep(told.embedded).alerts).toEqual(own);
    expect(lastStep(told.nobody)).not.toHaveProperty('alerts');
    expect(told.auditor.replaceAll(/\s+/g, ' ')).toMatch(
      new RegExp(`told \\S+Z: deadline-set \\(alert 1 of ${watch}\\): New deadline: `),
    );
  });
});

describe('the measurements', () => {
  it('count alerts, deliveries and watches', () => {
    for (const line of [
      'inforce_alerts_raised_total 1',
      'inforce_alerts_planned_lag_seconds 0',
      'inforce_deliveries_total{outcome="delivered"} 1',
      'inforce_deliveries_total{outcome="failed"} 1',
      'inforce_deliveries_total{outcome="gave-up"} 0',
      'inforce_deliveries_waiting 0',
      'inforce_watches{state="active"} 1',
      'inforce_watches{state="paused"} 1',
      'inforce_watches{state="disabled"} 0',
    ]) {
      expect(measures.split('\n')).toContain(line);
    }
  });

  it('and health say how alerts stand', () => {
    expect(ready).toEqual({ caughtUp: true, pending: 0, error: null });
  });
});

describe('inforce verify --log', () => {
  it('compares the receipts and opens the private values', async () => {
    const { code, checks, findings } = await verified();
    expect(findings).toEqual([]);
    expect(checks.slice(1)).toEqual([
      {
        name: 'alerts',
        result: 'passed',
        detail: '2 receipts of 1 alerts compared with what the log gives for them',
      },
      { name: 'private values', result: 'passed', detail: '2 sealed values are what was hashed' },
    ]);
    expect(code).toBe(0);
  });

  it('names a receipt that was altered', async () => {
    const { code, findings } = await verified(
      `UPDATE events SET data = replace(data, '"bodyHash":"', '"bodyHash":"A') WHERE type = 'DeliveryEnded'`,
    );
    expect(findings.filter(({ kind }) => kind === 'check')).toMatchObject([
      { what: expect.stringMatching(`^alerts: What was sent as alert 1 .* of the watch ${watch} is not what`) },
      { position: expect.stringMatching(/^\d+$/), event: expect.any(String) },
    ]);
    expect(code).toBe(3);
  });

  it('names a private value whose sealed part was altered, which no leaf covers', async () => {
    const { code, findings } = await verified(
      `UPDATE events SET data = replace(data, '"sealed":"', '"sealed":"AAAA') WHERE stream = (SELECT id FROM streams WHERE name = 'watch-${watch}')`,
    );
    expect(findings).toMatchObject([
      {
        kind: 'check',
        what: expect.stringMatching(`^private values: at /address of watch-${watch}: A sealed value cannot be opened`),
        position: expect.stringMatching(/^\d+$/),
      },
    ]);
    expect(code).toBe(3);
  });

  it('says what it cannot open without the secret', async () => {
    await verified();
    await rm(join(cli.data, 'secret.key'));
    const { stdout, code } = await cli.run('verify --log');
    expect(stdout).toContain('private values: skipped (2 sealed values not opened: the secret is not known here)');
    expect(code).toBe(0);
  });
});
