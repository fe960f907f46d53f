import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { parseDataset } from '#libs/contract';
import { type NewEvent, uuidv7 } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { Register } from '#libs/register';

const root = join(import.meta.dirname, '../..');
export const ADMIN = 'admin-key-of-the-benches-0123456789abcdef';

let built = false;

/** Benches measure what is shipped. */
function build(): void {
  if (built) return;
  const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
  const { status } = spawnSync(process.execPath, [nest, 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('The build failed.');
  built = true;
}

/** A process that says where it listens. */
export class Listener {
  static readonly #running = new Set<Listener>();
  readonly url: string;
  /** Milliseconds from its start until it said so. */
  readonly took: number;
  readonly #child: ChildProcessByStdio<null, Readable, null>;

  private constructor(child: ChildProcessByStdio<null, Readable, null>, url: string, took: number) {
    this.#child = child;
    this.url = url;
    this.took = took;
    Listener.#running.add(this);
  }

  /** Those that a bench which failed has left behind. */
  static async stopAll(): Promise<void> {
    for (const each of Listener.#running) await each.stop();
  }

  /** The built service. */
  static async service(data: string, environment: Readonly<Record<string, string>> = {}): Promise<Listener> {
    build();
    const settings = { INFORCE_PORT: '0', INFORCE_DATA: data, INFORCE_ADMIN_KEY: ADMIN };
    return Listener.start([join(root, 'dist/apps/api/src/main.js')], { ...settings, ...environment });
  }

  /** A bare Fastify route that sends what is in the file. */
  static async bare(file: string): Promise<Listener> {
    return Listener.start([join(import.meta.dirname, 'api-bare.ts'), file], {});
  }

  static async start(words: readonly string[], more: Readonly<Record<string, string>>): Promise<Listener> {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('INFORCE_'));
    const env = { ...Object.fromEntries(inherited), NODE_ENV: 'production', ...more };
    const began = performance.now();
    const child = spawn(process.execPath, words, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /^Listening on (\S+)/.exec(line)?.[1];
      if (url !== undefined) return new Listener(child, url, performance.now() - began);
    }
    throw new Error(`${words.join(' ')} did not listen.`);
  }

  async stop(): Promise<void> {
    Listener.#running.delete(this);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/** The TikTok matter among others that hold the rest of `count` events. */
export async function aLogOf(file: string, count: number): Promise<void> {
  const log = await SqliteEventLog.open({ file });
  const register = new Register({ log, now: Date.now });
  const dataset = parseDataset(JSON.parse(await readFile(join(root, 'datasets/us-tiktok.json'), 'utf8')));
  await register.importDataset(dataset, { actor: 'import' });
  const matters = Math.ceil((count - dataset.entries.length - 1) / PER_MATTER);
  for (let first = 0; first < matters; first += 200) {
    const some = Array.from({ length: Math.min(200, matters - first) }, (_, index) => first + index);
    await Promise.all(some.map((matter) => log.append(`matter-m${matter}`, 'no-stream', eventsOf(matter))));
  }
  await log.close();
}

const PER_MATTER = 40;

function eventsOf(matter: number): readonly NewEvent[] {
  const meta = { actor: 'import' };
  const parties = [{ id: 'firms', name: 'Firms', kind: 'class' }];
  const opened = { id: `m${matter}`, title: `Matter ${matter}`, jurisdiction: 'US', timeZone: 'UTC', parties };
  const entries = Array.from({ length: PER_MATTER - 1 }, (_, index) => {
    const occurredOn = `2024-${String(1 + (index % 12)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`;
    const title = `Report ${index} on matter ${matter}`;
    const sources = [{ title, publisher: 'The Paper', publishedOn: occurredOn, evidence: 'press' }];
    const author = { kind: 'press', name: 'The Paper' };
    const data = { id: `e${index}`, type: 'ReportPublished', occurredOn, title, author, sources, effects: [] };
    return { id: uuidv7(), type: 'ReportPublished', schema: 1, data, meta };
  });
  return [{ id: uuidv7(), type: 'MatterOpened', schema: 1, data: opened, meta }, ...entries];
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
