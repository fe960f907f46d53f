import type { EventLog, RecordedEvent } from '#libs/event-log';
import { Changes } from './changes.ts';
import { extended } from './matter-file.ts';
import type { FiledEvent, MatterFile } from './shapes.ts';
import { current, isMatterId, matterOf, matterStream } from './stream.ts';

interface Slot {
  file: MatterFile | undefined;
  /** The live period in which the log was last asked; only that of now is trusted. */
  asked: number;
  /** The newest revision the follower told of. */
  noticed: number;
  running: Promise<void> | undefined;
  /** The read after the running one, shared by all who came too late for that. */
  waiting: Promise<void> | undefined;
}

/** A follower tells only of what the log shows; a reader that lags behind it is asked again this often. */
const MOST_READS = 3;

/** The files of the matters in use: least recently used out first, bounded by the events they hold together. */
export class Files {
  readonly #log: EventLog;
  readonly #mostEvents: number;
  readonly #slots = new Map<string, Slot>();
  readonly changes = new Changes();
  #events = 0;
  #live = false;
  #period = 0;

  constructor(log: EventLog, mostEvents: number) {
    this.#log = log;
    this.#mostEvents = mostEvents;
  }

  /** A matter as it stands; asks the log unless the cached file can be trusted. */
  async newest(id: string): Promise<MatterFile | undefined> {
    const slot = this.#slots.get(id);
    if (slot?.file && this.#trusts(slot)) {
      this.#touch(id, slot);
      return slot.file;
    }
    return this.asked(id);
  }

  /** A matter as the log holds it now. */
  async asked(id: string): Promise<MatterFile | undefined> {
    if (!isMatterId(id)) return undefined;
    const slot = this.#slots.get(id) ?? {
      file: undefined,
      asked: -1,
      noticed: -1,
      running: undefined,
      waiting: undefined,
    };
    this.#slots.set(id, slot);
    await this.#read(id, slot);
    return slot.file;
  }

  /** Takes in what was just appended on top of `file`, so that a writer reads its own writes. */
  appended(file: MatterFile | undefined, id: string, events: readonly FiledEvent[]): void {
    const slot = this.#slots.get(id);
    if (slot) this.#keep(id, slot, extended(id, slot.file ?? file, events));
  }

  notice(event: RecordedEvent): void {
    const id = matterOf(event.stream);
    if (id === undefined) return;
    const slot = this.#slots.get(id);
    if (!slot) return this.changes.tell(id);
    slot.noticed = Math.max(slot.noticed, event.revision);
    if (event.revision <= (slot.file?.newest.revision ?? -1)) return;
    const file = extendedBy(id, slot.file, event);
    if (file) this.#keep(id, slot, file);
    // Something between is missing, or cannot be read: the next reader asks the log, and hears of it.
    else slot.asked = -1;
  }

  live(on: boolean): void {
    this.#live = on;
    // What was cached while nobody followed the log may be old: it is asked once more.
    this.#period += 1;
  }

  #trusts(slot: Slot): boolean {
    return this.#live && slot.asked === this.#period;
  }

  /** Reads after this call began: a read that is under way already may have missed what the caller must see. */
  async #read(id: string, slot: Slot): Promise<void> {
    if (slot.waiting) return slot.waiting;
    if (!slot.running) return this.#start(id, slot);
    const start = (): Promise<void> => this.#start(id, slot);
    slot.waiting = slot.running.then(start, start);
    return slot.waiting;
  }

  async #start(id: string, slot: Slot): Promise<void> {
    slot.waiting = undefined;
    slot.running = this.#refresh(id, slot);
    try {
      await slot.running;
    } finally {
      slot.running = undefined;
      if (!slot.file && !slot.waiting) this.#slots.delete(id);
    }
  }

  async #refresh(id: string, slot: Slot): Promise<void> {
    for (let reads = 0; reads < MOST_READS; reads += 1) {
      const period = this.#period;
      const more: FiledEvent[] = [];
      const from = slot.file ? slot.file.newest.revision + 1 : 0;
      for await (const event of this.#log.read(matterStream(id), { from })) more.push(current(event));
      this.#keep(id, slot, extended(id, slot.file, more));
      if ((slot.file?.newest.revision ?? -1) < slot.noticed) continue;
      slot.asked = period;
      return;
    }
  }

  #keep(id: string, slot: Slot, file: MatterFile | undefined): void {
    if (!file || file.newest.revision <= (slot.file?.newest.revision ?? -1)) return;
    this.#events += file.events.length - (slot.file?.events.length ?? 0);
    slot.file = file;
    this.#touch(id, slot);
    this.#trim(id);
    this.changes.tell(id);
  }

  #touch(id: string, slot: Slot): void {
    this.#slots.delete(id);
    this.#slots.set(id, slot);
  }

  /** Lets go of the oldest. What is being read stays: its reader holds the slot. */
  #trim(last: string): void {
    for (const [id, old] of this.#slots) {
      if (this.#events <= this.#mostEvents) return;
      if (id === last || old.running || old.waiting) continue;
      this.#slots.delete(id);
      this.#events -= old.file?.events.length ?? 0;
    }
  }
}

function extendedBy(id: string, file: MatterFile | undefined, event: RecordedEvent): MatterFile | undefined {
  try {
    return file && extended(id, file, [current(event)]);
  } catch {
    return undefined;
  }
}
