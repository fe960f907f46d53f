import type { Config } from '#libs/config';
import type { Backend } from './backend/backend.ts';
import type { BackendMode } from './backend/embedded.ts';
import type { WatchBackend } from './backend/watches.ts';
import type { Input } from './line/input.ts';
import { type Screen, screenOf } from './screen/screen.ts';
import { jsonText } from './screen/json.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a command has to work with: where answers go, and where they come from. */
export class Context {
  readonly env: Environment;
  readonly json: boolean;
  readonly screen: Screen;
  readonly errors: Screen;
  readonly #server: string | undefined;
  readonly #key: string | undefined;
  readonly #data: string | undefined;

  constructor(input: Input, env: Environment) {
    const noColour = input.has('no-color');
    this.env = env;
    this.json = input.has('json');
    this.screen = screenOf(process.stdout, env, noColour);
    this.errors = screenOf(process.stderr, env, noColour);
    this.#server = input.option('server');
    this.#key = input.option('key') ?? env['INFORCE_KEY'];
    this.#data = input.option('data');
  }

  get server(): string | undefined {
    return this.#server;
  }

  /** The answer: the body itself with `--json`, else what the view makes of it. */
  answer(body: unknown, view: () => readonly string[]): void {
    process.stdout.write(this.json ? jsonText(body) : `${view().join('\n')}\n`);
  }

  /** What is no answer. */
  tell(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  warn(warnings: readonly string[]): void {
    for (const warning of warnings) this.tell(`${this.errors.paint('warning:', 'yellow', 'bold')} ${warning}`);
  }

  /** The environment that the rest of the program is configured by. */
  environment(): Environment {
    const { INFORCE_KEY: _, ...env } = this.env;
    return this.#data === undefined ? env : { ...env, INFORCE_DATA: this.#data };
  }

  async config(): Promise<Config> {
    const { readConfig } = await import('#libs/config');
    return readConfig(this.environment());
  }

  /** Where to read: the server named, or the embedded log, also beside a server that is running on it. */
  async reading(): Promise<Backend> {
    return this.#server === undefined ? this.#embedded('read') : this.#ask(this.#server);
  }

  async writing(): Promise<Backend> {
    return this.#server === undefined ? this.#embedded('write') : this.#ask(this.#server);
  }

  /** For a first import: makes the log when there is none. */
  async creating(): Promise<Backend> {
    return this.#server === undefined ? this.#embedded('create') : this.#ask(this.#server);
  }

  /** For a dry run: the log as it is, or an empty one; never a lock. */
  async rehearsing(): Promise<Backend> {
    return this.#server === undefined ? this.#embedded('rehearse') : this.#ask(this.#server);
  }

  /** For what has to be sealed: writes where nobody else does, else reads what is sealed already. */
  async sealing(): Promise<Backend> {
    return this.#server === undefined ? this.#embedded('seal') : this.#ask(this.#server);
  }

  /** Where watches are kept. */
  async watches(mode: 'read' | 'write'): Promise<WatchBackend> {
    if (this.#server !== undefined) {
      const { ServerWatches } = await import('./backend/server-watches.ts');
      return new ServerWatches(this.#server, this.#key);
    }
    const { openEmbeddedWatches } = await import('./backend/embedded-watches.ts');
    return openEmbeddedWatches(await this.config(), mode, this.#key);
  }

  async #embedded(mode: BackendMode): Promise<Backend> {
    const { openEmbedded } = await import('./backend/embedded.ts');
    return openEmbedded(await this.config(), mode);
  }

  async #ask(server: string): Promise<Backend> {
    const { ServerBackend } = await import('./backend/server.ts');
    return new ServerBackend(server, this.#key);
  }
}
