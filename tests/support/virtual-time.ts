import { VirtualTimeScheduler } from 'rxjs';

/** Promises that are ready are worked off between two turns of the event loop; chains of them take a few. */
const TURNS = 12;

/** A clock that stands still, and runs through every timer on its way to another time. */
export class VirtualTime {
  readonly scheduler = new VirtualTimeScheduler();

  constructor(start: string | number) {
    this.scheduler.frame = typeof start === 'number' ? start : Date.parse(start);
  }

  readonly now = (): number => this.scheduler.frame;

  async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async run(ms: number): Promise<void> {
    const until = this.now() + ms;
    for (;;) {
      await this.settle();
      const next = this.scheduler.actions[0];
      if (!next || next.delay > until) break;
      this.scheduler.maxFrames = next.delay;
      this.scheduler.flush();
    }
    this.scheduler.frame = until;
  }
}
