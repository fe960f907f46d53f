import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const writer = 'event-log-writer.ts';

const running = new Set<WritingProcess>();

/** For afterEach: a failed test leaves no process behind. */
export async function killAll(): Promise<void> {
  for (const each of running) await each.kill();
}

/** Another process that writes to the log in `file`. */
export class WritingProcess {
  readonly #child;
  readonly #lines: string[] = [];
  readonly #waiting: ((line: string) => void)[] = [];
  readonly #ended: Promise<unknown>;
  #errors = '';

  /** `script` is a neighbour of this file. */
  constructor(file: string, mode: 'forever' | 'commands', script = writer) {
    const path = new URL(script, import.meta.url).pathname;
    this.#child = spawn(process.execPath, ['--conditions=inforce:source', path, file, mode]);
    // 'close' comes after the pipes are drained: nothing it said is missed.
    this.#ended = once(this.#child, 'close').finally(() => running.delete(this));
    running.add(this);
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const take = this.#waiting.shift();
      if (take) take(line);
      else this.#lines.push(line);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get errors(): string {
    return this.#errors;
  }

  /** The next line it says. */
  async line(): Promise<string> {
    return this.#lines.shift() ?? (await new Promise<string>((resolve) => this.#waiting.push(resolve)));
  }

  async command(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`);
    return this.line();
  }

  async closeInput(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  /** Ends it as a power cut would, and answers what it had said by then and nobody took. */
  async kill(): Promise<readonly string[]> {
    this.#child.kill('SIGKILL');
    await this.#ended;
    return this.#lines;
  }
}
