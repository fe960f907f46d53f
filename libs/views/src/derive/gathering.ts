import type { RecordedEvent } from '#libs/event-log';
import { decisive, entriesNamed } from './decisive.ts';
import type { History } from './histories.ts';
import type { MatterLogged } from './read-event.ts';

/** Some 80 MB of events at most. */
const MOST_EVENTS = 40_000;

interface Gathered {
  readonly events: MatterLogged[];
  /** Of the entries among them. */
  readonly ids: Set<string>;
  /** The last event seen. */
  last: RecordedEvent;
}

/**
 * What a bulk saw of each matter and its headline and deadlines depend on, so that most matters need not be read again
 * when they are settled. Bounded: what does not fit, or is not that simple, is read again from the log.
 */
export class Gathering {
  readonly #matters = new Map<number, Gathered>();
  #events = 0;

  /** `read` is the event as read, or undefined when it cannot be. */
  see(key: number, event: RecordedEvent, read: MatterLogged | undefined): void {
    const known = this.#matters.get(key);
    const follows = known ? event.revision === known.last.revision + 1 : event.revision === 0;
    if (!read || !follows || read.type === 'EntryCorrected' || read.type === 'EntryRetracted') {
      this.#forget(key);
      return;
    }
    const gathered = known ?? { events: [], ids: new Set(), last: event };
    gathered.last = event;
    if (!known) this.#matters.set(key, gathered);
    if (!('occurredOn' in read.data)) return this.#keep(gathered, read);
    // Recorded again under the same id, an entry takes the place of what is kept.
    if (gathered.ids.has(read.data.id)) return this.#forget(key);
    if (!decisive(read.data)) return;
    gathered.ids.add(read.data.id);
    this.#keep(gathered, read);
  }

  /** As much of a matter's history as it takes; undefined when that is not known here. Gone afterwards. */
  take(key: number, through: bigint): History | undefined {
    const gathered = this.#matters.get(key);
    this.#forget(key);
    if (!gathered || gathered.last.position > through) return undefined;
    const { events, ids, last } = gathered;
    if (!complete(events, ids)) return undefined;
    const { stream, revision, recordedAt, position } = last;
    return { stream, events, unreadable: [], revision, recordedAt, position };
  }

  clear(): void {
    this.#matters.clear();
    this.#events = 0;
  }

  #keep(gathered: Gathered, event: MatterLogged): void {
    gathered.events.push(event);
    this.#events += 1;
    for (const oldest of this.#matters.keys()) {
      if (this.#events <= MOST_EVENTS) break;
      this.#forget(oldest);
    }
  }

  #forget(key: number): void {
    this.#events -= this.#matters.get(key)?.events.length ?? 0;
    this.#matters.delete(key);
  }
}

/** Whether every entry that the effects refer to is here. */
function complete(events: readonly MatterLogged[], ids: ReadonlySet<string>): boolean {
  return events.every(({ data }) => !('effects' in data) || [...entriesNamed(data.effects)].every((id) => ids.has(id)));
}
