import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { EventLog, RecordedEvent } from '#libs/event-log';
import type { EvidenceStore } from './store/evidence-store.ts';

interface Options {
  readonly log: EventLog;
  readonly store: EvidenceStore;
  readonly pageSize: number;
  readonly share: number;
  /** Something was taken in. */
  readonly took: () => void;
}

interface Waiter {
  readonly position: bigint;
  readonly patient: boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export interface Waiting {
  readonly signal?: AbortSignal | undefined;
  /** Nothing is hurried for it. */
  readonly patient?: boolean;
}

/** How long events gather before they are taken in, when nobody waits for them. */
const GATHERING_MS = 50;

/**
 * Brings events from the log into the store, a page at a time. Appends and answers come first: unless somebody waits who is
 * in a hurry, it rests after each page for as long as keeps it within its share of the thread.
 */
export class TakingIn {
  readonly #options: Options;
  readonly #waiters = new Set<Waiter>();
  #page: RecordedEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Ends a rest. */
  #rest = new AbortController();
  /** Ends a follower whose page could not be taken in. */
  #failed: ((reason: unknown) => void) | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Along with the log, until the signal. Throws what cannot be gone over. */
  async follow(signal: AbortSignal): Promise<void> {
    const { log, store, pageSize } = this.#options;
    const broken = new AbortController();
    let failure: unknown;
    this.#failed = (reason) => {
      failure = reason;
      broken.abort();
    };
    this.#page = [];
    const { position: after } = store.end;
    for await (const message of log.follow({ after, signal: AbortSignal.any([signal, broken.signal]) })) {
      if (message.kind === 'event') this.#page.push(message.event);
      if (this.#page.length >= pageSize || (message.kind !== 'event' && this.#waiters.size > 0)) await this.#takePage();
      else if (this.#page.length > 0) this.#timer ??= setTimeout(() => this.#takeGathered(), GATHERING_MS);
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (failure !== undefined) throw failure;
    if (!signal.aborted) this.#take();
  }

  /** Resolves when the follower has come this far. */
  async reach(position: bigint, { signal, patient = false }: Waiting = {}): Promise<void> {
    if (this.#page.length > 0) this.#take();
    if (this.#options.store.end.position >= position) return;
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener('abort', given);
      };
      const given = (): void => waiter.reject(signal?.reason);
      const waiter: Waiter = {
        position,
        patient,
        resolve: () => (end(), resolve()),
        reject: (reason) => (end(), reject(reason instanceof Error ? reason : new Error(String(reason)))),
      };
      this.#waiters.add(waiter);
      signal?.addEventListener('abort', given);
      if (!patient) this.#rest.abort();
    });
  }

  /** Without a follower: reads what is missing, up to a position. */
  async readTo(position: bigint, signal?: AbortSignal): Promise<void> {
    const { log, store, pageSize } = this.#options;
    if (store.end.position >= position) return;
    for await (const event of log.readAll({ after: store.end.position, ...(signal && { signal }) })) {
      if (event.position > position) break;
      this.#page.push(event);
      if (this.#page.length < pageSize) continue;
      this.#take();
      await nextTurn();
    }
    this.#take();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#rest.abort();
    for (const { reject } of this.#waiters) reject(new Error('Evidence was stopped.'));
  }

  #takeGathered(): void {
    this.#timer = undefined;
    try {
      this.#take();
    } catch (error) {
      this.#failed?.(error);
    }
  }

  async #takePage(): Promise<void> {
    const began = performance.now();
    this.#take();
    const { share } = this.#options;
    const rest = (performance.now() - began) * (1 / share - 1);
    if ([...this.#waiters].some(({ patient }) => !patient)) return nextTurn();
    this.#rest = new AbortController();
    await delay(rest, undefined, { signal: this.#rest.signal }).catch(() => {});
  }

  #take(): void {
    const page = this.#page;
    this.#page = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (page.length > 0) this.#options.store.takeIn(page);
    const { position } = this.#options.store.end;
    for (const waiter of this.#waiters) if (waiter.position <= position) waiter.resolve();
    if (page.length > 0) this.#options.took();
  }
}
