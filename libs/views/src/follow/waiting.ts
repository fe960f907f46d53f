import type { Waited } from '../state.ts';

interface Waiter {
  readonly position: bigint;
  readonly done: (waited: Waited) => void;
}

/** Those who wait for a position. */
export class Waiting {
  readonly #waiters = new Set<Waiter>();
  #reached = 0n;
  #stopped = false;

  reached(position: bigint): void {
    this.#reached = position;
    for (const waiter of this.#waiters) if (waiter.position <= position) waiter.done('reached');
  }

  stop(): void {
    this.#stopped = true;
    for (const waiter of this.#waiters) waiter.done('stopped');
  }

  async until(position: bigint, timeoutMs: number, signal?: AbortSignal): Promise<Waited> {
    if (this.#reached >= position) return 'reached';
    if (this.#stopped || signal?.aborted) return 'stopped';
    return new Promise((resolve) => {
      const aborted = (): void => waiter.done('stopped');
      const timer = setTimeout(() => waiter.done('timed-out'), timeoutMs);
      const waiter: Waiter = {
        position,
        done: (waited) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', aborted);
          this.#waiters.delete(waiter);
          resolve(waited);
        },
      };
      this.#waiters.add(waiter);
      signal?.addEventListener('abort', aborted);
    });
  }
}
