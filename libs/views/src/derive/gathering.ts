import type { RecordedEvent } from '#libs/event-log';
import { decisive, entriesNamed } from './decisive.ts';
import type { History } from './histories.ts';
import type { MatterLogged } from '#libs/matter';

/** Events and matters: some 50 MB at most. */
const MOST = 40_000;

interface Gathered {
  readonly events: MatterLogged[];
  /** Of the entries among them. */
  readonly ids: Set<string>;
  /** Of the last event seen; the event itself is let go. */
  last: Pick<RecordedEvent, 'stream' | 'revision' | 'recordedAt' | 'position'>;
}

/**
 * What a bulk saw of each matter and its headline and deadlines depend on, so that most matters need not be read again
 * when they are settled. Bounded: what does not fit, or is not that simple, is read again from the log.
 */
export class Gathering {
  readonly #matters = new Map<number, Gathered>();
  /** Events and matters. */
  #size = 0;

  /** `read` is the event as read, or undefined when it cannot be. */
  see(key: number, event: RecordedEvent, read: MatterLogged | undefined): void {
    const known = this.#matters.get(key);
    const follows = known ? event.revision === known.last.revision + 1 : event.revision === 0;
    if (!read || !follows || read.type === 'EntryCorrected' || read.type === 'EntryRetracted') {
      this.#forget(key);
      return;
    }
    const { stream, revision, recordedAt, position } = event;
    const last = { stream, revision, recordedAt, position };
    const gathered = known ?? { events: [], ids: new Set(), last };
    gathered.last = last;
    if (!known) this.#add(key, gathered);
    if (!('occurredOn' in read.data)) return this.#keep(gathered, read);
    // Recorded again under the same id, an entry takes the place of what is kept.
    if (gathered.ids.has(read.data.id)) return this.#forget(key);
    if (!decisive(read.data)) return;
    gathered.ids.add(read.data.id);
    this.#keep(gathered, lean(read));
  }

  /** As much of a matter's history as it takes; undefined when that is not known here. Gone afterwards. */
  take(key: number, through: bigint): History | undefined {
    const gathered = this.#matters.get(key);
    this.#forget(key);
    if (!gathered || gathered.last.position > through) return undefined;
    const { events, ids, last } = gathered;
    if (!complete(events, ids)) return undefined;
    return { ...last, events, unreadable: [] };
  }

  clear(): void {
    this.#matters.clear();
    this.#size = 0;
  }

  #add(key: number, gathered: Gathered): void {
    this.#matters.set(key, gathered);
    this.#size += 1;
  }

  #keep(gathered: Gathered, event: MatterLogged): void {
    gathered.events.push(event);
    this.#size += 1;
    for (const oldest of this.#matters.keys()) {
      if (this.#size <= MOST) break;
      this.#forget(oldest);
    }
  }

  #forget(key: number): void {
    const gathered = this.#matters.get(key);
    this.#size -= gathered ? gathered.events.length + 1 : 0;
    this.#matters.delete(key);
  }
}

/** An entry without what neither headline nor deadlines are made of: half its size. */
function lean(event: MatterLogged): MatterLogged {
  if (!('occurredOn' in event.data)) return event;
  const { summary: _, sources, ...data } = event.data;
  const { id, revision, recordedAt, position } = event;
  const cited = sources.map((source) => ({ ...source, title: '', url: '' }));
  return { id, revision, recordedAt, position, type: data.type, data: { ...data, sources: cited } };
}

/** Whether every entry that the effects refer to is here. */
function complete(events: readonly MatterLogged[], ids: ReadonlySet<string>): boolean {
  return events.every(({ data }) => !('effects' in data) || [...entriesNamed(data.effects)].every((id) => ids.has(id)));
}
