import { ERASURE_STREAM, erasureIn, type RecordedEvent } from '#libs/event-log';
import type { Watch } from '../watch.ts';
import { evolveWatch } from './evolve.ts';
import { readWatchEvent, WATCH_STREAMS } from './watch-event.ts';

/** What an event made of a watch. */
export interface WatchTurn {
  readonly before: Watch | undefined;
  readonly after: Watch;
}

/** Every watch as the log gives it, fed in log order. */
export class WatchList {
  readonly #watches = new Map<string, Watch>();

  /** @returns undefined for events of other streams, and for those that change nothing. */
  take(event: RecordedEvent): WatchTurn | undefined {
    if (event.stream === ERASURE_STREAM) this.#erase(event);
    if (!event.stream.startsWith(WATCH_STREAMS)) return undefined;
    const read = readWatchEvent(event);
    const id = event.stream.slice(WATCH_STREAMS.length);
    const before = this.#watches.get(id);
    const after = read && evolveWatch(before, read);
    if (!after || after === before) return undefined;
    this.#watches.set(id, after);
    return { before, after };
  }

  /** What the law wants gone from the log must not live on in memory. */
  #erase(event: RecordedEvent): void {
    const erased = erasureIn(event);
    const id = erased?.stream.startsWith(WATCH_STREAMS) ? erased.stream.slice(WATCH_STREAMS.length) : undefined;
    const watch = id === undefined ? undefined : this.#watches.get(id);
    if (!erased || !watch || watch.address.salted !== erased.salted) return;
    this.#watches.set(watch.id, { ...watch, address: { salted: erased.salted } });
  }

  get(id: string): Watch | undefined {
    return this.#watches.get(id);
  }

  all(): IterableIterator<Watch> {
    return this.#watches.values();
  }

  /** Those of one owner that are not removed, in order of creation. */
  of(owner: string): readonly Watch[] {
    const own = [...this.#watches.values()].filter((watch) => watch.owner === owner && watch.state !== 'removed');
    return own.toSorted((a, b) => (a.createdPosition < b.createdPosition ? -1 : 1));
  }
}
