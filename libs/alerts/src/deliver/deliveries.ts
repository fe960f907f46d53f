import { setTimeout as pause } from 'node:timers/promises';
import {
  asyncScheduler,
  concatMap,
  defer,
  expand,
  EMPTY,
  filter,
  from,
  fromEvent,
  groupBy,
  ignoreElements,
  lastValueFrom,
  merge,
  mergeMap,
  type Observable,
  of,
  race,
  retry,
  type SchedulerLike,
  Subject,
  take,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { type EventLog, LogUnavailable, uuidv7 } from '#libs/event-log';
import type { RaisedAlert } from '../alert.ts';
import type { Channel } from '../watch.ts';
import { Attempts } from './attempts.ts';
import type { AlertBook, WatchBook } from './books.ts';
import type { Attempted, Sender } from './channel.ts';
import { Outbox } from './outbox.ts';
import { type Outcome, OUTBOX_STREAMS, watchOf } from './outbox-events.ts';
import { Receipts, type ReceiptPage } from './receipts.ts';
import { Schedule } from './schedule.ts';
import { Slots } from './slots.ts';

export interface DeliveriesOptions {
  readonly log: EventLog;
  readonly alerts: AlertBook;
  readonly watches: WatchBook;
  /** Without one for its channel an alert waits. */
  readonly senders: { readonly [Kind in Channel['kind']]?: Sender };
  /** Asked before each attempt: while it says no, alerts wait. */
  readonly outwardEffectsAllowed?: () => boolean | Promise<boolean>;
  /** Tells those apart that share a log. Where only one can write to it, the same name in every life saves a wait. */
  readonly replica?: string;
  readonly schedule?: Schedule;
  /** For how long a claim keeps others away; longer than any attempt takes. */
  readonly leaseMs?: number;
  /** How many watches are served at a time. */
  readonly parallel?: number;
  readonly now?: () => number;
  readonly scheduler?: SchedulerLike;
  readonly report?: (trouble: { readonly message: string; readonly watch?: string; readonly error: unknown }) => void;
}

const LEASE_MS = 60_000;
const PARALLEL = 16;
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [500, 60_000];
/** What is in flight when the service stops may finish in this time; after that it counts as not tried. */
const GRACE_MS = 2000;

/**
 * Tells every watch its alerts: at least once, one after the other. What was sent is in the log, and nothing else is
 * remembered: whoever comes next, after a crash or beside this process, goes on from there.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #scheduler: SchedulerLike;
  readonly #attempts: Attempts;
  readonly #receipts: Receipts;
  readonly #slots: Slots;
  readonly #poked = new Subject<string>();
  /** As `#poked`, without those that are queued. */
  readonly #woken = new Subject<string>();
  readonly #queued = new Set<string>();
  readonly #outboxes = new Map<string, Outbox>();
  readonly #stopping = new AbortController();
  readonly #stopped = new Subject<void>();

  constructor(options: DeliveriesOptions) {
    const { scheduler = asyncScheduler, replica = uuidv7(), now = () => scheduler.now() } = options;
    this.#options = options;
    this.#scheduler = scheduler;
    this.#slots = new Slots(options.parallel ?? PARALLEL);
    const outboxOf = (watch: string): Outbox => this.#outboxOf(watch, replica);
    const { schedule = new Schedule(), leaseMs = LEASE_MS } = options;
    this.#attempts = new Attempts({ ...options, outboxOf, replica, schedule, leaseMs, now });
    this.#receipts = new Receipts(options);
  }

  start(): void {
    const { alerts } = this.#options;
    const { signal } = this.#stopping;
    const turns$ = this.#woken.pipe(
      groupBy((watch) => watch),
      mergeMap((watch$) => watch$.pipe(concatMap((watch) => this.#turn(watch)))),
    );
    // What is pulled from the log is only noted: no watch that is slow can pile it up (docs/decisions/0012).
    const raised$ = defer(() => from(alerts.follow(signal)));
    const replayed$ = defer(() => from(this.#replayRequests(signal)));
    const wakes$ = merge(
      ...[raised$, replayed$].map((each$) => this.#patient(each$.pipe(tap((watch) => this.wake(watch))))),
    );
    merge(this.#slots.served$, turns$, wakes$).pipe(ignoreElements(), takeUntil(this.#stopped)).subscribe();
  }

  /** Looks whether there is something to do: after an alert was raised, and when a watch has changed. */
  wake(watch: string): void {
    this.#poked.next(watch);
    if (this.#queued.has(watch)) return;
    this.#queued.add(watch);
    this.#woken.next(watch);
  }

  /** Sends a test alert at once, once, out of turn, and tells how it went. */
  async test(raised: RaisedAlert): Promise<Attempted> {
    return this.#attempts.test(raised, this.#stopping.signal);
  }

  /** Sends the alerts after this `seq` again, in order. */
  async replay(watch: string, { after, by }: { readonly after: number; readonly by: string }): Promise<void> {
    await this.#attempts.outboxOf(watch).replay(after, by);
    this.wake(watch);
  }

  /** Tries at once, and counts its attempts anew, what waits since another attempt at it failed: it leads elsewhere now. */
  async tryAnew(watch: string, by: string): Promise<void> {
    const outbox = this.#attempts.outboxOf(watch);
    outbox.stale();
    const { cursor, tries } = await outbox.state();
    if (tries > 0) await this.replay(watch, { after: cursor, by });
  }

  /** Attempts of this process, by how they ended. */
  get ended(): Readonly<Record<Outcome, number>> {
    return this.#attempts.ended;
  }

  /** Up to which `seq` the alerts of a watch have ended, as last seen here; 0 where nobody looked yet. */
  cursorOf(watch: string): number {
    return this.#outboxes.get(watch)?.cursor ?? 0;
  }

  async receipts(watch: string, page: { readonly after: number; readonly limit: number }): Promise<ReceiptPage> {
    return this.#receipts.page(watch, page);
  }

  async stop(): Promise<void> {
    this.#stopped.next();
    await Promise.race([this.#slots.idle(), pause(GRACE_MS, undefined, { ref: false })]);
    this.#stopping.abort();
    await this.#slots.idle();
  }

  /** Serves a watch until there is nothing to do; while it waits it holds no slot. */
  #turn(watch: string): Observable<never> {
    const step$ = this.#slots.one(() => this.#attempts.step(watch, this.#stopping.signal));
    return this.#patient(
      defer(() => {
        this.#queued.delete(watch);
        return step$;
      }).pipe(expand((next) => (next === null ? EMPTY : this.#until(next, watch).pipe(concatMap(() => step$))))),
      watch,
    );
  }

  /** A time, unless the watch is woken before. */
  #until(time: number, watch: string): Observable<unknown> {
    const { now = () => this.#scheduler.now() } = this.#options;
    const ms = time - now();
    if (ms <= 0) return of(time);
    const poked$ = this.#poked.pipe(filter((each) => each === watch));
    return race(timer(ms, this.#scheduler), poked$).pipe(take(1));
  }

  /** Whatever fails, be it the log, is tried again, later and later. */
  #patient(work$: Observable<unknown>, watch?: string): Observable<never> {
    const delay = (error: unknown, count: number): Observable<unknown> => this.#pause(error, count, watch);
    return work$.pipe(retry({ delay, resetOnSuccess: true }), ignoreElements());
  }

  #outboxOf(watch: string, replica: string): Outbox {
    const known = this.#outboxes.get(watch);
    if (known) return known;
    const persist = <Result>(append: () => Promise<Result>): Promise<Result> => this.#persist(append, watch);
    const made = new Outbox({ log: this.#options.log, watch, replica, persist });
    this.#outboxes.set(watch, made);
    return made;
  }

  async #persist<Result>(append: () => Promise<Result>, watch: string): Promise<Result> {
    const { signal } = this.#stopping;
    const delay = (error: unknown, count: number): Observable<unknown> => {
      if (!(error instanceof LogUnavailable) || signal.aborted) return throwError(() => error);
      return this.#pause(error, count, watch);
    };
    return lastValueFrom(defer(append).pipe(retry({ delay }), takeUntil(fromEvent(signal, 'abort'))));
  }

  #pause(error: unknown, count: number, watch: string | undefined): Observable<unknown> {
    this.#options.report?.({ message: 'delivery is held up', error, ...(watch !== undefined && { watch }) });
    return timer(Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS), this.#scheduler);
  }

  /** Asked for by another process, or by one that did not live to do it. */
  async *#replayRequests(signal: AbortSignal): AsyncGenerator<string, void> {
    const { log } = this.#options;
    const after = await log.head();
    for await (const message of log.follow({ after, filter: { streamPrefixes: [OUTBOX_STREAMS] }, signal })) {
      if (message.kind !== 'event' || message.event.type !== 'ReplayRequested') continue;
      const watch = watchOf(message.event.stream);
      this.#attempts.outboxOf(watch).stale();
      yield watch;
    }
  }
}
