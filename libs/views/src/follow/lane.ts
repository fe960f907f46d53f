import { setImmediate as nextTurn } from 'node:timers/promises';
import { pin, type RecordedEvent } from '#libs/event-log';
import { derive, type Derived } from '../derive/derive.ts';
import { Gathering } from '../derive/gathering.ts';
import { attempt, type Histories } from '../derive/histories.ts';
import { MATTER_STREAMS } from '#libs/matter';
import { type Checkpoint, type Generation, type Generations } from '../store/generations.ts';
import type { ViewName } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';
import type { Now } from '../store/now.ts';
import type { Origin } from '../store/origin.ts';
import type { Quarantine } from '../store/quarantine.ts';
import type { Streams } from '../store/streams.ts';
import { Marks } from './marks.ts';

/** What lanes share. */
export interface Shared {
  readonly db: Database;
  readonly generations: Generations;
  readonly streams: Streams;
  readonly histories: Histories;
  readonly now: Now;
  readonly quarantine: Quarantine;
  readonly origin: Origin;
  /** The table of each view that answers. */
  readonly tables: Record<ViewName, string>;
}

interface Settled {
  readonly key: number;
  readonly derived: Derived;
  readonly since: number;
}

/** Matters settled in one transaction of a bulk. */
const BATCH = 64;

/**
 * Generations that have come equally far and go on through the log together: rows and checkpoints in one transaction
 * per page. In bulk, what depends on a matter as a whole is left for the end: working it out again on every page would
 * cost the square of the log.
 */
export class Lane {
  readonly #shared: Shared;
  readonly generations: Generation[];
  #checkpoint: Checkpoint;
  /** Some matters' derived rows lag behind the checkpoint. */
  #bulk: boolean;
  #complete: bigint;
  readonly #marks: Marks;
  readonly #gathering = new Gathering();

  constructor(shared: Shared, generations: readonly Generation[], checkpoint: Checkpoint) {
    this.#shared = shared;
    this.generations = [...generations];
    this.#checkpoint = checkpoint;
    this.#marks = new Marks(shared.db, this.generations);
    this.#bulk = checkpoint.position === 0n || this.#marks.next(1).length > 0;
    this.#complete = this.#bulk ? 0n : checkpoint.position;
  }

  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  /** Everything up to here is in the rows, derived ones included. */
  get complete(): bigint {
    return this.#complete;
  }

  get bulk(): boolean {
    return this.#bulk;
  }

  /** Takes a page in. `settled`: with all that depends on its matters as a whole. */
  async take(page: readonly RecordedEvent[], settled: boolean): Promise<void> {
    const mine = page.filter(({ stream }) => stream.startsWith(MATTER_STREAMS));
    const now = settled && !this.#bulk;
    const derived = now ? await this.#derived(mine) : [];
    const last = page.at(-1);
    if (!last) return;
    const { position } = last;
    const event = pin(last);
    const [first] = this.#checkpoint.applied === 0 ? page : [];
    this.#commit({ position, event, applied: this.#checkpoint.applied + page.length }, () => {
      if (first) this.#shared.origin.note(first);
      for (const each of mine) this.#take(each, !now);
      for (const each of derived) this.#settle(each.stream, each);
    });
    if (now) this.#complete = position;
    else this.#bulk = true;
  }

  /** Nothing of interest came up to a position. */
  pass(position: bigint): void {
    if (position <= this.#checkpoint.position) return;
    this.#commit({ ...this.#checkpoint, position }, () => {});
    if (!this.#bulk) this.#complete = position;
  }

  /** Ends a bulk: settles every matter that lags. */
  async settle(progress: (done: number, total: number) => void, signal: AbortSignal): Promise<void> {
    const total = this.#marks.count();
    for (let done = 0; ;) {
      const keys = this.#marks.next(BATCH);
      const last = keys.at(-1);
      if (last === undefined) break;
      signal.throwIfAborted();
      const settled = await this.#derivedOf(keys);
      this.#commit(this.#checkpoint, () => {
        for (const each of settled) this.#settleKey(each);
        this.#marks.clear(last);
      });
      done += keys.length;
      progress(done, total);
      await nextTurn();
    }
    this.#shared.db.transaction(() => {
      for (const generation of this.generations) if (!generation.built) this.#shared.generations.finish(generation);
    });
    for (const generation of this.generations) generation.built = true;
    this.#bulk = false;
    this.#complete = this.#checkpoint.position;
    this.#marks.forget();
    this.#gathering.clear();
  }

  /** Takes over another lane's generations, which have come exactly as far. */
  adopt(other: Lane, gone: ReadonlySet<Generation>): void {
    const all = [...this.generations, ...other.generations.splice(0)].filter((each) => !gone.has(each));
    this.generations.splice(0, this.generations.length, ...all);
  }

  #take(event: RecordedEvent, mark: boolean): void {
    const read = attempt(event);
    const key = this.#shared.streams.key(event.stream, event.position);
    const readable = !('reason' in read);
    if (readable) for (const { writer } of this.generations) writer.take(key, read);
    if (!mark) return;
    this.#marks.add(key, readable ? read : undefined);
    this.#gathering.see(key, event, readable ? read : undefined);
  }

  async #derived(events: readonly RecordedEvent[]): Promise<(Omit<Settled, 'key'> & { readonly stream: string })[]> {
    const settled: (Omit<Settled, 'key'> & { readonly stream: string })[] = [];
    for (const [stream, its] of Map.groupBy(events, (event) => event.stream)) {
      this.#shared.histories.extend(stream, its);
      const history = await this.#shared.histories.read(stream, { revision: its.at(-1)?.revision ?? 0 });
      if (history) settled.push({ stream, derived: derive(history), since: its[0]?.revision ?? 0 });
    }
    return settled;
  }

  async #derivedOf(keys: readonly number[]): Promise<Settled[]> {
    const settled: Settled[] = [];
    const { position } = this.#checkpoint;
    for (const key of keys) {
      const gathered = this.#gathering.take(key, position);
      const quick = gathered && derive(gathered);
      // Whatever is wrong with a matter is found out on the whole of it.
      const derived = quick?.problems.length === 0 ? quick : await this.#derivedWhole(key, position);
      if (derived) settled.push({ key, derived, since: 0 });
    }
    return settled;
  }

  async #derivedWhole(key: number, position: bigint): Promise<Derived | undefined> {
    const { histories, streams } = this.#shared;
    const history = await histories.read(streams.name(key), { position }, false);
    return history && derive(history);
  }

  #settle(stream: string, settled: Omit<Settled, 'key'>): void {
    this.#settleKey({ ...settled, key: this.#shared.streams.key(stream, 0n) });
  }

  #settleKey({ key, derived, since }: Settled): void {
    const { now, quarantine, tables } = this.#shared;
    for (const generation of this.generations) {
      const { writer, active, view } = generation;
      writer.settle(key, derived, since);
      quarantine.put(generation, key, derived.problems);
      if (active && (view === 'matters' || view === 'deadlines')) now.forget(key, tables.matters);
    }
  }

  /** One transaction: the work and every checkpoint, or neither. */
  #commit(to: Checkpoint, work: () => void): void {
    const { db, generations, streams } = this.#shared;
    const from = this.#checkpoint.position;
    try {
      db.transaction(() => {
        work();
        for (const generation of this.generations) generations.advance(generation, from, to);
      });
    } catch (error) {
      // What a rolled-back transaction taught about keys and marks is not in the file.
      streams.forget();
      this.#marks.forget();
      this.#gathering.clear();
      throw error;
    }
    this.#checkpoint = to;
  }
}
