import { setTimeout as pause } from 'node:timers/promises';
import { EventLogError } from '#libs/event-log';
import { classify, logFailure, OutOfTime, type Failure } from './failure.ts';

export interface Patience {
  /** How long one call may take. The client's own deadline is only sent to the server, and not kept here. */
  readonly deadlineMs: number;
  /** How long to go on trying before the caller is told. */
  readonly giveUpMs: number;
  /** Told of everything that was tried again, in one line. */
  readonly report: (line: string) => void;
  /** Once it aborts nothing is tried again: who closes the log must not wait for a server that is gone. */
  readonly closing: AbortSignal;
}

/** Errors that nobody foresaw, and refused credentials: a server that is starting refuses for a moment, too. */
const MOST_ODD = 5;

/** A search may have to pass over much that others wrote: each try is given more time than the last, up to this much. */
export const SEARCH_DEADLINES = 6;

/** The promise, or OutOfTime when it does not settle in time. */
export async function within<Result>(ms: number, what: string, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTime(`${what} took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Counts the tries of one call and says when they are over. */
export class Attempts {
  readonly #patience: Patience;
  readonly #what: string;
  readonly #until: number;
  #odd = 0;
  count = 0;

  constructor(what: string, patience: Patience) {
    this.#what = what;
    this.#patience = patience;
    this.#until = performance.now() + patience.giveUpMs;
  }

  /** The time for this try of a search, in milliseconds. */
  get searchMs(): number {
    return this.#patience.deadlineMs * Math.min(SEARCH_DEADLINES, 2 ** this.count);
  }

  /**
   * Waits before the next try, a little longer each time.
   * @throws LogUnavailable, LogUnusable, TypeError when there is no point in another.
   */
  async next(error: unknown, failure: Failure = classify(error), signal?: AbortSignal): Promise<void> {
    this.count += 1;
    const { kind, reason } = failure;
    if (error instanceof EventLogError) throw error;
    if (kind === 'too-large') throw new TypeError(`${this.#what} is more than the server takes in one append.`);
    if (kind === 'refused' || kind === 'incompatible') throw logFailure(error);
    if (kind === 'unknown' || kind === 'denied') this.#odd += 1;
    const over = this.#odd >= MOST_ODD || performance.now() > this.#until;
    if (over || signal?.aborted || this.#patience.closing.aborted) throw logFailure(error);
    this.#patience.report(`${this.#what} failed (${kind}: ${reason}) and is tried again.`);
    await pause(delayOf(this.count));
  }
}

/** 50 ms doubled up to 1 s, and somewhere below it at random, so that replicas do not come back all at once. */
export function delayOf(count: number): number {
  const most = Math.min(1000, 25 * 2 ** count);
  return most / 2 + (Math.random() * most) / 2;
}
