import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { type EventLog, type FollowMessage, LogUnavailable, type RecordedEvent } from '#libs/event-log';
import { LogPutBack } from './incident.ts';
import type { Lane } from './lane.ts';

/** What whoever started a follower is told. */
export interface Listening {
  /** A page was taken in. */
  took(lane: Lane, page: readonly RecordedEvent[]): void;
  /** Nothing is left to do just now. True: the lane was taken over, and this follower is done. */
  idle(lane: Lane): boolean;
  settling(lane: Lane, done: number, total: number): void;
  failed(error: unknown): void;
  reconnecting(reason: string): void;
  /** The log answers, and all that it held a moment ago was told of. */
  inTouch(lane: Lane): void;
  /** @throws LogPutBack when the log no longer holds what the lane took in last. */
  verify(lane: Lane): Promise<void>;
  /** The lane goes no further. */
  broken(error: LogPutBack): void;
}

const LONGEST_PAUSE_MS = 5_000;
const SILENCE_MS = 10;
/** How much a page may hold besides its count: large entries fill it sooner. */
const WEIGHT_PER_EVENT = 8;

/** Takes one lane through the log and then along with it, whatever happens, until the signal. */
export class Follower {
  readonly #log: EventLog;
  readonly #lane: Lane;
  readonly #pageSize: number;
  readonly #listening: Listening;

  constructor(log: EventLog, lane: Lane, pageSize: number, listening: Listening) {
    this.#log = log;
    this.#lane = lane;
    this.#pageSize = pageSize;
    this.#listening = listening;
  }

  async run(signal: AbortSignal): Promise<void> {
    let again = false;
    for (let pause = 100; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const before = this.#lane.checkpoint.position;
      try {
        if (again) await this.#listening.verify(this.#lane);
        again = true;
        if ((await this.#catchUp(signal)) || (await this.#follow(signal))) return;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof LogPutBack) return this.#listening.broken(error);
        this.#listening.failed(error);
      }
      if (this.#lane.checkpoint.position > before) pause = 100;
      await delay(pause, undefined, { signal }).catch(() => {});
    }
  }

  /** In bulk to the end of the log. */
  async #catchUp(signal: AbortSignal): Promise<boolean> {
    let page: RecordedEvent[] = [];
    let weight = 0;
    for await (const event of this.#log.readAll({ after: this.#lane.checkpoint.position, signal })) {
      page.push(event);
      weight += weightOf(event);
      if (page.length < this.#pageSize && weight < this.#pageSize * WEIGHT_PER_EVENT) continue;
      await this.#take(page, false);
      page = [];
      weight = 0;
    }
    await this.#take(page, false);
    this.#listening.inTouch(this.#lane);
    return this.#rest(signal);
  }

  /** Live: pages are what has come until nothing more is at hand. Ends with the connection. */
  async #follow(signal: AbortSignal): Promise<boolean> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const following = this.#log.follow({ after: this.#lane.checkpoint.position, signal: both });
    const messages = following[Symbol.asyncIterator]();
    try {
      return await this.#listen(messages, signal);
    } finally {
      stop.abort();
      // A source that waits for its server ends with the signal; nobody waits for that here.
      void messages.return?.().catch(() => {});
    }
  }

  async #listen(messages: AsyncIterator<FollowMessage>, signal: AbortSignal): Promise<boolean> {
    let page: RecordedEvent[] = [];
    let next = messages.next();
    // Whoever stops listening must not leave a rejection behind.
    next.catch(() => {});
    let lost = false;
    for (let bulk = false; ;) {
      const waits = page.length > 0 || this.#lane.bulk;
      const turn = await (waits ? orSilence(next) : next);
      const message = turn?.value;
      if (turn && !turn.done && message) {
        next = messages.next();
        next.catch(() => {});
        if (message.kind === 'reconnecting') this.#listening.reconnecting(message.reason);
        if (lost || message.kind === 'reconnecting') lost = await this.#stillLost(message);
        if (message.kind === 'event') page.push(message.event);
        if (message.kind === 'fellBehind') bulk = true;
        if (message.kind === 'event' && page.length < this.#pageSize) continue;
      }
      const full = page.length >= this.#pageSize;
      await this.#take(page, !full && !bulk);
      page = [];
      if (turn?.done) return false;
      if (message && (message.kind === 'caughtUp' || message.kind === 'checkpoint')) this.#lane.pass(message.position);
      if (full || message?.kind === 'fellBehind' || message?.kind === 'reconnecting') continue;
      bulk = false;
      if (await this.#rest(signal)) return true;
    }
  }

  /** Before anything more is taken in, the log must be the one it was; a server that is not back is asked again. */
  async #stillLost({ kind }: FollowMessage): Promise<boolean> {
    try {
      await this.#listening.verify(this.#lane);
    } catch (error) {
      if (kind === 'reconnecting' && error instanceof LogUnavailable) return true;
      throw error;
    }
    if (kind !== 'reconnecting') this.#listening.inTouch(this.#lane);
    return kind === 'reconnecting';
  }

  async #take(page: readonly RecordedEvent[], settled: boolean): Promise<void> {
    if (page.length === 0) return;
    await this.#lane.take(page, settled);
    this.#listening.took(this.#lane, page);
  }

  async #rest(signal: AbortSignal): Promise<boolean> {
    if (this.#lane.bulk) {
      await this.#lane.settle((done, total) => this.#listening.settling(this.#lane, done, total), signal);
    }
    return this.#listening.idle(this.#lane);
  }
}

/** Not every store says when it has no more: silence says it too. */
async function orSilence<Message>(next: Promise<Message>): Promise<Message | undefined> {
  const turn = await Promise.race([next, nextTurn(undefined)]);
  return turn ?? Promise.race([next, delay(SILENCE_MS, undefined)]);
}

/** By its lists and its longest text: measuring all of it would cost as much as reading it. */
function weightOf({ data }: RecordedEvent): number {
  if (typeof data !== 'object' || data === null || !('summary' in data || 'effects' in data)) return 1;
  const { summary, effects, sources } = data;
  const text = typeof summary === 'string' ? summary.length / 256 : 0;
  return 1 + text + (Array.isArray(effects) ? effects.length : 0) + (Array.isArray(sources) ? sources.length : 0);
}
