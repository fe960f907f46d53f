// The log behind the stand-in: one array of events with byte positions, as a KurrentDB server numbers them.
import { EventEmitter } from 'node:events';
import { readResponse } from './kurrent-stand-in-messages.ts';

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface Stored extends Proposed {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  /** The answer that carries this event, ready to be sent. */
  readonly response: Buffer;
}

export type Expected = number | 'no-stream' | 'stream-exists' | 'any';

export type Written =
  | { readonly kind: 'success'; readonly revision: number; readonly position: number }
  | { readonly kind: 'wrong'; readonly actual: number | undefined };

/** A system event for every so many of others, so that positions have gaps and filters have something to leave out. */
const SYSTEM_EVERY = 50;

export class StandInLog {
  events: Stored[] = [];
  /** How many events reads of the whole log went through: on a real server, this is what they cost. */
  lookedAt = 0;
  #streams = new Map<string, Stored[]>();
  #ids = new Map<string, Stored>();
  #end = 4096;
  #sinceSystem = 0;
  readonly grown = new EventEmitter<{ grown: [] }>().setMaxListeners(0);

  constructor() {
    this.#system();
  }

  stream(name: string): readonly Stored[] | undefined {
    return this.#streams.get(name);
  }

  /**
   * Judges and writes an append as the server does: under an exact revision it compares the ids that stand there; under
   * `any` and `stream-exists` it looks among the ids it remembers.
   */
  write(stream: string, expected: Expected, proposed: readonly Proposed[]): Written {
    const events = this.#streams.get(stream) ?? [];
    const newest = events.length - 1;
    const before = expected === 'no-stream' ? -1 : expected;
    const repeated =
      typeof before === 'number'
        ? events.slice(before + 1, before + 1 + proposed.length)
        : this.#lately(stream, proposed);
    const last = repeated.at(-1);
    if (last && repeated.length === proposed.length && repeated.every(({ id }, index) => id === proposed[index]?.id)) {
      return { kind: 'success', revision: last.revision, position: last.position };
    }
    const holds = typeof before === 'number' ? before === newest : expected === 'any' || newest >= 0;
    if (!holds) return { kind: 'wrong', actual: newest < 0 ? undefined : newest };
    this.#add(stream, proposed);
    this.#sinceSystem += proposed.length;
    if (this.#sinceSystem >= SYSTEM_EVERY) this.#system();
    this.grown.emit('grown');
    const added = this.#streams.get(stream)?.at(-1);
    return { kind: 'success', revision: added?.revision ?? 0, position: added?.position ?? 0 };
  }

  /** Index of the first event at or after a position. */
  indexAt(position: number): number {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle]?.position ?? Infinity) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets the newest events, as a server does whose acknowledged writes were cut off by a change of leader. */
  rollBack(count: number): readonly Stored[] {
    const lost = this.events.splice(-count);
    for (const { stream, id } of lost) {
      this.#streams.get(stream)?.pop();
      this.#ids.delete(id);
    }
    return lost;
  }

  /** This event, and all after it. */
  rollBackTo(id: string): readonly Stored[] {
    return this.rollBack(this.events.length - this.events.findIndex((event) => event.id === id));
  }

  #lately(stream: string, proposed: readonly Proposed[]): Stored[] {
    const known = proposed.map(({ id }) => this.#ids.get(id));
    return known.filter((event) => event !== undefined).filter((event) => event.stream === stream);
  }

  #add(stream: string, proposed: readonly Proposed[]): void {
    const events = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, events);
    for (const event of proposed) {
      const place = { ...event, stream, revision: events.length, position: this.#end };
      this.#end += 128 + stream.length + event.data.length + event.metadata.length;
      const stored = { ...place, response: readResponse(place) };
      this.events.push(stored);
      events.push(stored);
      this.#ids.set(event.id, stored);
    }
  }

  #system(): void {
    this.#sinceSystem = 0;
    const data = Buffer.from('{"proc-id":1}');
    this.#add('$stats-127.0.0.1:2113', [
      { id: crypto.randomUUID(), type: '$statsCollected', contentType: 'application/json', data, metadata: data },
    ]);
  }
}
