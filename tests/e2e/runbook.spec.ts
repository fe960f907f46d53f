import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServiceProcess } from '../support/api-process.ts';
import { compose } from '../support/compose.ts';

// docs/runbook.md by copy and paste: its `sh` blocks in one shell, in their order, against the data of a real server that
// is stopped where the page says so. Only the places and the ports are replaced, in the lines that set them.

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
const place = mkdtempSync(join(tmpdir(), 'inforce-runbook-'));
const at = (name: string): string => join(place, name);

interface Block {
  readonly heading: string;
  readonly language: string;
  readonly script: string;
}

const blocks = blocksOf(page);
const tested = blocks.filter(({ language }) => language === 'sh');
const untested = blocks.filter(({ language }) => language === 'bash');
const whenStopped = 'Views that are lost, damaged or suspect';

let output: readonly string[];
let keysBefore: string;

beforeAll(async () => {
  const server = await ServiceProcess.listening(at('data'), { INFORCE_DATASETS: 'bundled' });
  keysBefore = readFileSync(at('data/keys.db')).toString('base64');
  try {
    output = await runAll(
      server.url,
      `kill ${server.child.pid}; while kill -0 ${server.child.pid} 2>&-; do sleep 0.1; done`,
    );
  } finally {
    server.kill('SIGKILL');
    await server.ended;
  }
}, 240_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('the runbook, by copy and paste', () => {
  it('runs without a failing command', () => {
    expect(tested.map(({ heading }) => heading)).toEqual([
      'One machine',
      'Backup',
      'Try the backup',
      'Restore',
      whenStopped,
      'Keys',
      'A full disk',
    ]);
    expect(output.filter((line) => line.startsWith('@@'))).toEqual([]);
  });

  it('makes a backup that only its owner can read', () => {
    expect(readdirSync(at('backup'))).toEqual(expect.arrayContaining(['events.db', 'keys.db', 'ready.json']));
    for (const file of readdirSync(at('backup'))) expect(statSync(at(`backup/${file}`)).mode & 0o077).toBe(0);
  });

  it('finds the backup whole', () => {
    const [, answer = ''] = /^```text\n(.*?)\n```$/ms.exec(page) ?? [];
    expect(output).toContain(answer);
    expect(output).toContainEqual(expect.stringMatching(/^in the backup (\d+), at the time \1$/));
  });

  it('restores a record that answers as the first one did, and takes the keys along', async () => {
    const answers = [await answersFrom(at('data')), await answersFrom(at('restored'))];
    expect(answers[0]).toMatchObject({ headline: 'In force; enforcement paused by policy until 2025-04-05' });
    expect(answers[1]).toEqual({ ...answers[0], keys: 1 });
  });

  it('renews a key', () => {
    expect(output).toContain('made');
    expect(readFileSync(at('data/keys.db')).toString('base64')).not.toBe(keysBefore);
  });
});

describe('what the runbook says of Docker', () => {
  it('is not said to be tested', () => {
    expect(untested.length).toBeGreaterThan(15);
    expect(tested.filter(({ script }) => script.includes('docker'))).toEqual([]);
  });

  it.each(untested)('is shell that can be read: $heading', ({ script }) => {
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('names services, files and settings that there are', () => {
    const text = untested.map(({ script }) => script).join('\n');
    const services = [...text.matchAll(/\b(?:node\d|inforce-\w|certs|proxy)\b/g)].map(([name]) => name);
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining([...new Set(services)]));
    const settings = [...text.matchAll(/\$(EVENTSTORE_\w+)/g)].map(([, name]) => name);
    expect(Object.keys(compose.services['node1']?.environment ?? {})).toEqual(expect.arrayContaining(settings));
  });
});

/** What a server on these data says: a status, how many keys there are, and that its views have caught up. */
async function answersFrom(data: string): Promise<{ headline: string; keys: number; ready: number }> {
  const server = await ServiceProcess.listening(data);
  try {
    const status = await fetch(`${server.url}/v1/matters/us-tiktok/status?party=apple&at=2025-02-01`);
    const body: { headline: { text: string } } = JSON.parse(await status.text());
    const { status: ready } = await fetch(`${server.url}/health/ready`);
    return { headline: body.headline.text, keys: await keysIn(data), ready };
  } finally {
    await server.stop();
  }
}

async function keysIn(data: string): Promise<number> {
  const line = ['run', '--silent', 'cli', '--', 'key', 'list', '--json', '--data', data];
  const { stdout } = await promisify(execFile)('npm', line, { cwd: root, env: environment() });
  const { items }: { items: readonly unknown[] } = JSON.parse(stdout);
  return items.length;
}

async function runAll(url: string, stop: string): Promise<readonly string[]> {
  const port = String(3999 + (process.pid % 10_000));
  const places = { data: at('data'), backup: at('backup'), restored: at('restored'), url, drill_port: port };
  const script = [
    'exec 2>&1',
    // Any command that fails is a command of the runbook that does not work.
    `trap 'echo "@@ exit code $? of: $BASH_COMMAND"' ERR`,
    ...tested.flatMap(({ heading, script: block }) => [
      ...(heading === whenStopped ? [stop] : []),
      withSettings(block, places),
    ]),
  ].join('\n');
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    cwd: root,
    env: environment(),
    timeout: 200_000,
  });
  return stdout.split('\n');
}

function withSettings(block: string, settings: Readonly<Record<string, string>>): string {
  return block.replaceAll(/^(\w+)=.*$/gm, (line, name: string) => {
    const value = settings[name];
    return value === undefined ? line : `${name}='${value}'`;
  });
}

/** Without the settings of whoever runs the tests, and with the Node that npm ci brings. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('INFORCE_'));
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  return { ...Object.fromEntries(kept), PATH: path };
}

function blocksOf(text: string): readonly Block[] {
  let heading = '';
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$|^#+ ([^\n]*)$/gms)].flatMap(([, language, script = '', title]) => {
    if (title !== undefined) heading = title;
    return language === undefined ? [] : [{ heading, language, script }];
  });
}
