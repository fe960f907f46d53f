import { Bell, LogUnavailable, type Filter, type LogPage, type PageSource, type RecordedEvent } from '#libs/event-log';
import type { PageReader } from './page-reader.ts';
import { logFailure } from './sqlite-failure.ts';

/** Where pages come from: the writer's own connection, or a reader's, which has to ask whether the log grew. */
export interface Connection {
  read<Result>(use: (reader: PageReader) => Result): Result;
  /** Absent where commits ring the bell themselves. */
  changed?(): boolean;
}

const POLL_MS = 50;

/** Pages of the log and the news that it grew, over any connection. */
export class SqliteSource implements PageSource {
  readonly #file: string;
  readonly #connection: Connection;
  readonly #bell = new Bell();
  #poll: NodeJS.Timeout | undefined;
  closed = false;

  constructor(file: string, connection: Connection) {
    this.#file = file;
    this.#connection = connection;
  }

  get rings(): number {
    return this.#bell.rings;
  }

  ring(): void {
    this.#bell.ring();
  }

  async grown(seen: number, signal: AbortSignal): Promise<void> {
    if (this.#connection.changed) this.#poll ??= setInterval(() => this.#look(), POLL_MS).unref();
    await this.#bell.after(seen, signal);
    if (this.#bell.waiting === 0) this.#stopLooking();
  }

  head(): bigint {
    return BigInt(this.#read((reader) => reader.head()));
  }

  page(after: bigint, filter: Filter | undefined, until?: bigint): LogPage {
    const page = this.#read((reader) =>
      reader.page(clamp(after), filter, until === undefined ? undefined : clamp(until)),
    );
    const through = page.through > after ? BigInt(page.through) : after;
    return { events: page.events, through, atHead: through >= page.head };
  }

  streamHead(stream: string): number {
    return this.#read((reader) => reader.streamHead(stream));
  }

  streamPage(stream: string, from: number, to: number): readonly RecordedEvent[] {
    return this.#read((reader) => reader.streamPage(stream, from, to));
  }

  mustBeOpen(): void {
    if (this.closed) throw new LogUnavailable(`${this.#file} was closed.`);
  }

  close(): void {
    this.closed = true;
    this.#stopLooking();
    this.#bell.ring();
  }

  #read<Result>(use: (reader: PageReader) => Result): Result {
    this.mustBeOpen();
    try {
      return this.#connection.read(use);
    } catch (error) {
      throw logFailure(error, this.#file);
    }
  }

  #look(): void {
    try {
      if (this.#connection.changed?.()) this.#bell.ring();
    } catch {
      // Whoever waits reads the next page and is told there what is wrong.
      this.#bell.ring();
    }
  }

  #stopLooking(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }
}

/** Positions of other stores may be larger than any number here; nothing comes after them. */
function clamp(position: bigint): number {
  return position > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(position);
}
