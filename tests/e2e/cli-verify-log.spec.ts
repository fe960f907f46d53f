import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditReport } from '#libs/evidence';
import { Service, withRecord } from '../support/api.ts';
import { Cli, type Ran } from '../support/cli.ts';
import { forbears, ordered } from '../support/matter.ts';

const cli = new Cli();
const witness = join(cli.directory, 'witness');
const intact = join(cli.directory, 'intact');
const older = join(cli.directory, 'older');
let key = '';

/** A service that recorded, sealed, was backed up, recorded more and sealed again. */
beforeAll(async () => {
  const env = { INFORCE_CHECKPOINTS_TO: witness };
  let service = await Service.start({ data: cli.data, env });
  const seal = async (): Promise<unknown> =>
    service.ask('/v1/evidence/checkpoint', { method: 'POST', key: service.keys.auditor });
  const matter = await withRecord(service);
  await seal();
  await service.stop({ keep: true });
  await cp(cli.data, older, { recursive: true });
  service = await Service.start({ data: cli.data, env });
  const more = ordered('more', '2025-02-01', [forbears('another', { enforcers: ['doj'], until: '2025-06-01' })]);
  await service.post(`/v1/matters/${matter}/entries`, more);
  await service.settle();
  await seal();
  key = (await service.ask('/v1/evidence/key')).text.trim();
  await service.stop({ keep: true });
  await cp(cli.data, intact, { recursive: true });
});
afterAll(() => cli.remove());

async function verify(line = ''): Promise<Ran & { readonly report: AuditReport }> {
  const ran = await cli.run(`verify --log --json ${line}`.trim().split(' '));
  return { ...ran, report: JSON.parse(ran.stdout) };
}

/** A data directory as it was, and then changed. */
async function restored(from = intact): Promise<void> {
  await rm(cli.data, { recursive: true });
  await cp(from, cli.data, { recursive: true });
}

function change(file: string, ...statements: readonly string[]): void {
  const db = new DatabaseSync(join(cli.data, file));
  for (const statement of statements) db.exec(statement);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

const untrigger = ['DROP TRIGGER events_are_never_changed', 'DROP TRIGGER events_are_never_deleted'];

describe('inforce verify --log', () => {
  it('finds nothing in what nobody touched', async () => {
    await restored();
    const { code, report } = await verify(`--checkpoint ${witness} --trust ${key}`);
    expect(report).toMatchObject({ intact: true, events: 6, sealed: 5, checkpoints: 2, outside: 1, anchor: 'given' });
    expect(report.checks).toMatchObject([
      { name: 'views', result: 'passed' },
      { name: 'alerts', result: 'passed' },
      { name: 'private values', result: 'passed' },
    ]);
    expect(code).toBe(0);
  });

  it('says so in words', async () => {
    await restored();
    const { code, stdout } = await cli.run(['verify', '--log']);
    expect(stdout).toMatch(/^Nothing differs\.\n\n6 events read again, 5 of them under a checkpoint that holds\n/);
    expect(code).toBe(0);
  });

  it('names the event that was edited behind its back', async () => {
    await restored();
    change(
      'events.db',
      ...untrigger,
      "UPDATE events SET data = replace(data, '2025-04-05', '2026-04-05') WHERE position = 3",
    );
    const { code, stdout } = await cli.run(['verify', '--log']);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^The log is not what was signed for.*\n- position 3, event [0-9a-f-]{36}: The event here is not/,
    );
  });

  it('finds it without evidence.db, too', async () => {
    await restored();
    change(
      'events.db',
      ...untrigger,
      "UPDATE events SET data = replace(data, '2025-04-05', '2026-04-05') WHERE position = 3",
    );
    await rm(join(cli.data, 'evidence.db'));
    const { code, report } = await verify();
    expect(code).toBe(3);
    expect(report.findings[0]).toMatchObject({ kind: 'log', position: '1' });
  });

  it('tells damage of its own state from tampering', async () => {
    await restored();
    change('evidence.db', 'UPDATE tiles SET hashes = zeroblob(length(hashes))');
    const damaged = await verify();
    expect(damaged.code).toBe(3);
    expect(damaged.report.findings.map(({ kind }) => kind)).toEqual(Array(6).fill('own-state'));
    await writeFile(join(cli.data, 'evidence.db'), 'nothing');
    const { code, stdout } = await cli.run(['verify', '--log']);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^The log holds; the state that it is verified with is damaged\.\n.*made again from the log/,
    );
    await rm(join(cli.data, 'evidence.db'));
    expect((await verify()).code).toBe(0);
  });

  it('finds another secret', async () => {
    await restored();
    await writeFile(join(cli.data, 'secret.key'), `${Buffer.alloc(32).toString('base64')}\n`);
    expect((await verify()).report.findings).toMatchObject([{ kind: 'own-state' }]);
    await writeFile(join(cli.data, 'secret.key'), 'nothing');
    expect((await verify()).report.findings).toMatchObject([{ kind: 'own-state' }]);
  });

  it('finds views that are not what the log gives', async () => {
    await restored();
    const db = new DatabaseSync(join(cli.data, 'views.db'));
    const table = String(
      db.prepare("SELECT 'entries_' || id AS name FROM generations WHERE view = 'entries'").get()?.['name'],
    );
    const column = String(
      db.prepare(`SELECT name FROM pragma_table_info('${table}') WHERE type = 'TEXT'`).get()?.['name'],
    );
    db.exec(`UPDATE ${table} SET ${column} = ${column} || 'x' WHERE rowid = (SELECT min(rowid) FROM ${table})`);
    db.close();
    const { code, report } = await verify();
    expect(code).toBe(3);
    expect(report.findings).toMatchObject([{ kind: 'check' }]);
  });

  it('tells views that cannot be read from tampering', async () => {
    await restored();
    for (const suffix of ['', '-wal', '-shm']) await rm(join(cli.data, `views.db${suffix}`), { force: true });
    await writeFile(join(cli.data, 'views.db'), Buffer.alloc(5000, 'no database'));
    const { code, report } = await verify();
    expect(code).toBe(3);
    expect(report.findings).toMatchObject([{ kind: 'check', what: expect.stringMatching(/views\.db is damaged/) }]);
    const { stdout } = await cli.run(['verify', '--log']);
    expect(stdout).toMatch(/^The log holds, and what was made of it differs\.\n.*made again from the log/);
  });

  it('finds a log that was put back to an older state, from what was kept elsewhere', async () => {
    await restored(older);
    expect((await verify()).code).toBe(0);
    const { code, report } = await verify(`--checkpoint ${witness}`);
    expect(code).toBe(3);
    expect(report.findings).toMatchObject([{ kind: 'log', index: 4 }]);
    expect(report.findings[0]?.what).toMatch(/it was put back to an earlier state, or cut/);
  });

  it('finds a log that was put back while evidence.db was not', async () => {
    await restored();
    await cp(join(older, 'events.db'), join(cli.data, 'events.db'));
    const { code, report } = await verify();
    expect(code).toBe(3);
    expect(report.findings[0]).toMatchObject({ kind: 'log', index: 4 });
  });

  it('finds a file that is no database any more', async () => {
    await restored();
    const file = join(cli.data, 'events.db');
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0, 4096, 8192));
    expect((await verify()).code).toBe(3);
  });

  it('does not trust another key than the one that is given', async () => {
    await restored();
    const other = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
    expect((await verify(`--trust ${other}`)).code).toBe(3);
    expect((await cli.run(['verify', '--log', '--trust', 'nothing'])).code).toBe(2);
    expect((await cli.run(['verify', '--log', '--checkpoint', join(cli.directory, 'nowhere')])).code).toBe(4);
  });

  it('reads beside a running server, and never finds anything wrong with it', async () => {
    await restored();
    const service = await Service.start({ data: cli.data });
    try {
      const writing = Array.from({ length: 30 }, async (_, number) =>
        service.post('/v1/matters', {
          id: `other-${number}`,
          title: 'Another',
          jurisdiction: 'US',
          timeZone: 'UTC',
          parties: [],
        }),
      );
      const [first] = await Promise.all([verify(), ...writing]);
      expect(first.report.findings).toEqual([]);
      expect((await verify()).report.findings).toEqual([]);
    } finally {
      await service.stop({ keep: true });
    }
  });
});
