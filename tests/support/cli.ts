import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';

// Every answer is a process of its own, and test runs share their machine.
jest.setTimeout(60_000);

const root = new URL('../../', import.meta.url).pathname;
const main = join(root, 'apps/cli/src/main.ts');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface How {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** The command line, run from its sources as a process of its own, on a data directory of its own. */
export class Cli {
  readonly directory = mkdtempSync(join(tmpdir(), 'inforce-cli-'));
  readonly data = join(this.directory, 'data');
  readonly root = root;

  static readonly command: readonly string[] = [process.execPath, '--conditions=inforce:source', main];

  async run(line: string | readonly string[], { env = {}, input = '' }: How = {}): Promise<Ran> {
    const words = typeof line === 'string' ? line.split(' ') : line;
    const [node = '', ...rest] = [...Cli.command, ...words];
    const child = spawn(node, rest, { cwd: root, env: this.env(env) });
    const texts = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const closed: readonly unknown[] = await once(child, 'close');
    const [code] = closed;
    return { code: typeof code === 'number' ? code : null, ...texts };
  }

  /** The answer of a command that succeeds. */
  async answer(line: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(line);
    if (code !== 0) throw new Error(`inforce ${line} ended with ${code}: ${stderr}`);
    return stdout;
  }

  async json<Body>(line: string): Promise<Body> {
    const body: Body = JSON.parse(await this.answer(`${line} --json`));
    return body;
  }

  /** The environment of a process, without the settings of whoever runs the tests. */
  env(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const kept = Object.entries(process.env).filter(
      ([name]) => !/^(INFORCE_|NO_COLOR|FORCE_COLOR|COLUMNS|LC_|LANG)/.test(name),
    );
    const inherited: Record<string, string> = {};
    for (const [name, value] of kept) if (value !== undefined) inherited[name] = value;
    return { ...inherited, INFORCE_DATA: this.data, ...more };
  }

  file(name: string, content: unknown): string {
    const path = join(this.directory, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** An entry that moves nothing, for a matter that is open. */
export function aReport(id: string): Record<string, unknown> {
  return {
    id,
    type: 'ReportPublished',
    occurredOn: '2026-05-01',
    title: 'Something was written',
    author: { kind: 'press', name: 'A newspaper' },
    sources: [{ title: 'Article', publisher: 'A newspaper', publishedOn: '2026-05-01', evidence: 'press' }],
    effects: [],
  };
}

/** A pause until a day, by the party that enforces. */
export function aPause(id: string, until: string): Record<string, unknown> {
  return {
    ...aReport(id),
    type: 'ExecutiveActIssued',
    title: 'Another pause',
    author: { kind: 'executive', name: 'President of the United States' },
    effects: [
      {
        kind: 'restrains',
        restraint: id,
        form: 'forbearance',
        provisions: ['pafaca-2a'],
        enforcers: ['doj'],
        protects: 'all',
        from: '2026-05-01',
        until,
      },
    ],
  };
}
