import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

// The README by copy and paste: its `sh` blocks in one shell, one after the other, against a server of its own; then
// what its `console` blocks show. Only the address and the key are replaced, in the two lines that set them.

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

interface Step {
  readonly name: string;
  readonly script: string;
  readonly expected: readonly string[];
}

const steps = stepsOf(readme);
const data = mkdtempSync(join(tmpdir(), 'inforce-readme-'));
const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
};

let server: ChildProcess;
let said: readonly string[];
let outputs: ReadonlyMap<string, readonly string[]>;
let exit: readonly [number | null, NodeJS.Signals | null];

beforeAll(async () => {
  // It builds first when dist is stale, which `npm test` has made sure it is not.
  server = spawn('npm', ['start'], {
    cwd: root,
    env: { ...environment, INFORCE_DATA: data, INFORCE_PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  said = await linesUntil(server, /^Listening on /);
  const url = found(/^Listening on (.*)$/, said);
  const key = found(/^Recorder key, .*: (\S+)$/, said);
  // Keys are made where the data lies: the reader's ./data is this server's directory.
  outputs = await runAll(steps, { URL: url, INFORCE_KEY: key });
  const gone = once(server, 'exit');
  server.kill('SIGTERM');
  const [code, signal] = await gone;
  exit = [code, signal];
}, 240_000);

afterAll(() => {
  server.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

describe('the README, by copy and paste', () => {
  it('has its tour', () => {
    expect(steps.length).toBeGreaterThan(8);
  });

  it.each(steps)('$name', ({ name, expected }) => {
    const output = outputs.get(name) ?? [];
    expect(output.filter((line) => line.startsWith('@@'))).toEqual([]);
    expect(inOrder(expected, output)).toEqual(expected);
  });

  it('names the commands that npm test and .ci/run are made of', () => {
    expect(readme).toContain('npm ci && npm start\nnpm ci && npm test\n');
    const ci = readFileSync(join(root, '.ci/run'), 'utf8');
    expect(ci).toMatch(/^npm ci$/m);
    expect(ci).toMatch(/^npm test /m);
  });

  it('leaves a server that stops when it is told to', () => {
    expect(exit).toEqual([0, null]);
  });
});

/** Runs the blocks in one shell, so that what one sets the next can use. */
async function runAll(
  all: readonly Step[],
  settings: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const script = [
    'exec 2>&1',
    // Any command that fails is a command of the README that does not work.
    `trap 'echo "@@ exit code $? of: $BASH_COMMAND"' ERR`,
    ...all.flatMap(({ name, script: block }) => [`echo '@= ${name}'`, withSettings(block, settings)]),
  ].join('\n');
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    cwd: root,
    // Keys are made in the directory of the server, which the README has at its usual place.
    env: { ...environment, INFORCE_DATA: data },
    timeout: 180_000,
  });
  const sections = new Map<string, string[]>();
  let section: string[] = [];
  for (const line of stdout.split('\n')) {
    if (line.startsWith('@= ')) sections.set(line.slice(3), (section = []));
    else section.push(line.trimEnd());
  }
  return sections;
}

function withSettings(block: string, settings: Readonly<Record<string, string>>): string {
  return block.replaceAll(/^export (\w+)=.*$/gm, (line, name: string) => {
    const value = settings[name];
    return value === undefined ? line : `export ${name}='${value}'`;
  });
}

/** The `sh` blocks with the `text` block that follows each; then the `console` blocks, which stand before the tour. */
function stepsOf(page: string): readonly Step[] {
  const fences = [...page.matchAll(/^```(\w*)\n(.*?)^```$|^#+ ([^\n]*)$/gms)];
  const tour: Step[] = [];
  const shown: Step[] = [];
  let heading = '';
  for (const [index, [, language, content = '', title]] of fences.entries()) {
    if (title !== undefined) heading = title;
    const name = `${heading} (${tour.length + shown.length + 1})`;
    const [, following, answer = ''] = fences[index + 1] ?? [];
    if (language === 'sh') tour.push({ name, script: content, expected: following === 'text' ? lines(answer) : [] });
    if (language === 'console') {
      const [command = '', ...output] = content.split('\n');
      shown.push({ name, script: command.replace(/^\$ /, ''), expected: lines(output.join('\n')) });
    }
  }
  return [...tour, ...shown];
}

/** `…` stands for lines left out. */
function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && line !== '…');
}

/** Those of the expected lines that come up, in their order. */
function inOrder(expected: readonly string[], output: readonly string[]): readonly string[] {
  let at = 0;
  return expected.filter((line) => {
    const place = output.indexOf(line.trimEnd(), at);
    if (place < 0) return false;
    at = place + 1;
    return true;
  });
}

async function linesUntil(child: ChildProcess, last: RegExp): Promise<readonly string[]> {
  if (!child.stdout) throw new Error('The server has no standard output.');
  const heard: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    heard.push(line);
    if (last.test(line)) return heard;
  }
  throw new Error(`The server did not start: ${heard.join('\n')}`);
}

function found(pattern: RegExp, within: readonly string[]): string {
  const [, value] = within.map((line) => pattern.exec(line)).find((match) => match !== null) ?? [];
  if (value === undefined) throw new Error(`Nothing like ${String(pattern)} in:\n${within.join('\n')}`);
  return value;
}
