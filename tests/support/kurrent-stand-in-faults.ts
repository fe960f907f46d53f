import { setTimeout as pause } from 'node:timers/promises';

/** What the stand-in can be told to do wrong. */
export type Fault =
  /** Takes an append and neither writes nor answers. */
  | 'silent-append'
  /** Ends the append stream without an answer and without an error. */
  | 'half-close-append'
  /** Says that another node leads. */
  | 'not-leader'
  /** Says so of a read or a subscription. */
  | 'not-leader-read'
  /** Says that the expectation does not hold, and writes nothing. */
  | 'wrong-version'
  /** Writes, and says that the expectation does not hold. */
  | 'wrong-version-after-write'
  /** Writes, and never answers. */
  | 'lost-answer'
  /** Writes, and is gone before it answers. */
  | 'kill-after-write'
  /** Refuses to say what it supports, which the client never asks again. */
  | 'poison'
  /** Takes a read or a subscription and never answers. */
  | 'silent-read'
  /** Breaks a subscription off after a few events. */
  | 'break-subscription'
  /** Ends a subscription after a few events, without an error. */
  | 'end-subscription'
  /** Stops in the middle of a subscription and says nothing more. */
  | 'stall-subscription'
  /** Does not let the user in. */
  | 'denied'
  /** Sends a message that cannot be parsed. */
  | 'garbled';

export class KurrentStandInFaults {
  readonly #due = new Map<Fault, number>();
  /** First ids of the writes that have not reached the other nodes. */
  readonly #replicating = new Set<string>();
  /** Milliseconds before an append or a read is answered. */
  slowMs = 0;
  /** Until a write has reached the other nodes it is not answered, and a repeat of it is dropped without a word. */
  replicatingMs = 0;
  /** Delivers every event to a subscription twice. */
  duplicate = false;
  /** Events that a subscription gets before it is broken off, ended or stalled. */
  afterEvents = 5;

  /** The next so many times. */
  next(fault: Fault, times = 1): void {
    this.#due.set(fault, times);
  }

  take(fault: Fault): boolean {
    const left = this.#due.get(fault) ?? 0;
    if (left > 0) this.#due.set(fault, left - 1);
    return left > 0;
  }

  isReplicating(id: string): boolean {
    return this.#replicating.has(id);
  }

  async replicate(id: string): Promise<void> {
    if (this.replicatingMs === 0) return;
    this.#replicating.add(id);
    await pause(this.replicatingMs);
    this.#replicating.delete(id);
  }
}
