import type { ServerResponse } from 'node:http';
import {
  catchError,
  defer,
  EMPTY,
  finalize,
  from,
  fromEvent,
  ignoreElements,
  interval,
  lastValueFrom,
  merge,
  type Observable,
  of,
  share,
  takeUntil,
  tap,
} from 'rxjs';
import { encodePosition, EventLog, type RecordedEvent } from '#libs/event-log';
import { eventAnswer } from '#libs/register';
import type { Lifetime } from '../composition/lifetime.ts';
import { EventChannel } from './event-channel.ts';
import { type LiveEvent, LiveTail } from './live-tail.ts';
import { MATTER_STREAMS } from './log-reader.ts';

const HEARTBEAT_MS = 15_000;
const MOST_FEEDS = 2000;

export interface FeedOptions {
  readonly after: bigint;
  /** Only this stream; absent: every matter's. */
  readonly stream?: string;
  /** Asked before each event: whoever listens may have lost the right to. */
  readonly isMeant?: (() => boolean) | undefined;
}

/** Live events to those who listen: caught up from the log, then as they are recorded. */
export class EventFeed {
  readonly #log: EventLog;
  readonly #lifetime: Lifetime;
  readonly #tail: LiveTail;
  readonly #heartbeat$ = interval(HEARTBEAT_MS).pipe(share());
  #open = 0;

  constructor(log: EventLog, lifetime: Lifetime) {
    this.#log = log;
    this.#lifetime = lifetime;
    this.#tail = new LiveTail({ log, prefix: MATTER_STREAMS, frameOf, signal: lifetime.signal });
  }

  get open(): number {
    return this.#open;
  }

  get full(): boolean {
    return this.#open >= MOST_FEEDS;
  }

  /** Writes events until the client is gone, or its key, or the service stops. */
  async serve(response: ServerResponse, options: FeedOptions): Promise<void> {
    const channel = new EventChannel(response);
    const gone$ = merge(fromEvent(response, 'close'), fromEvent(response, 'error'));
    const heartbeat$ = this.#heartbeat$.pipe(tap(() => channel.beat()));
    this.#open += 1;
    const feed$ = merge(this.#delivered(channel, options), heartbeat$).pipe(
      takeUntil(merge(gone$, this.#stopped())),
      ignoreElements(),
      finalize(() => {
        this.#open -= 1;
        channel.end();
      }),
    );
    await lastValueFrom(feed$, { defaultValue: undefined });
  }

  /** Unsubscribing ends the delivery; so does the log's end, and then the feed's, for the client to come back. */
  #delivered(channel: EventChannel, options: FeedOptions): Observable<never> {
    return defer(() => {
      const ending = new AbortController();
      const delivery = this.#deliver(channel, options, ending.signal).finally(() => channel.end());
      return from(delivery).pipe(finalize(() => ending.abort()));
    }).pipe(
      catchError(() => EMPTY),
      ignoreElements(),
    );
  }

  /**
   * From the log until nothing is left there, and then with all the others. A client that is too slow for that goes back
   * to the log, whose pages wait for it (docs/decisions/0012): nothing is queued for anybody.
   */
  async #deliver(channel: EventChannel, options: FeedOptions, signal: AbortSignal): Promise<void> {
    await this.#tail.ready();
    let position = options.after;
    while (!signal.aborted) {
      position = await this.#catchUp(channel, { ...options, after: position }, signal);
      if (position < this.#tail.position) continue;
      position = await this.#listen(channel, { ...options, after: position }, signal);
      await channel.room();
    }
  }

  /** Answers the position up to which everything has been sent. */
  async #catchUp(
    channel: EventChannel,
    { after, stream, isMeant = () => true }: FeedOptions,
    signal: AbortSignal,
  ): Promise<bigint> {
    let position = await this.#log.head();
    const filter = { streamPrefixes: [stream ?? MATTER_STREAMS] };
    for await (const event of this.#log.readAll({ after, filter, signal })) {
      if (event.position > position) position = event.position;
      // The filter is a prefix: matter-us also begins matter-us-tiktok.
      if (stream !== undefined && event.stream !== stream) continue;
      if (!isMeant()) throw revoked();
      await channel.send(frameOf(event));
    }
    return position > after ? position : after;
  }

  /** Until the client has no room for more; answers the position of what it got last. */
  async #listen(
    channel: EventChannel,
    { after, stream, isMeant = () => true }: FeedOptions,
    signal: AbortSignal,
  ): Promise<bigint> {
    const { promise, resolve, reject } = Promise.withResolvers<bigint>();
    let position = after;
    const take = (event: LiveEvent): void => {
      if (event.position <= position) return;
      position = event.position;
      if (stream !== undefined && event.stream !== stream) return;
      const meant = isMeant();
      if (meant && channel.write(event.frame)) return;
      // At once: the next event may come before whoever waits for the answer goes on.
      this.#tail.leave(listener);
      if (meant) resolve(position);
      else reject(revoked());
    };
    const listener = { take, end: () => reject(new Error('The log was closed.')) };
    const leave = (): void => resolve(position);
    signal.addEventListener('abort', leave);
    this.#tail.join(listener);
    try {
      return await promise;
    } finally {
      this.#tail.leave(listener);
      signal.removeEventListener('abort', leave);
    }
  }

  #stopped(): Observable<unknown> {
    return this.#lifetime.over ? of(true) : fromEvent(this.#lifetime.signal, 'abort');
  }
}

const revoked = (): Error => new Error('The key was revoked.');

function frameOf(event: RecordedEvent): string {
  return `id: ${encodePosition(event.position)}\ndata: ${JSON.stringify(eventAnswer(event))}\n\n`;
}
