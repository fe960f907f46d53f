import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aBundle, altered, bundleIn } from '../support/bundle.ts';

const root = join(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'inforce-verifier-'));

let bytes: Uint8Array;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Node in the directory, without anything of ours around it. */
async function node(...words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...words], { cwd: directory, env: {} }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

beforeAll(async () => {
  const built = await new Promise<string>((resolve, reject) => {
    const words = [join(root, 'scripts/build-verifier.mjs'), join(directory, 'verify.mjs')];
    execFile(process.execPath, words, { cwd: root }, (error, _, stderr) => (error ? reject(error) : resolve(stderr)));
  });
  expect(built).toBe('');
  bytes = await aBundle('us-tiktok', { clocks: { at: '2025-02-01' }, party: 'apple' });
  writeFileSync(join(directory, 'bundle.json'), bytes);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the single-file verifier', () => {
  it('verifies the saga in a directory that holds nothing but the bundle and itself', async () => {
    expect(readdirSync(directory).toSorted()).toEqual(['bundle.json', 'verify.mjs']);
    const { code, stdout, stderr } = await node('verify.mjs', 'bundle.json');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^verified: us-tiktok, apple, on 2025-02-01: In force; enforcement paused by policy until 2025-04-05\n\nProven\n/,
    );
    expect(stdout).toContain('\nNot proven\n');
    const trusted = await node('verify.mjs', 'bundle.json', '--key', bundleIn(bytes).key);
    expect([trusted.code, trusted.stdout]).toEqual([0, expect.stringContaining('The key that you named signed')]);
  });

  it('is made by the build, whose result is served', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(scripts.build).toBe('nest build && node scripts/build-verifier.mjs');
  });

  it('asks for nothing but parts of Node, and those only when it runs', () => {
    const source = readFileSync(join(directory, 'verify.mjs'), 'utf8');
    expect(source).not.toMatch(/^import\b/m);
    const parts = [...source.matchAll(/import\("([^"]+)"\)/g)].map(([, name]) => name);
    expect(new Set(parts)).toEqual(new Set(['node:fs', 'node:fs/promises', 'node:url']));
    expect(statSync(join(directory, 'verify.mjs')).size).toBeLessThan(300_000);
  });

  it('says where a bundle does not hold, and 3', async () => {
    const path = join(directory, 'altered.json');
    writeFileSync(
      path,
      altered(bytes, (bundle) => (bundle.events[9].event.data.title = 'Something else')),
    );
    const ran = await node('verify.mjs', path);
    expect([ran.code, ran.stdout]).toEqual([3, '']);
    expect(ran.stderr).toMatch(/^not verified: \/events\/9: Event 9 /);
    writeFileSync(path, 'no bundle');
    expect(await node('verify.mjs', path)).toMatchObject({
      code: 3,
      stderr: 'not verified: The bundle is not JSON.\n',
    });
    rmSync(path);
  });

  it('tells a mistake in the call, and a file that cannot be read', async () => {
    expect(await node('verify.mjs')).toMatchObject({ code: 2, stdout: '' });
    expect(await node('verify.mjs', 'bundle.json', '--key')).toMatchObject({ code: 2, stdout: '' });
    expect(await node('verify.mjs', 'nowhere.json')).toMatchObject({ code: 4, stdout: '' });
  });

  it('runs where there is no Node around it, as in a browser', async () => {
    // A worker that has given up what only Node has, before it loads the verifier.
    const source = `
      import { parentPort, workerData } from 'node:worker_threads';
      for (const name of ['process', 'Buffer', 'require', 'global', 'setImmediate', 'clearImmediate']) delete globalThis[name];
      const { verifyBundle, BundleFault } = await import(workerData.url);
      const { findings } = await verifyBundle(workerData.bytes);
      const altered = Uint8Array.from(workerData.bytes, (byte, at) => (at === 5000 ? byte ^ 1 : byte));
      const refused = await verifyBundle(altered).catch((error) => error instanceof BundleFault);
      Object.defineProperty(globalThis, 'crypto', { value: undefined });
      const unsupported = await verifyBundle(workerData.bytes).catch((error) => error.message);
      parentPort.postMessage({ answer: findings.answer, refused, unsupported });`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
      workerData: { url: `file://${join(directory, 'verify.mjs')}`, bytes },
      execArgv: [],
    });
    const said = await new Promise((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
    await worker.terminate();
    expect(said).toEqual({
      answer: expect.stringContaining('enforcement paused'),
      refused: true,
      unsupported: expect.stringContaining('has no WebCrypto; it takes Node 20'),
    });
  });
});
