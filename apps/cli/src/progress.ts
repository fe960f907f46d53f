import type { Screen } from './screen/screen.ts';
import { padded } from './screen/text.ts';

const WIDTH = 30;
/** Often enough to look alive. */
const EVERY_MS = 50;

/** A line that fills while a person waits; nothing where nobody watches. */
export class Progress {
  readonly #stream: { write(text: string): unknown };
  readonly #screen: Screen;
  readonly #what: string;
  #shown = 0;

  constructor(stream: { write(text: string): unknown }, screen: Screen, what: string) {
    this.#stream = stream;
    this.#screen = screen;
    this.#what = what;
  }

  show(done: number, total: number): void {
    const now = performance.now();
    if (!this.#screen.terminal || (this.#shown > 0 && now - this.#shown < EVERY_MS)) return;
    this.#shown = now;
    const filled = Math.round((WIDTH * done) / Math.max(1, total));
    const bar = this.#screen.draws ? padded('━'.repeat(filled), WIDTH) : padded('#'.repeat(filled), WIDTH);
    this.#stream.write(`\r${this.#what}  ${this.#screen.paint(bar, 'cyan')} ${done}/${total}`);
  }

  clear(): void {
    // CSI K erases to the end of the line (ECMA-48 §8.3.41).
    if (this.#shown > 0) this.#stream.write('\r\u001b[K');
    this.#shown = 0;
  }
}
