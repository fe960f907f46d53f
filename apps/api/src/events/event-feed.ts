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
  takeUntil,
  tap,
} from 'rxjs';
import type { EventLog } from '#libs/event-log';
import type { Lifetime } from '../composition/lifetime.ts';
import { EventChannel } from './event-channel.ts';
import { type Frame, LiveTail } from './live-tail.ts';

const HEARTBEAT_MS = 15_000;
const MOST_FEEDS = 2000;

export interface FeedOptions {
  readonly after: bigint;
  /** Only this stream; absent: every matter's. */
  readonly stream?: string;
}

/** Live events to those who listen: caught up from the log, then as they are recorded. */
export class EventFeed {
  readonly #tail: LiveTail;
  readonly #lifetime: Lifetime;
  #open = 0;

  constructor(log: EventLog, lifetime: Lifetime) {
    this.#tail = new LiveTail(log, lifetime);
    this.#lifetime = lifetime;
  }

  get open(): number {
    return this.#open;
  }

  get full(): boolean {
    return this.#open >= MOST_FEEDS;
  }

  /** Writes events until the client is gone or the service stops. */
  async serve(response: ServerResponse, options: FeedOptions): Promise<void> {
    const channel = new EventChannel(response);
    const gone$ = merge(fromEvent(response, 'close'), fromEvent(response, 'error'));
    const heartbeat$ = interval(HEARTBEAT_MS).pipe(tap(() => channel.beat()));
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

  /** Positions as they are delivered. Unsubscribing ends the following. */
  #delivered(channel: EventChannel, options: FeedOptions): Observable<bigint> {
    return defer(() => {
      const { signal, abort } = controller();
      return from(deliver(this.#tail.frames({ ...options, signal }), channel)).pipe(finalize(abort));
    }).pipe(
      // The log was closed under the feed: the client comes back and goes on where it was.
      catchError(() => EMPTY),
    );
  }

  #stopped(): Observable<unknown> {
    return this.#lifetime.over ? of(true) : fromEvent(this.#lifetime.signal, 'abort');
  }
}

/**
 * Delivers inside the iteration: `from` pulls an async iterable as fast as it gives, whatever a later operator waits for,
 * and a slow client would have the whole log queued before it.
 */
async function* deliver(frames: AsyncIterable<Frame>, channel: EventChannel): AsyncGenerator<bigint, void> {
  for await (const { position, text } of frames) {
    await channel.send(text);
    yield position;
  }
}

function controller(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const made = new AbortController();
  return { signal: made.signal, abort: () => made.abort() };
}
