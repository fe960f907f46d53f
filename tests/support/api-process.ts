import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ADMIN } from './api.ts';

const root = join(import.meta.dirname, '../..');
const sources = join(import.meta.dirname, 'api-sources.ts');
const main = join(root, 'apps/api/src/main.ts');

export type Environment = Readonly<Record<string, string>>;

export async function aDirectory(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'inforce-process-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The service in a process of its own, from its sources. */
export class ServiceProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(data: string, environment: Environment = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('INFORCE_'));
    const settings = { INFORCE_PORT: '0', INFORCE_DATA: data, INFORCE_DATASETS: 'none', INFORCE_ADMIN_KEY: ADMIN };
    const env = { ...Object.fromEntries(inherited), ...settings, ...environment };
    const flags = ['--conditions=inforce:source', '--import', sources];
    this.child = spawn(process.execPath, [...flags, main], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = once(this.child, 'close').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  }

  static async listening(data: string, environment: Environment = {}): Promise<ServiceProcess> {
    const started = new ServiceProcess(data, environment);
    const deadline = Date.now() + 60_000;
    while (!started.stdout.includes('Listening on ')) {
      if (started.child.exitCode !== null || Date.now() > deadline)
        throw new Error(`It did not start: ${started.stdout}${started.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return started;
  }

  get url(): string {
    return /Listening on (\S+)/.exec(this.stdout)?.[1] ?? '';
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(): Promise<number | null> {
    this.kill('SIGTERM');
    return this.ended;
  }
}
