import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { altered, bundleIn } from '../support/bundle.ts';
import { ADMIN, Service } from '../support/api.ts';
import { aReport, Cli } from '../support/cli.ts';

describe('inforce export and inforce verify', () => {
  const cli = new Cli();
  const file = join(cli.directory, 'tiktok.json');
  const bytes = (): Uint8Array => readFileSync(file);
  const question = 'us-tiktok --party apple --at 2025-02-01';

  beforeAll(async () => {
    await cli.answer('import datasets');
    const { code, stdout, stderr } = await cli.run(`export ${question} --out ${file}`);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain(`${file}: a bundle of us-tiktok, ${bytes().length} bytes.`);
  });
  afterAll(() => cli.remove());

  it('take an answer away, and check it', async () => {
    const text = await cli.answer(`verify ${file}`);
    expect(text).toMatch(
      /^verified: us-tiktok, apple, on 2025-02-01: In force; enforcement paused by policy until 2025-04-05\n\nProven\n/,
    );
    expect(text).toMatch(
      /\nNot proven\n {2}- That inforce\/\S+ is whose log you think it is: .* Name one you trust with --trust\./,
    );
    expect(bundleIn(bytes()).answer).toEqual(await cli.json(`status ${question}`));
  });

  it('give the same bytes to standard output, and again', async () => {
    expect(await cli.answer(`export ${question}`)).toBe(Buffer.from(bytes()).toString());
  });

  it('take a key that is trusted, itself or in a file', async () => {
    const { key } = bundleIn(bytes());
    const kept = cli.file('log.vkey', `${key}\n`);
    for (const trusted of [`--trust ${key}`, `--key ${key}`, `--trust ${kept}`])
      expect(await cli.answer(`verify ${file} ${trusted}`)).toContain('The key that you named signed a checkpoint');
    const stranger = await cli.run(`verify ${file} --trust inforce+00000000+AAAA`);
    expect([stranger.code, stranger.stdout]).toEqual([3, '']);
    expect(stranger.stderr).toContain('signed by another key');
  });

  it('answer JSON with --json', async () => {
    const body = await cli.json<Record<string, unknown>>(`verify ${file}`);
    expect(body).toMatchObject({ verified: true, matter: 'us-tiktok', pinned: false, proven: expect.any(Array) });
    const other = join(cli.directory, 'other.json');
    writeFileSync(
      other,
      altered(bytes(), (bundle) => (bundle.answer.headline.code = 'in-force')),
    );
    const { code, stdout, stderr } = await cli.run(`verify ${other} --json`);
    expect([code, stdout]).toEqual([3, '']);
    expect(JSON.parse(stderr)).toMatchObject({
      type: 'urn:inforce:problem:not-verified',
      detail: expect.stringContaining('/answer/headline/code'),
    });
  });

  it('need neither log nor data', async () => {
    const { code } = await cli.run(`verify ${file}`, { env: { INFORCE_DATA: join(cli.directory, 'nowhere') } });
    expect(code).toBe(0);
  });

  it.each([
    ['verify', 2, 'either a bundle or'],
    ['verify x.json --log', 2, 'either a bundle or'],
    ['verify nowhere.json', 4, 'nowhere.json'],
    ['verify nowhere.json --checkpoint package.json', 2, 'goes with --log'],
    ['export', 2, 'matter'],
    ['export nowhere', 1, 'nowhere'],
    ['export us-tiktok --party nobody', 1, 'nobody'],
    ['export us-tiktok --at soon', 2, '--at'],
    ['export us-tiktok --out /nowhere/at/all.json', 4, '/nowhere/at/all.json'],
    ['verify package.json', 3, 'RFC 8785'],
  ])('refuse %s', async (line, code, word) => {
    const ran = await cli.run(line);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(word);
  });

  it('work beside a server, and through it', async () => {
    const service = await Service.start({ data: cli.data });
    const env = { INFORCE_KEY: service.keys.auditor };
    const through = await cli.run(`export ${question} --server ${service.url}`, { env });
    expect([through.code, through.stdout]).toEqual([0, Buffer.from(bytes()).toString()]);
    expect(await cli.answer(`export ${question}`)).toBe(through.stdout);
    await service.post('/v1/matters/us-tiktok/entries', aReport('unsealed'));
    const unsealed = await cli.run(`export ${question}`);
    expect([unsealed.code, unsealed.stdout]).toEqual([1, '']);
    expect(unsealed.stderr).toMatch(/not under a checkpoint yet[^]*--server/);
    const sealed = await cli.run(`export ${question} --server ${service.url}`, { env });
    expect(bundleIn(Buffer.from(sealed.stdout)).head.revision).toBe(52);
    const forbidden = await cli.run(`export us-tiktok --server ${service.url}`);
    expect([forbidden.code, forbidden.stdout]).toEqual([1, '']);
    expect((await service.ask('/v1/matters/us-tiktok/bundle', { key: ADMIN })).status).toBe(200);
    await service.stop({ keep: true });
  });
});
