import type { CopyProgress } from '../copying/copy-log.ts';
import type { Screen } from '../screen/screen.ts';

/** Often enough to look alive, and on paper not more than somebody would read. */
const [SCREEN_MS, PAPER_MS] = [100, 10_000];
const words = { comparing: 'compared', copying: 'copied', verifying: 'read again' } as const;

/** How far a copy has come: one line that changes, or now and then a line where nobody watches. */
export class CopyLine {
  readonly #stream: { write(text: string): unknown };
  readonly #screen: Screen;
  #shown = performance.now();
  #open = false;

  constructor(stream: { write(text: string): unknown }, screen: Screen) {
    this.#stream = stream;
    this.#screen = screen;
  }

  show({ phase, events }: CopyProgress): void {
    const { terminal } = this.#screen;
    const now = performance.now();
    if (now - this.#shown < (terminal ? SCREEN_MS : PAPER_MS)) return;
    this.#shown = now;
    const line = `${events} events ${words[phase]}`;
    this.#open = terminal;
    this.#stream.write(terminal ? `\r\u001b[K${line}` : `${line}\n`);
  }

  end(): void {
    if (this.#open) this.#stream.write('\r\u001b[K');
    this.#open = false;
  }
}
