import {
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type KurrentDBClient,
  type RecordedEvent as Recorded,
} from '@kurrent/kurrentdb-client';

export type FeedItem =
  { readonly kind: 'event'; readonly event: Recorded } | { readonly kind: 'checkpoint'; readonly position: bigint };

/** Events that wait in memory: as many here, and as many on either side of the client's transformation. */
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
  /** What came and was not taken yet, from `#next` on. */
  #came: Recorded[] = [];
  #next = 0;
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
          this.stir();
        }),
    });
    const fromPosition = after === 0n ? START : { commit: after, prepare: after };
    this.#subscription = client.subscribeToAll({ fromPosition, filter }, { highWaterMark: HIGH_WATER });
    this.#subscription.on('data', ({ event }: { readonly event?: Recorded }) => event && this.#add(event));
    this.#subscription.on('error', (error: unknown) => this.#end(error));
    this.#subscription.on('end', () => this.#end(new Error('The server ended the subscription')));
    this.#subscription.on('close', () => this.#end(new Error('The subscription was closed')));
  }

  /** More is waiting than fits into memory. */
  get full(): boolean {
    return this.#waiting >= HIGH_WATER;
  }

  /** The event that would be taken next. */
  get next(): Recorded | undefined {
    return this.#came[this.#next];
  }

  take(): FeedItem | undefined {
    const event = this.#came[this.#next];
    if (event) {
      this.#next += 1;
      return { kind: 'event', event };
    }
    this.#came = [];
    this.#next = 0;
    if (this.#subscription.isPaused()) this.#subscription.resume();
    const checkpoint = this.#checkpoint;
    if (!checkpoint || this.#waiting > 0) return undefined;
    this.#checkpoint = undefined;
    checkpoint.taken();
    return { kind: 'checkpoint', position: checkpoint.position };
  }

  /** Resolves when there may be something to take, when it is over, after so many milliseconds, or at `stir`. */
  async stirred(ms: number): Promise<void> {
    if (this.over || this.#next < this.#came.length || (this.#checkpoint && this.#waiting === 0)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.stir(), ms);
      // Whoever waits for events does not by that keep a process alive.
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }

  /** Ends a wait. */
  stir(): void {
    this.#wake?.();
  }

  close(): void {
    this.#checkpoint?.taken();
    this.#subscription.unsubscribe().catch(() => {
      // It never came to be: there is nothing to end.
    });
  }

  #end(error: unknown): void {
    this.over ??= { error };
    this.stir();
  }

  #add(event: Recorded): void {
    this.#came.push(event);
    if (this.#came.length - this.#next >= HIGH_WATER) this.#subscription.pause();
    this.stir();
  }

  get #waiting(): number {
    return this.#came.length - this.#next + this.#subscription.readableLength;
  }
}
