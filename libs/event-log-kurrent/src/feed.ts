import {
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type KurrentDBClient,
  type RecordedEvent as Recorded,
} from '@kurrent/kurrentdb-client';

export type FeedItem =
  { readonly kind: 'event'; readonly event: Recorded } | { readonly kind: 'checkpoint'; readonly position: bigint };

/** Events that wait in memory, on either side of the client's transformation. */
const HIGH_WATER = 64;
/** The server says how far it has looked after passing over this many events. */
const SEARCH_WINDOW = 256;
const WINDOWS = 4;

/**
 * One subscription of the client, as items to be taken one by one.
 *
 * The client tells checkpoints by a callback that overtakes the events still in its buffer. But it takes nothing more
 * from the server while the callback is under way: so the callback is held up until the buffer has been emptied, and
 * the checkpoint handed out then, in its place. What the server says of being caught up is not listened to.
 */
export class Feed {
  readonly #subscription: AllStreamSubscription;
  #checkpoint: { readonly position: bigint; readonly taken: () => void } | undefined;
  #wake: (() => void) | undefined;
  /** Why there will be no more: the error, or the clean end that a closing server makes. */
  over: { readonly error: unknown } | undefined;

  constructor(client: KurrentDBClient, after: bigint, names: readonly string[]) {
    const filter = streamNameFilter({
      prefixes: [...names],
      maxSearchWindow: SEARCH_WINDOW,
      checkpointInterval: WINDOWS,
      checkpointReached: (_, { commit }) =>
        new Promise<void>((taken) => {
          this.#checkpoint = { position: commit, taken };
          this.#stir();
        }),
    });
    const fromPosition = after === 0n ? START : { commit: after, prepare: after };
    this.#subscription = client.subscribeToAll({ fromPosition, filter }, { highWaterMark: HIGH_WATER });
    this.#subscription.on('readable', () => this.#stir());
    this.#subscription.on('error', (error: unknown) => this.#end(error));
    this.#subscription.on('end', () => this.#end(new Error('The server ended the subscription')));
    this.#subscription.on('close', () => this.#end(new Error('The subscription was closed')));
  }

  /** More is waiting than fits into the buffer. */
  get full(): boolean {
    return this.#subscription.readableLength >= HIGH_WATER;
  }

  take(): FeedItem | undefined {
    for (;;) {
      const resolved: { readonly event?: Recorded } | null = this.#subscription.read();
      if (resolved?.event) return { kind: 'event', event: resolved.event };
      if (resolved === null) break;
    }
    const checkpoint = this.#checkpoint;
    if (!checkpoint) return undefined;
    this.#checkpoint = undefined;
    checkpoint.taken();
    return { kind: 'checkpoint', position: checkpoint.position };
  }

  /** Resolves when there may be something to take, when it is over, after so many milliseconds, or when interrupted. */
  async stirred(ms: number, interrupt: (wake: () => void) => () => void): Promise<void> {
    if (this.over || this.#checkpoint || this.#subscription.readableLength > 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => done(), ms);
      // Whoever waits for events does not by that keep a process alive.
      timer.unref();
      const release = interrupt(() => done());
      const done = (): void => {
        clearTimeout(timer);
        release();
        this.#wake = undefined;
        resolve();
      };
      this.#wake = done;
    });
  }

  close(): void {
    this.#checkpoint?.taken();
    this.#subscription.unsubscribe().catch(() => {
      // It never came to be: there is nothing to end.
    });
  }

  #end(error: unknown): void {
    this.over ??= { error };
    this.#stir();
  }

  #stir(): void {
    this.#wake?.();
  }
}
