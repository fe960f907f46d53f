import { encodeAppend } from './encode.ts';
import { judge } from './decide.ts';
import { flatten } from './flatten.ts';
import { MemoryStore } from './memory-store.ts';
import { followPages, newestOf, pagesOf } from './pages.ts';
import {
  EventLog,
  type Appended,
  type Expectation,
  type FollowMessage,
  type NewEvent,
  type ReadAllOptions,
  type ReadOptions,
  type RecordedEvent,
  type RestoredEvent,
} from './port.ts';
import { encodeRestored, restoreInto } from './restore.ts';

/** The whole log in memory. Complete; durable only as long as the process. */
export class MemoryEventLog extends EventLog {
  readonly #store: MemoryStore;
  readonly #now: () => number;

  constructor({ now = Date.now }: { readonly now?: () => number } = {}) {
    super();
    this.#now = now;
    this.#store = new MemoryStore();
  }

  override async append(stream: string, expectation: Expectation, events: readonly NewEvent[]): Promise<Appended> {
    const request = encodeAppend(stream, expectation, events);
    this.#store.mustBeOpen();
    const verdict = judge(request, this.#store);
    return verdict.kind === 'repeat' ? verdict.appended : this.#store.add(request, verdict.revision, this.#now());
  }

  override async restore(events: readonly RestoredEvent[]): Promise<void> {
    const encoded = events.map(encodeRestored);
    this.#store.mustBeOpen();
    restoreInto(this.#store, encoded);
  }

  override read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent> {
    return flatten(() => this.#store.streamPages(stream, options), options?.signal);
  }

  override readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent> {
    return flatten(() => pagesOf(this.#store, options), options?.signal);
  }

  override follow(options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncIterable<FollowMessage> {
    return followPages(this.#store, options);
  }

  override async head(): Promise<bigint> {
    return this.#store.head();
  }

  override async newest(): Promise<RecordedEvent | undefined> {
    return newestOf(this.#store);
  }

  override async close(): Promise<void> {
    this.#store.close();
  }
}
