import { EventLogError, LogUnavailable, type FollowMessage, type ReadAllOptions } from '#libs/event-log';
import { delayOf } from './attempts.ts';
import type { ClientHolder } from './clients.ts';
import { fromServer, positionOf } from './envelope.ts';
import { classify, logFailure, OutOfTime } from './failure.ts';
import { Feed } from './feed.ts';
import { namesOf, type Reader, type Shared } from './reader.ts';
import { RunningMaximum } from './record-clock.ts';

/** Between two looks at the head while events trickle in, and while nothing does. */
const LOOK_MS = 20;
const IDLE_MS = 2000;
/** Events that a filter passes over are only found by looking. */
const IDLE_FILTERED_MS = 250;
/** Without a filter, progress over other programs' events is told this seldom: it only shortens a later start. */
const LONG_WAY = 16n * 1024n * 1024n;
/** About as many bytes of the log as the events that are held in memory take. */
const FAR = 64n * 1024n;
const MOST_ODD = 5;
/** A look that took too long is given more time after reconnecting: others may have written much since. */
const MOST_DEADLINES = 6;

export interface FollowOptions extends ReadAllOptions {
  readonly signal: AbortSignal;
}

export interface FollowerLife {
  readonly begin: () => void;
  readonly end: () => Promise<void>;
}

/**
 * Follows the log over subscriptions that end: after an error and after a clean end it subscribes again from the last
 * event that was *handled*, which is the last one handed out before the next was asked for. Whether it is caught up it
 * finds out by looking at the head: what the server says of it differs between servers, and comes many times over.
 */
export class Follower {
  readonly #holder: ClientHolder;
  readonly #reader: Reader;
  readonly #shared: Shared;
  readonly #signal: AbortSignal;
  readonly #names: readonly string[];
  readonly #filtered: boolean;
  #feed: Feed | undefined;
  #times: RunningMaximum | undefined;
  /** Everything up to here was handed out; and where to resume, which may lie further on by a checkpoint. */
  #reached: bigint;
  #resume: bigint;
  /** The head at the last look, while it still matters. */
  #target: bigint | undefined;
  #caughtUp = false;
  #toldAt = -1n;
  /** A checkpoint found by looking, to be told before the next message. */
  #passed = false;
  #lookedAt = 0;
  #heardAt = 0;
  #listening = false;
  #failures = 0;
  #odd = 0;

  constructor(holder: ClientHolder, reader: Reader, shared: Shared, { after = 0n, filter, signal }: FollowOptions) {
    this.#holder = holder;
    this.#reader = reader;
    this.#shared = shared;
    this.#signal = signal;
    this.#filtered = filter?.streamPrefixes !== undefined;
    // No stream name holds a control character: nothing matches, and the server still says how far it has looked.
    const names = namesOf(shared.prefix, filter);
    this.#names = names.length > 0 ? names : [`${shared.prefix}\u0001`];
    this.#reached = after;
    this.#resume = after;
  }

  /** `begin` is called when the first message is asked for, and `end` after the last. @throws LogUnusable */
  async *messages({ begin, end }: FollowerLife): AsyncGenerator<FollowMessage, void> {
    begin();
    const stir = (): void => this.#feed?.stir();
    this.#signal.addEventListener('abort', stir);
    try {
      while (!this.#signal.aborted) {
        try {
          for (let message = this.#take(); message && !this.#signal.aborted; message = this.#take()) yield message;
          await this.#turn();
        } catch (error) {
          if (this.#signal.aborted) return;
          yield await this.#lost(error);
        }
      }
    } finally {
      this.#signal.removeEventListener('abort', stir);
      this.#feed?.close();
      await end();
    }
  }

  /** The next message, if there is one without waiting. */
  #take(): FollowMessage | undefined {
    const feed = this.#feed;
    if (!feed || !this.#times) return undefined;
    if (this.#passed) {
      this.#passed = false;
      return { kind: 'checkpoint', position: this.#reached };
    }
    const caughtUp = this.#nowCaughtUp();
    if (caughtUp) return caughtUp;
    if (this.#caughtUp && (feed.full || this.#farBehind(feed))) {
      this.#caughtUp = false;
      return { kind: 'fellBehind' };
    }
    for (let item = feed.take(); item; item = feed.take()) {
      this.#heard();
      if (item.kind === 'checkpoint') {
        if (this.#past(item.position)) return item;
        continue;
      }
      const position = positionOf(item.event);
      // A server may deliver twice around a change of leader.
      if (position <= this.#reached) continue;
      const event = fromServer(item.event, this.#shared.prefix, this.#times);
      this.#reached = this.#resume = position;
      this.#shared.clock.saw(this.#times.newest);
      this.#shared.horizon.saw(event);
      return { kind: 'event', event };
    }
    return undefined;
  }

  /** Much is known to have been written after the next event, and is still on its way. */
  #farBehind({ next }: Feed): boolean {
    return next !== undefined && this.#shared.horizon.position - positionOf(next) > FAR;
  }

  #nowCaughtUp(): FollowMessage | undefined {
    if (this.#target === undefined || this.#reached < this.#target) return undefined;
    this.#target = undefined;
    if (this.#caughtUp && this.#toldAt >= this.#reached) return undefined;
    this.#caughtUp = true;
    this.#toldAt = this.#reached;
    return { kind: 'caughtUp', position: this.#reached };
  }

  /** Takes note of a checkpoint of the server; true when it is worth telling. */
  #past(position: bigint): boolean {
    if (position > this.#resume) this.#resume = position;
    if (!this.#filtered) this.#shared.horizon.wentPast(position);
    if (position <= this.#reached) return false;
    const telling = this.#filtered && position <= this.#shared.horizon.position;
    if (!telling && position - this.#reached < LONG_WAY) return false;
    this.#reached = position;
    return true;
  }

  /** Connects, looks or waits: whichever is next. */
  async #turn(): Promise<void> {
    if (this.#signal.aborted) return;
    const now = performance.now();
    if (!this.#feed) {
      this.#feed = new Feed(this.#holder.get(), this.#reader.notBeforeStart(this.#resume), this.#names);
      this.#heardAt = now;
      await this.#look();
      this.#times ??= new RunningMaximum(await this.#reader.recordedUpTo(this.#reached));
      return;
    }
    if (this.#feed.over) throw this.#feed.over.error;
    const { deadlineMs } = this.#shared.patience;
    const behind = this.#target !== undefined && this.#target > this.#reached;
    if (behind && now - this.#heardAt > deadlineMs) {
      throw new OutOfTime(`nothing came for ${deadlineMs} ms although there is more`);
    }
    const stale = !behind && this.#caughtUp && this.#toldAt >= this.#reached;
    const idle = this.#filtered ? IDLE_FILTERED_MS : IDLE_MS;
    const pause = this.#lookedAt + (stale ? idle : LOOK_MS) - now;
    if (pause <= 0 && (!behind || this.#filtered || now - this.#lookedAt > idle)) return this.#look();
    const rings = this.#shared.horizon.bell.rings;
    if (stale && this.#filtered) void this.#listen(rings);
    await this.#feed.stirred(Math.max(pause, LOOK_MS));
    if (stale && this.#filtered && this.#shared.horizon.bell.rings !== rings) this.#lookedAt = now - idle + LOOK_MS;
  }

  /** Compares with the head, and under a filter looks whether anything that matches lies before it. */
  async #look(): Promise<void> {
    const { patience } = this.#shared;
    const deadlineMs = patience.deadlineMs * Math.min(MOST_DEADLINES, 2 ** this.#failures);
    const once = { ...patience, deadlineMs, giveUpMs: 0 };
    const head = await this.#reader.head(once);
    this.#lookedAt = performance.now();
    this.#target = head;
    if (!this.#filtered || head <= this.#reached || this.#feed?.full) return;
    const waiting = await this.#reader.all(this.#resume, 1, this.#names, once);
    this.#lookedAt = performance.now();
    const [next] = waiting;
    if (next && positionOf(next) <= head) return;
    // Nothing that matches lies between what was handed out and the head.
    this.#heard();
    this.#reached = head;
    if (head > this.#resume) this.#resume = head;
    this.#passed = true;
  }

  /** After a loss: says so, waits a little, and starts anew with another client object. */
  async #lost(error: unknown): Promise<FollowMessage> {
    const failure = classify(error instanceof LogUnavailable ? (error.cause ?? error) : error);
    if (error instanceof EventLogError && !(error instanceof LogUnavailable)) throw error;
    if (failure.kind === 'incompatible' || failure.kind === 'refused') throw logFailure(error);
    this.#odd = failure.kind === 'denied' ? this.#odd + 1 : 0;
    if (this.#odd >= MOST_ODD) throw logFailure(error);
    this.#feed?.close();
    this.#feed = undefined;
    this.#target = undefined;
    this.#caughtUp = false;
    this.#resume = this.#reached;
    this.#shared.horizon.lostTouch();
    if (failure.kind !== 'not-leader') this.#holder.discard(this.#holder.get(), 0);
    this.#failures += 1;
    this.#shared.patience.report(`Following was interrupted (${failure.kind}: ${failure.reason}).`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#failures === 1 ? 0 : delayOf(this.#failures));
      this.#signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
    return { kind: 'reconnecting', reason: failure.reason };
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#failures = 0;
  }

  /** Under a filter, what this process knows to be new may be something to look past. */
  async #listen(rings: number): Promise<void> {
    if (this.#listening) return;
    this.#listening = true;
    await this.#shared.horizon.bell.after(rings, this.#signal);
    this.#listening = false;
    this.#feed?.stir();
  }
}
