import type { EventLog } from '#libs/event-log';
import type { ViewsState } from '../state.ts';
import type { Lane } from './lane.ts';
import type { Runner } from './runner.ts';

/** How often the log is asked on its own account: a follower that hangs must not look as if nothing had come. */
const LOOK_MS = 1_000;

/** Measures how far the views are behind the log. */
export class Gauge {
  readonly #log: EventLog;
  readonly #now: () => number;
  #head = 0n;
  #oldest: { readonly position: bigint; readonly recordedAt: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #looked = false;

  constructor(log: EventLog, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  start(position: () => bigint): void {
    this.#timer = setInterval(() => void this.look(position), LOOK_MS).unref();
    void this.look(position);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async look(position: () => bigint): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      this.#head = await this.#log.head();
      this.#looked = true;
      const after = position();
      if (after >= this.#head) this.#oldest = undefined;
      else if (this.#oldest === undefined || this.#oldest.position <= after) this.#oldest = await this.#first(after);
    } catch {
      // Whoever follows the log is told, and says, what is wrong with it.
    } finally {
      this.#looking = false;
    }
  }

  state(runner: Runner): ViewsState {
    const { position, lanes } = runner;
    const { error, lost, incident } = runner.contact;
    const furthest = lanes.reduce(
      (most, { checkpoint }) => (checkpoint.position > most ? checkpoint.position : most),
      0n,
    );
    if (furthest > this.#head) this.#head = furthest;
    const head = this.#head;
    const lane = lanes.find(({ generations }) => generations.some(({ active }) => active)) ?? lanes[0];
    const behind = head > position ? this.#count(head, position, lane) : 0;
    const age = this.#oldest && this.#oldest.position > position ? this.#now() - this.#oldest.recordedAt : 0;
    const alone = lost ? this.#now() - lost.since : 0;
    return {
      position,
      head,
      behind,
      ageMs: Math.max(0, alone, behind > 0 ? age : 0),
      caughtUp: behind === 0 && this.#looked && runner.started && error === null && lost === null,
      rebuilding: this.#rebuilding(lanes, head),
      quarantined: runner.shared.quarantine.list(lanes.flatMap(({ generations }) => generations)),
      error,
      reconnecting: lost?.reason ?? null,
      incident,
    };
  }

  #rebuilding(lanes: readonly Lane[], head: bigint): ViewsState['rebuilding'] {
    const lane = lanes.find(({ generations }) => generations.some(({ built }) => !built));
    if (!lane || head === 0n) return null;
    const view = lane.generations.filter(({ built }) => !built).map((each) => each.view);
    const { applied, position } = lane.checkpoint;
    return { view: view.join(', '), done: applied, total: applied + this.#count(head, position, lane) };
  }

  /** Positions may be further apart than one (KurrentDB's are bytes): then as far as so far. */
  #count(head: bigint, position: bigint, lane: Lane | undefined): number {
    if (head <= position) return 0;
    const { applied = 0, position: reached = 0n } = lane?.checkpoint ?? {};
    const density = applied > 0 && reached > 0n ? Math.min(1, applied / Number(reached)) : 1;
    return Math.max(1, Math.round(Number(head - position) * density));
  }

  async #first(after: bigint): Promise<{ position: bigint; recordedAt: number } | undefined> {
    for await (const { position, recordedAt } of this.#log.readAll({ after, atFirst: 1 })) {
      return { position, recordedAt: Date.parse(recordedAt) };
    }
    return undefined;
  }
}
