import {
  type Entry,
  evolve,
  liveEntries,
  type MatterLogged,
  type MatterRecord,
  nextTurn,
  type Roster,
} from '#libs/matter';
import type { Answered } from '../answers/answer-given.ts';
import type { Watch } from '../watch.ts';
import type { Interest } from './interest.ts';
import { Snapshot } from './snapshot.ts';
import { Told } from './told.ts';

/** One matter as recorded so far, and what the planner keeps of it. */
export class MatterState {
  readonly id: string;
  record: MatterRecord | undefined;
  /** Due days of its open deadlines, as day numbers; empty while nobody listens. */
  due: ReadonlyMap<string, number> = new Map();
  /** Whether somebody ever listened: from then on its clock runs. */
  tracked = false;
  readonly told = new Told();
  /** By entry, and by whoever asked: the last answer that it decided. */
  readonly answered = new Map<string, Map<string, string>>();
  #entries: readonly Entry[] = [];
  #listeners: { readonly version: number; readonly roster: Roster; readonly watches: readonly Watch[] } | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** @throws when the event does not follow from what is recorded. */
  take(event: MatterLogged): void {
    this.record = evolve(this.record, lean(event));
    this.#entries = liveEntries(this.record);
  }

  answer({ answer, actor, told }: Answered): void {
    for (const entry of told) {
      const answers = this.answered.get(entry) ?? new Map<string, string>();
      this.answered.set(entry, answers.set(actor, answer));
    }
  }

  /** Of what is recorded now, at a moment. */
  at(ms: number): Snapshot {
    return new Snapshot(this.record, this.#entries, ms);
  }

  /** Epoch ms; null: never. */
  turnAfter(ms: number): number | null {
    return this.record ? nextTurn(this.record.matter, this.#entries, new Date(ms).toISOString()) : null;
  }

  listeners(interest: Interest): readonly Watch[] {
    if (!this.record) return [];
    const { matter, roster } = this.record;
    if (this.#listeners?.version !== interest.version || this.#listeners.roster !== roster) {
      this.#listeners = { version: interest.version, roster, watches: interest.of(matter, roster) };
    }
    return this.#listeners.watches;
  }
}

/** An entry without what no alert is made of: half its size. */
function lean(event: MatterLogged): MatterLogged {
  if (!('occurredOn' in event.data)) return event;
  const { summary: _summary, ...data } = event.data;
  const sources = data.sources.map(({ url: _url, ...source }) => ({ ...source, title: '' }));
  const { id, revision, recordedAt, position } = event;
  return { id, revision, recordedAt, position, type: data.type, data: { ...data, sources } };
}
