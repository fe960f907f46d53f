import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeyStore } from '#libs/access';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { aPause, aReport, Cli } from '../support/cli.ts';

interface Dataset {
  matter: { id: string };
  entries: Record<string, unknown>[];
}

function tiktok(): Dataset {
  const dataset: Dataset = JSON.parse(readFileSync('datasets/us-tiktok.json', 'utf8'));
  return dataset;
}

describe('inforce, writing to the embedded log,', () => {
  const cli = new Cli();
  const file = join(cli.data, 'events.db');
  beforeAll(() => cli.answer('import datasets/us-tiktok.json'));
  afterAll(() => cli.remove());

  async function head(): Promise<bigint> {
    const log = await SqliteEventLog.open({ file, readOnly: true });
    const position = await log.head();
    await log.close();
    return position;
  }

  it('imports a directory in name order, and the same again appends nothing', async () => {
    expect(await cli.answer('import datasets')).toBe(
      'us-chip-controls: 19 recorded, 0 already there\nus-tiktok: 0 recorded, 51 already there\n',
    );
    const before = await head();
    expect(await cli.answer('import datasets')).toBe(
      'us-chip-controls: 0 recorded, 19 already there\nus-tiktok: 0 recorded, 51 already there\n',
    );
    expect(await head()).toBe(before);
  });

  it('keeps a new data directory to its owner', () => {
    expect(statSync(cli.data).mode & 0o777).toBe(0o700);
  });

  it('rehearses an import without a log, and makes none', async () => {
    const elsewhere = join(cli.directory, 'elsewhere');
    const { code, stdout } = await cli.run(`import datasets --dry-run --data ${elsewhere}`);
    expect([code, stdout]).toEqual([
      0,
      'us-chip-controls: 19 would be recorded, 0 already there\nus-tiktok: 51 would be recorded, 0 already there\n',
    ]);
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('lists what is refused by entry, pointer and rule, in plain words, and records the rest', async () => {
    const dataset = tiktok();
    dataset.matter.id = 'refusing';
    const order = dataset.entries.find(({ id }) => id === 'eo-14166');
    Object.assign(order ?? {}, { type: 'ReportPublished', author: { kind: 'press', name: 'A newspaper' } });
    const path = cli.file('refusing.json', dataset);
    const { code, stdout, stderr } = await cli.run(`import ${path}`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refusing: \d+ recorded, 0 already there, \d+ refused$/m);
    expect(stderr).toContain(`refused: ${path} eo-14166 /entries/`);
    expect(stderr).toContain('(authority-exceeded)');
    expect(stderr).toMatch(/\/entries\/\d+\/effects\/0/);
  });

  it('says of a malformed dataset which entry is wrong, and where', async () => {
    const dataset = tiktok();
    dataset.matter.id = 'malformed';
    Object.assign(dataset.entries[3] ?? {}, { occurredOn: 'yesterday' });
    const { code, stdout, stderr } = await cli.run(`import ${cli.file('malformed.json', dataset)}`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('commerce-2020-09-19 /entries/3/occurredOn');
    expect((await cli.run(`import ${cli.file('broken.json', '{"matter":')}`)).stderr).toMatch(/is not JSON/);
  });

  it('records an entry once, from a file or from standard input', async () => {
    const path = cli.file('report.json', aReport('report-1'));
    const first = await cli.answer(`record us-tiktok ${path}`);
    expect(first).toMatch(/^us-tiktok: report-1 recorded, revision \d+$/m);
    const again = await cli.run('record us-tiktok -', { input: JSON.stringify(aReport('report-1')) });
    expect([again.code, again.stdout]).toEqual([0, first.replace('recorded,', 'was already there,')]);
    const other = await cli.run('record us-tiktok - --json', {
      input: JSON.stringify({ ...aReport('report-1'), title: 'Other' }),
    });
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stderr)).toMatchObject({
      type: 'urn:inforce:problem:entry-differs',
      status: 409,
      rule: 'entry-differs',
    });
  });

  it('leaves the name of whoever recorded with the event', async () => {
    const log = await SqliteEventLog.open({ file, readOnly: true });
    const [opened] = await Array.fromAsync(log.read('matter-us-tiktok', { to: 0 }));
    await log.close();
    expect(opened?.meta).toMatchObject({ actor: expect.stringMatching(/^cli(:.+)?$/) });
  });

  it('records only at the revision that was seen, if one is named', async () => {
    const path = cli.file('late.json', aReport('report-late'));
    const { code, stderr } = await cli.run(`record us-tiktok ${path} --if-match 3`);
    expect(code).toBe(1);
    expect(stderr).toContain('rule: revision-conflict');
  });

  it('refuses what nobody may do, and says by which rule', async () => {
    const pause = {
      ...aPause('usurped', '2026-12-31'),
      type: 'PartyActed',
      author: { kind: 'private', name: 'Apple' },
    };
    const { code, stdout, stderr } = await cli.run('record us-tiktok -', { input: JSON.stringify(pause) });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('rule: authority-exceeded');
  });

  it('reads beside a writer, and tells whoever would write too who it is', async () => {
    const writer = await SqliteEventLog.open({ file });
    try {
      expect(await cli.answer('status us-tiktok --at 2025-02-01')).toMatch(/^In force; enforcement paused/);
      expect((await cli.run('import datasets --dry-run')).code).toBe(0);
      const { code, stdout, stderr } = await cli.run('import datasets', { env: { INFORCE_PORT: '4321' } });
      expect([code, stdout]).toEqual([4, '']);
      expect(stderr).toContain(`is written by process ${process.pid} on `);
      expect(stderr).toContain('add --server http://127.0.0.1:4321');
    } finally {
      await writer.close();
    }
    expect((await cli.run('import datasets')).code).toBe(0);
  });

  it('makes, lists and revokes keys that a store open elsewhere sees', async () => {
    const made = await cli.run('key create --role recorder,auditor --name importer');
    const key = made.stdout.trim();
    expect(key).toMatch(/^inforce_[\w-]{43}$/);
    expect(made.stderr).not.toContain(key);
    const server = KeyStore.open(join(cli.data, 'keys.db'));
    expect(server.find(key)).toMatchObject({ name: 'importer', roles: ['recorder', 'auditor'] });
    const { items } = await cli.json<{ items: { id: string; name: string }[] }>('key list');
    expect(items).toEqual([expect.objectContaining({ name: 'importer', revokedAt: null })]);
    expect(await cli.answer(`key revoke ${items[0]?.id}`)).toBe(`${items[0]?.id} revoked\n`);
    expect(server.find(key)).toBeUndefined();
    server.close();
    expect((await cli.run(`key revoke ${items[0]?.id}`)).code).toBe(1);
    expect(await cli.answer('key list')).toContain('importer');
  });
});
