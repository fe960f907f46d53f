import {
  asyncScheduler,
  defer,
  from,
  lastValueFrom,
  merge,
  NEVER,
  retry,
  type SchedulerLike,
  Subject,
  switchMap,
  takeUntil,
  tap,
  throttle,
  timer,
} from 'rxjs';
import { Bell, type EventLog, type FollowMessage } from '#libs/event-log';
import { AlertEngine } from '../plan/engine.ts';
import type { RaisedAlert } from '../alert.ts';
import { unheardOf } from '../plan/unheard.ts';
import type { Watch, WatchFilter } from '../watch.ts';
import { WATCH_STREAMS } from '../watches/watch-event.ts';
import type { WatchList } from '../watches/watch-list.ts';
import { Coverage } from './coverage.ts';
import { DueAlerts } from './due-alerts.ts';
import { RaisedAlerts } from './raised-alerts.ts';
import { Raiser } from './raiser.ts';

export interface AlertingOptions {
  readonly log: EventLog;
  /** Where timers run. Default: the clock of the machine. */
  readonly scheduler?: SchedulerLike;
  /** Epoch ms. Default: the scheduler's. */
  readonly now?: () => number;
  /** Asked before anything is raised; what may not be raised now is raised later. Default: always. */
  readonly outwardEffectsAllowed?: () => boolean;
  /** How often to look at the clock: no timer notices that a machine slept, or that its clock was put forward. */
  readonly lookMs?: number;
  readonly report?: (message: string) => void;
}

export interface AlertingState {
  /** Everything in the log was seen at least once. */
  readonly caughtUp: boolean;
  readonly position: bigint;
  /** Planned, and not seen to be raised. */
  readonly pending: number;
  /** How long ago the oldest of these fell due, in ms; 0 where there is none. */
  readonly lagMs: number;
  /** Why alerts wait; null once they went on. */
  readonly error: string | null;
}

const AGAIN_MS = 5000;
const LOOK_MS = 60_000;

/**
 * The live side of alerts: follows the log, lets the clock run, and raises what falls due. It keeps nothing that the log
 * does not give again, so a restart goes on where the log ends.
 */
export class Alerting {
  readonly raised: RaisedAlerts;
  readonly #log: EventLog;
  readonly #scheduler: SchedulerLike;
  readonly #now: () => number;
  readonly #allowed: () => boolean;
  readonly #lookMs: number;
  readonly #report: (message: string) => void;
  readonly #engine: AlertEngine;
  readonly #raiser: Raiser;
  readonly #coverage: Coverage;
  readonly #due: DueAlerts;
  readonly #wake = new Subject<void>();
  readonly #armed = new Subject<number | null>();
  readonly #stopping = new AbortController();
  readonly #stopped = new Subject<void>();
  readonly #moved = new Bell();
  #running: Promise<unknown> = Promise.resolve();
  #followed: Promise<void> = Promise.resolve();
  #settled: Promise<void> = Promise.resolve();
  #position = 0n;
  #caughtUp = false;
  #error: string | null = null;

  constructor({
    log,
    scheduler = asyncScheduler,
    now,
    outwardEffectsAllowed = () => true,
    lookMs = LOOK_MS,
    report = () => {},
  }: AlertingOptions) {
    this.#log = log;
    this.#scheduler = scheduler;
    this.#now = now ?? (() => scheduler.now());
    this.#allowed = outwardEffectsAllowed;
    this.#lookMs = lookMs;
    this.#report = report;
    this.#engine = new AlertEngine({ report });
    this.#raiser = new Raiser(log, this.#now);
    this.#due = new DueAlerts(this.#raiser);
    this.#coverage = new Coverage(log);
    this.raised = new RaisedAlerts(log);
  }

  get watches(): WatchList {
    return this.#engine.watches;
  }

  /** What a filter names and nothing on record bears, as far as events were taken in: one sentence for each. */
  unheardOf(filter: WatchFilter): readonly string[] {
    return unheardOf(filter, this.#engine.matters());
  }

  get state(): AlertingState {
    const { size: pending, oldest } = this.#due;
    const lagMs = Math.max(0, this.#now() - oldest);
    return { caughtUp: this.#caughtUp, position: this.#position, pending, lagMs, error: this.#error };
  }

  start(): void {
    const following$ = defer(() => from(this.#follow())).pipe(retry({ delay: (error: unknown) => this.#later(error) }));
    // One settling at a time; whatever asks for another meanwhile gets one more, however often it asked.
    const settling$ = this.#wake.pipe(throttle(() => from(this.#settle()), { leading: true, trailing: true }));
    const timers$ = this.#armed.pipe(
      switchMap((at) => this.#timer(at)),
      tap(() => this.#wake.next()),
    );
    const all$ = merge(following$, settling$, timers$).pipe(takeUntil(this.#stopped));
    this.#running = lastValueFrom(all$, { defaultValue: undefined });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopped.next();
    await Promise.allSettled([this.#running, this.#followed, this.#settled]);
  }

  /** Resolves once every event up to a position was taken in; false when the time is up, or it was stopped, before. */
  async reached(position: bigint, signal: AbortSignal): Promise<boolean> {
    const either = AbortSignal.any([signal, this.#stopping.signal]);
    while (this.#position < position && !either.aborted) await this.#moved.after(this.#moved.rings, either);
    return this.#position >= position;
  }

  /** Raises an alert that is none; undefined when it was not seen in time. @throws EventLogError */
  async test(watch: Watch, signal: AbortSignal): Promise<RaisedAlert | undefined> {
    const { id, position } = await this.#raiser.test(watch);
    await this.reached(position, signal);
    const seq = this.raised.seqOf(watch.id, id);
    if (seq === undefined) return undefined;
    for await (const raised of this.raised.after(watch.id, seq - 1)) return raised;
    return undefined;
  }

  /** Of all streams: only then does the position say that nothing at all is on its way. */
  #follow(): Promise<void> {
    const follow = async (): Promise<void> => {
      const { signal } = this.#stopping;
      await this.#begin();
      for await (const message of this.#log.follow({ after: this.#position, signal })) this.#take(message);
    };
    this.#followed = follow();
    return this.#followed;
  }

  async #begin(): Promise<void> {
    const covered = this.#position === 0n ? await this.#coverage.read() : undefined;
    if (covered) this.#engine.resumeFrom(covered);
  }

  #take(message: FollowMessage): void {
    switch (message.kind) {
      case 'event':
        this.#coverage.take(message.event);
        this.#due.add(this.#engine.take(message.event));
        this.#due.raised(this.raised.take(message.event)?.alert.id ?? '');
        if (message.event.stream.startsWith(WATCH_STREAMS)) {
          this.raised.touch(message.event.stream.slice(WATCH_STREAMS.length));
        }
        this.#moveTo(message.event.position);
        return;
      case 'checkpoint':
        this.#moveTo(message.position);
        return;
      case 'caughtUp':
        this.#moveTo(message.position);
        this.#caughtUp = true;
        this.#wake.next();
        return;
      case 'fellBehind':
      case 'reconnecting':
    }
  }

  #moveTo(position: bigint): void {
    if (position > this.#position) this.#position = position;
    this.#moved.ring();
  }

  #settle(): Promise<void> {
    this.#settled = this.#advanceAndRaise().catch((error: unknown) => {
      this.#fail(`Alerts wait, and are raised later: ${String(error)}`);
      this.#armed.next(this.#now() + AGAIN_MS);
    });
    return this.#settled;
  }

  /** The clock runs only over what is known: an event that was recorded by now may be on its way still. */
  async #advanceAndRaise(): Promise<void> {
    const now = this.#now();
    if (!this.#caughtUp || this.#position < (await this.#log.head())) return;
    const position = this.#position;
    this.#error = null;
    this.#due.add(this.#engine.advance(now));
    if (this.#due.size > 0 && this.#allowed()) {
      await this.#due.raise(this.#stopped, (error) => this.#fail(`An alert cannot be raised now: ${String(error)}`));
    }
    if (this.#due.size === 0 && this.#allowed()) await this.#coverage.reach({ position, at: now });
    const next = this.#engine.nextWake();
    this.#armed.next(this.#due.size > 0 ? Math.min(next ?? Infinity, now + AGAIN_MS) : next);
  }

  #fail(message: string): void {
    this.#error = message;
    this.#report(message);
  }

  #timer(at: number | null) {
    if (at === null) return NEVER;
    return timer(Math.min(Math.max(0, at - this.#now()), this.#lookMs), this.#scheduler);
  }

  #later(error: unknown) {
    this.#fail(`Alerts lost touch with the log, and try again: ${String(error)}`);
    return timer(AGAIN_MS, this.#scheduler);
  }
}
