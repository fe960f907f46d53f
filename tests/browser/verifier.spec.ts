import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Files, openBrowser, serveFiles } from '../support/browser.ts';
import { aBundle, altered } from '../support/bundle.ts';

const root = join(import.meta.dirname, '../..');

/** What somebody would write who wants a page that checks bundles. */
const page = `<!doctype html><title>Verify</title><input type="file"><pre></pre>
<script type="module">
  import { verifyBundle } from '/verify.mjs';
  document.querySelector('input').addEventListener('change', async ({ target }) => {
    const out = document.querySelector('pre');
    try {
      const { bundle, findings } = await verifyBundle(new Uint8Array(await target.files[0].arrayBuffer()));
      out.textContent = 'verified: ' + bundle.answer.headline.text + ' / ' + JSON.stringify(findings);
    } catch (error) {
      out.textContent = 'not verified: ' + error.message;
    }
  });
</script>`;

let directory = '';
let files: Files;
let browser: Browser;
let tab: Page;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'inforce-browser-'));
  const verifier = join(directory, 'verify.mjs');
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build-verifier.mjs'), verifier], { cwd: root });
  const body = await readFile(verifier, 'utf8');
  files = await serveFiles({
    '': { type: 'text/html; charset=utf-8', body: page },
    'verify.mjs': { type: 'text/javascript', body },
  });
  browser = await openBrowser();
  tab = await browser.newPage();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await files?.close();
  await rm(directory, { recursive: true, force: true });
});

async function told(bytes: Uint8Array): Promise<string> {
  const file = join(directory, 'bundle.json');
  await writeFile(file, bytes);
  await tab.goto(files.url);
  await tab.setInputFiles('input', file);
  await tab.waitForFunction(`document.querySelector('pre').textContent !== ''`);
  return (await tab.textContent('pre')) ?? '';
}

describe('the single-file verifier in a browser', () => {
  it('verifies the bundle of the saga, and recomputes its answer', async () => {
    const bytes = await aBundle('us-tiktok', { clocks: { at: '2025-02-01' }, party: 'apple' });
    const text = await told(bytes);
    expect(text).toMatch(/^verified: In force; enforcement paused by policy until 2025-04-05 \/ /);
    expect(text).toMatch(/All \d+ events of us-tiktok are in that log as they stand here/);
  });

  it('refuses one that was altered, and names the place', async () => {
    const bytes = await aBundle('us-tiktok', { clocks: { at: '2025-02-01' }, party: 'apple' });
    const text = await told(altered(bytes, (bundle) => (bundle.events[9].event.data.title = 'Something else')));
    expect(text).toMatch(/^not verified: .*Event 9 /);
  });
});
