import { setImmediate as nextTurn } from 'node:timers/promises';
import { Bell } from './bell.ts';
import type { RecordedBatch } from './decide.ts';
import { decodeJson, type AppendRequest, type EncodedEvent } from './encode.ts';
import { LogUnavailable } from './errors.ts';
import type { LogPage, PageSource } from './pages.ts';
import type { Appended, Filter, ReadOptions, RecordedEvent } from './port.ts';
import type { RestoreLedger } from './restore.ts';

const PAGE = 256;

/** Kept as JSON text, like a durable store does: what a reader changes is never anybody else's. */
interface Row extends EncodedEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly recordedAt: string;
}

/** Rows and the maps to find them by; knows nothing of promises. */
export class MemoryStore implements PageSource, RestoreLedger {
  /** The row at position n is rows[n - 1]. */
  readonly #rows: Row[] = [];
  readonly #streams = new Map<string, Row[]>();
  readonly #ids = new Set<string>();
  readonly #batches = new Map<string, RecordedBatch>();
  readonly #bell = new Bell();
  #newestRecord = 0;
  closed = false;

  get rings(): number {
    return this.#bell.rings;
  }

  async grown(seen: number, signal: AbortSignal): Promise<void> {
    await this.#bell.after(seen, signal);
  }

  holds(id: string): boolean {
    return this.#ids.has(id);
  }

  batchFrom(id: string): RecordedBatch | undefined {
    return this.#batches.get(id);
  }

  newest(stream: string): number | null {
    const rows = this.#streams.get(stream);
    return rows ? rows.length - 1 : null;
  }

  recordedUpTo(): number {
    return this.#newestRecord;
  }

  add({ stream, expectation, events }: AppendRequest, first: number, now: number): Appended {
    this.#newestRecord = Math.max(this.#newestRecord, Math.trunc(now));
    const recordedAt = new Date(this.#newestRecord).toISOString();
    const rows = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, rows);
    for (const [index, event] of events.entries()) {
      const position = BigInt(this.#rows.length + 1);
      const row = { ...event, stream, revision: first + index, position, recordedAt };
      this.#rows.push(row);
      rows.push(row);
      this.#ids.add(event.id);
    }
    const appended = { revision: rows.length - 1, position: this.head(), recordedAt };
    this.#batches.set(events[0].id, { stream, expectation, ids: events.map(({ id }) => id), appended });
    this.#bell.ring();
    return { ...appended, repeated: false };
  }

  head(): bigint {
    this.mustBeOpen();
    return BigInt(this.#rows.length);
  }

  page(after: bigint, filter: Filter | undefined, until?: bigint): LogPage {
    const head = this.head();
    const end = until !== undefined && until < head ? until : head;
    if (after >= end) return { events: [], through: after, atHead: after >= head };
    const start = Number(after);
    const rows = this.#rows.slice(start, Math.min(Number(end), start + PAGE));
    const through = after + BigInt(rows.length);
    return {
      events: rows.filter(({ stream }) => matches(stream, filter)).map(recorded),
      through,
      atHead: through >= head,
    };
  }

  async *streamPages(stream: string, { from = 0, to }: ReadOptions = {}): AsyncGenerator<RecordedEvent[], void> {
    this.mustBeOpen();
    const end = Math.min(to ?? Number.POSITIVE_INFINITY, this.newest(stream) ?? -1) + 1;
    for (let start = Math.max(from, 0); start < end; start += PAGE) {
      this.mustBeOpen();
      yield (this.#streams.get(stream) ?? []).slice(start, Math.min(start + PAGE, end)).map(recorded);
      await nextTurn();
    }
  }

  mustBeOpen(): void {
    if (this.closed) throw new LogUnavailable('The log is closed.');
  }

  close(): void {
    this.closed = true;
    this.#bell.ring();
  }
}

function matches(stream: string, filter: Filter | undefined): boolean {
  return filter?.streamPrefixes?.some((prefix) => stream.startsWith(prefix)) ?? true;
}

function recorded({ data, meta, ...envelope }: Row): RecordedEvent {
  return { ...envelope, data: decodeJson(data), meta: decodeJson(meta) };
}
