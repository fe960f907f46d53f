import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { decodeJson, LogUnusable, type RecordedEvent } from '#libs/event-log';
import { uuidFromBytes } from './uuid-bytes.ts';

export const COLUMNS = 'events.position, events.stream, revision, events.id, type, schema, recorded_at, data, meta';
const MOST_NAMES = 10_000;

export interface Decoded {
  readonly events: RecordedEvent[];
  readonly characters: number;
  /** There were more rows, and the next of them is damaged. */
  readonly cut: boolean;
}

/** Turns rows of COLUMNS, as arrays, into events. Remembers stream names and the last timestamp between rows. */
export class RowDecoder {
  readonly #name: StatementSync;
  readonly #names = new Map<number, string>();
  readonly #file: string;
  #millisecond = Number.NaN;
  #recordedAt = '';

  constructor(db: DatabaseSync, file: string) {
    this.#file = file;
    this.#name = db.prepare('SELECT name FROM streams WHERE id = ?');
  }

  /** Up to the first row that is damaged; throws when that is the first of all. */
  decode(rows: readonly Record<number, SQLOutputValue>[]): Decoded {
    let characters = 0;
    const events: RecordedEvent[] = [];
    try {
      for (const row of rows) {
        const data = text(row[7]);
        const meta = text(row[8]);
        characters += data.length + meta.length;
        events.push({
          id: uuidFromBytes(bytes(row[3])),
          type: text(row[4]),
          schema: whole(row[5]),
          data: this.#json(data, row[0]),
          meta: this.#json(meta, row[0]),
          stream: this.#streamName(whole(row[1])),
          revision: whole(row[2]),
          position: BigInt(whole(row[0])),
          recordedAt: this.#time(whole(row[6])),
        });
      }
    } catch (error) {
      // What is whole is handed out first: the next page begins with the damage, and fails.
      if (events.length === 0) throw error;
    }
    return { events, characters, cut: events.length < rows.length };
  }

  #json(value: string, position: SQLOutputValue | undefined): RecordedEvent['data'] {
    try {
      return decodeJson(value);
    } catch (error) {
      throw new LogUnusable(`${this.#file} is damaged: the event at position ${String(position)} is not JSON.`, {
        cause: error,
      });
    }
  }

  #streamName(id: number): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const name = text(this.#name.get(id)?.['name']);
    if (this.#names.size >= MOST_NAMES) this.#names.clear();
    this.#names.set(id, name);
    return name;
  }

  #time(millisecond: number): string {
    if (millisecond !== this.#millisecond) {
      this.#millisecond = millisecond;
      this.#recordedAt = new Date(millisecond).toISOString();
    }
    return this.#recordedAt;
  }
}

/** A column as a whole number; positions stay far below 2^53. */
export function whole(value: SQLOutputValue | undefined): number {
  return typeof value === 'number' ? value : unexpected('a number');
}

export function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : unexpected('text');
}

export function bytes(value: SQLOutputValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : unexpected('bytes');
}

function unexpected(what: string): never {
  throw new LogUnusable(`The log is damaged: a column does not hold ${what}.`);
}
