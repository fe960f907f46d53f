import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StatusAnswer } from '#libs/register';
import { Service } from '../support/api.ts';
import { aPause, aReport, Cli } from '../support/cli.ts';

/** The two logs were written at two times; all else is the same. */
const timeless = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');

describe('inforce, asked to ask the service itself,', () => {
  const cli = new Cli();
  let service: Service;
  let there: string;
  beforeAll(async () => {
    service = await Service.start();
    there = `--server ${service.server.url}`;
    const { stderr } = await cli.run(`import datasets ${there}`, { env: { INFORCE_KEY: service.keys.recorder } });
    expect(stderr).toBe('');
    await cli.answer('import datasets');
  });
  afterAll(async () => {
    await service.stop();
    cli.remove();
  });

  it.each([
    'status us-tiktok --party apple --at 2025-02-01',
    'status us-tiktok --at 2025-12-20 --published-by 2025-09-24',
    'timeline us-tiktok --party google --from 2024-01-01 --to 2025-12-31',
    'deadlines us-tiktok --at 2025-05-01',
    'deadlines --at 2025-12-01 --within P60D',
    'diff us-tiktok --known-from 2026-01-01 --at 2025-02-01',
    'matters',
  ])('gets from it for “inforce %s” what the embedded log says', async (line) => {
    const [own, its] = [await cli.answer(line), await cli.answer(`${line} ${there}`)];
    expect(timeless(its)).toBe(timeless(own));
  });

  it('finds the same again when it imports again', async () => {
    const env = { INFORCE_KEY: service.keys.recorder };
    const { code, stdout } = await cli.run(`import datasets/us-tiktok.json ${there}`, { env });
    expect([code, stdout]).toEqual([0, 'us-tiktok: 0 recorded, 51 already there\n']);
  });

  it('records with a key, and is told to get one without', async () => {
    const path = cli.file('report.json', aReport('report-there'));
    const without = await cli.run(`record us-tiktok ${path} ${there}`);
    expect(without.code).toBe(1);
    expect(without.stderr).toContain('Set INFORCE_KEY, or give --key.');
    const wrong = await cli.run(`record us-tiktok ${path} ${there} --key ${service.keys.auditor}`);
    expect([wrong.code, wrong.stderr.includes('rule: forbidden')]).toEqual([1, true]);
    const right = await cli.run(`record us-tiktok ${path} ${there} --key ${service.keys.recorder}`);
    expect(right.stdout).toMatch(/^us-tiktok: report-there recorded, revision \d+$/m);
  });

  it('hears from it what an entry would change', async () => {
    const path = cli.file('pause.json', aPause('another-pause', '2026-08-31'));
    const line = `what-if us-tiktok ${path} --at 2026-06-01`;
    expect(timeless(await cli.answer(`${line} ${there}`))).toBe(timeless(await cli.answer(line)));
  });

  it('reads the log of a running service beside it, and leaves the writing to it', async () => {
    const beside = await cli.json<StatusAnswer>(`status us-tiktok --at 2025-02-01 --data ${service.data}`);
    expect(beside.headline.code).toBe('enforcement-paused');
    const { code, stderr } = await cli.run(`import datasets --data ${service.data}`);
    expect(code).toBe(4);
    expect(stderr).toContain(`is written by process ${process.pid} on `);
  });

  it('makes and revokes keys that the running service knows at once', async () => {
    const key = (await cli.answer(`key create --role recorder --name late --data ${service.data}`)).trim();
    const path = cli.file('late.json', aReport('report-late'));
    expect((await cli.run(`record us-tiktok ${path} ${there} --key ${key}`)).code).toBe(0);
    const { items } = await cli.json<{ items: { id: string; name: string }[] }>(`key list --data ${service.data}`);
    await cli.answer(`key revoke ${items.find(({ name }) => name === 'late')?.id} --data ${service.data}`);
    const { code, stderr } = await cli.run(`record us-tiktok ${path} ${there} --key ${key}`);
    expect([code, stderr.includes('rule: unauthorized')]).toEqual([1, true]);
  });
});

describe('inforce serve', () => {
  const cli = new Cli();
  afterAll(() => cli.remove());

  it('refuses settings that the server refuses, and says when there is no server to start', async () => {
    const built = existsSync(join(cli.root, 'dist/apps/api/src/main.js'));
    const { code, stderr } = await cli.run('serve --port nowhere');
    expect([code, stderr]).toEqual(
      built
        ? [2, 'error: INFORCE_PORT must be a whole number from 0 to 65535, not "nowhere".\n']
        : [4, 'error: The server is not built.\n  npm run build builds it.\n'],
    );
  });
});
