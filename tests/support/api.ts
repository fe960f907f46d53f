import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#libs/config';
import type { Matter } from '#libs/matter';
import { createLogger } from '../../apps/api/src/http/logging.ts';
import { type Server, startServer } from '../../apps/api/src/server.ts';
import { aMatter, enacted, establishes, forbears, ordered } from './matter.ts';

export const ADMIN = 'admin-key-of-the-tests-0123456789abcdef';

/** An answer, read to its end. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; `any` on purpose: tests look at what is there. */
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies are looked at field by field
  readonly body: any;
}

export interface Asked {
  readonly method?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is when it is text. */
  readonly body?: unknown;
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly rates?: { readonly anonymous: number; readonly key: number; readonly badKey: number };
  readonly now?: () => number;
  /** A directory to go on in. */
  readonly data?: string;
}

const generous = { anonymous: 1e9, key: 1e9, badKey: 1e9 };

/** The service in this process, on a port and in a directory of its own. */
export class Service {
  readonly server: Server;
  readonly data: string;
  readonly said: readonly string[];
  readonly logged: readonly Record<string, unknown>[];
  readonly keys: Readonly<Record<'recorder' | 'subscriber' | 'auditor', string>>;
  #stopped = false;

  private constructor(parts: Pick<Service, 'server' | 'data' | 'said' | 'logged'>) {
    this.server = parts.server;
    this.data = parts.data;
    this.said = parts.said;
    this.logged = parts.logged;
    const make = (role: 'recorder' | 'subscriber' | 'auditor'): string =>
      this.server.parts.keys.create({ name: role, roles: [role] }).key;
    this.keys = { recorder: make('recorder'), subscriber: make('subscriber'), auditor: make('auditor') };
  }

  static async start({ env = {}, rates = generous, now, data }: Options = {}): Promise<Service> {
    const directory = data ?? (await mkdtemp(join(tmpdir(), 'inforce-api-')));
    const config = readConfig({
      INFORCE_PORT: '0',
      INFORCE_DATA: directory,
      INFORCE_DATASETS: 'none',
      INFORCE_ADMIN_KEY: ADMIN,
      ...env,
    });
    const said: string[] = [];
    const logged: Record<string, unknown>[] = [];
    const logger = createLogger({ write: (line: string) => void logged.push(JSON.parse(line)) });
    const say = (line: string): void => void said.push(line);
    const server = await startServer(config, { logger, say, rates, ...(now && { now }) });
    await server.ready(AbortSignal.timeout(25_000));
    return new Service({ server, data: directory, said, logged });
  }

  get url(): string {
    return this.server.url;
  }

  async ask(path: string, { method = 'GET', key, headers = {}, body }: Asked = {}): Promise<Got> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }

  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Got> {
    return this.ask(path, { method: 'POST', key: this.keys.recorder, body, headers });
  }

  /** Waits until the views have all that was recorded. */
  async settle(): Promise<void> {
    const { log, views } = this.server.parts;
    await views.waitFor(await log.head(), 5000);
  }

  async head(): Promise<bigint> {
    return this.server.parts.log.head();
  }

  /** How many events of matters came after a position; checkpoints come by themselves. */
  async recordedSince(position: bigint): Promise<number> {
    const { log } = this.server.parts;
    const filter = { streamPrefixes: ['matter-'] };
    return (await Array.fromAsync(log.readAll({ after: position, filter }))).length;
  }

  async stop(options: { readonly keep?: boolean } = {}): Promise<void> {
    if (!this.#stopped) await this.server.stop();
    this.#stopped = true;
    if (!options.keep) await rm(this.data, { recursive: true, force: true });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A law with one duty, and a pause of its enforcement until 5 April 2025. */
export const law = enacted('the-law', '2024-01-01', [establishes('duty')]);
export const pause = ordered('the-pause', '2025-01-20', [
  forbears('the-forbearance', { enforcers: ['doj'], until: '2025-04-05' }),
]);

/** Opens a matter and records the law and the pause in it. */
export async function withRecord(service: Service, more: Partial<Matter> = {}): Promise<string> {
  const matter = aMatter(more);
  const opened = await service.post('/v1/matters', matter);
  if (opened.status !== 201) throw new Error(opened.text);
  for (const each of [law, pause]) {
    const recorded = await service.post(`/v1/matters/${matter.id}/entries`, each);
    if (recorded.status !== 201) throw new Error(recorded.text);
  }
  await service.settle();
  return matter.id;
}

/** What every refusal looks like (RFC 9457). */
export function expectProblem(got: Got, status: number, rule: string): void {
  expect({ status: got.status, rule: got.body?.rule }).toEqual({ status, rule });
  expect(got.headers.get('content-type')).toBe('application/problem+json');
  expect(got.body).toMatchObject({ type: `urn:inforce:problem:${rule}`, title: expect.any(String), status });
  expect(got.body.detail).toEqual(expect.any(String));
  expect(got.text).not.toMatch(/\bat .*\(?(?:file:|\/|node:).*:\d+:\d+/);
}
