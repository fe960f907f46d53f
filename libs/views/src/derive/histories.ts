import type { EventLog, RecordedEvent } from '#libs/event-log';
import { type MatterLogged, readMatterEvent, Unreadable } from '#libs/matter';

/** An event that cannot be taken in. */
export interface Problem {
  readonly position: bigint;
  readonly eventId: string;
  readonly reason: string;
}

/** One matter's events as far as they were read. */
export interface History {
  readonly stream: string;
  /** Those that can be read. */
  readonly events: readonly MatterLogged[];
  readonly unreadable: readonly Problem[];
  /** Of the newest event, readable or not. */
  readonly revision: number;
  readonly recordedAt: string;
  readonly position: bigint;
}

/** Where to stop reading. */
export type Until = { readonly revision: number } | { readonly position: bigint };

// A matter event of 600 bytes of JSON takes about 2.5 kB in memory (measured): some 40 MB.
const MOST_EVENTS = 16_384;

/** Matters' events, those of the latest used ones at hand, the others read again from the log. */
export class Histories {
  readonly #log: EventLog;
  readonly #kept = new Map<string, History>();
  #events = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Adds events that follow what is at hand; otherwise nothing happens. */
  extend(stream: string, events: readonly RecordedEvent[]): void {
    const known = this.#kept.get(stream);
    const [first] = events;
    if (first && known?.revision === first.revision - 1) this.#keep(extended(known, events));
    else if (first?.revision === 0 && !known) this.#keep(extended(nothing(stream), events));
  }

  /** Undefined when the stream has no event by then. `keep`: it may soon be asked for again. */
  async read(stream: string, until: Until, keep = true): Promise<History | undefined> {
    const known = this.#kept.get(stream);
    if (known && 'revision' in until && known.revision === until.revision) return this.#keep(known);
    const usable = known && !beyond(known, until) ? known : nothing(stream);
    const read: RecordedEvent[] = [];
    const to = 'revision' in until ? { to: until.revision } : {};
    for await (const event of this.#log.read(stream, { from: usable.revision + 1, ...to })) {
      if (beyond(event, until)) break;
      read.push(event);
    }
    const history = extended(usable, read);
    if (history.revision < 0) return undefined;
    return !keep || beyond(known ?? history, until) ? history : this.#keep(history);
  }

  #keep(history: History): History {
    const { stream } = history;
    this.#forget(stream);
    this.#kept.set(stream, history);
    this.#events += history.events.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#events <= MOST_EVENTS || oldest === stream) break;
      this.#forget(oldest);
    }
    return history;
  }

  #forget(stream: string): void {
    this.#events -= this.#kept.get(stream)?.events.length ?? 0;
    this.#kept.delete(stream);
  }
}

function nothing(stream: string): History {
  return { stream, events: [], unreadable: [], revision: -1, recordedAt: '', position: 0n };
}

function beyond(reached: { readonly revision: number; readonly position: bigint }, until: Until): boolean {
  return 'revision' in until ? reached.revision > until.revision : reached.position > until.position;
}

function extended(history: History, more: readonly RecordedEvent[]): History {
  const last = more.at(-1);
  if (!last) return history;
  const events = [...history.events];
  const unreadable = [...history.unreadable];
  for (const event of more) {
    const read = attempt(event);
    if ('reason' in read) unreadable.push(read);
    else events.push(read);
  }
  const { revision, recordedAt, position } = last;
  return { stream: history.stream, events, unreadable, revision, recordedAt, position };
}

/** The event read, or why it cannot be. */
export function attempt(event: RecordedEvent): MatterLogged | Problem {
  try {
    return readMatterEvent(event);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { position: event.position, eventId: event.id, reason: `${event.type} cannot be read: ${error.message}` };
  }
}
