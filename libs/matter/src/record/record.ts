import type { Entry, Matter, Party } from './entry.ts';
import type { Correction, RecordedMatterEvent } from './events.ts';
import { patched } from './merge-patch.ts';
import { Roster } from './roster.ts';

export type EntryState = 'current' | 'corrected' | 'retracted';

/** An entry with its story in the record. */
export interface RecordedEntry {
  /** As believed now: with every correction. */
  readonly entry: Entry;
  /** As first recorded; a repeat of this is the same entry. */
  readonly original: Entry;
  readonly state: EntryState;
  readonly eventId: string;
  readonly revision: number;
  readonly recordedAt: string;
  readonly corrections: readonly {
    readonly eventId: string;
    readonly revision: number;
    readonly recordedAt: string;
    readonly correction: Correction;
  }[];
  readonly retraction?: { readonly eventId: string; readonly reason: string; readonly recordedAt: string };
}

export interface Added {
  readonly party: Party;
  readonly eventId: string;
  readonly revision: number;
  readonly recordedAt: string;
}

/** A matter's whole record, as `decide` needs it: no clocks, everything known. */
export interface MatterRecord {
  readonly matter: Matter;
  readonly roster: Roster;
  readonly revision: number;
  readonly entries: ReadonlyMap<string, RecordedEntry>;
  readonly opened: { readonly eventId: string; readonly matter: Matter; readonly recordedAt: string };
  /** Parties added after the opening. */
  readonly added: ReadonlyMap<string, Added>;
}

/** The live entries of a record: what is believed now. */
export function liveEntries(record: MatterRecord): readonly Entry[] {
  const live: Entry[] = [];
  for (const { entry, state } of record.entries.values()) if (state !== 'retracted') live.push(entry);
  return live;
}

/** Folds a matter's events. Undefined for a matter that was never opened. */
export function fold(events: Iterable<RecordedMatterEvent>): MatterRecord | undefined {
  let draft: Draft | undefined;
  for (const event of events) draft = apply(draft, event);
  return draft && sealed(draft);
}

/** The record with one event more; the given one stays as it was. */
export function evolve(record: MatterRecord | undefined, event: RecordedMatterEvent): MatterRecord {
  const draft: Draft | undefined = record && {
    ...record,
    parties: [...record.matter.parties],
    entries: new Map(record.entries),
    added: new Map(record.added),
  };
  return sealed(apply(draft, event));
}

interface Draft {
  matter: Matter;
  parties: Party[];
  revision: number;
  opened: MatterRecord['opened'];
  readonly entries: Map<string, RecordedEntry>;
  readonly added: Map<string, Added>;
}

function sealed(draft: Draft): MatterRecord {
  const { parties, entries, revision, opened, added } = draft;
  return { matter: { ...draft.matter, parties }, roster: new Roster(parties), revision, entries, opened, added };
}

function apply(draft: Draft | undefined, event: RecordedMatterEvent): Draft {
  const { id: eventId, revision, recordedAt } = event;
  if (event.type === 'MatterOpened') {
    const matter = event.data;
    const opened = { eventId, matter, recordedAt };
    return { matter, parties: [...matter.parties], revision, opened, entries: new Map(), added: new Map() };
  }
  if (!draft) throw new Error(`The stream of a matter begins with MatterOpened, not with ${event.type}.`);
  draft.revision = revision;
  switch (event.type) {
    case 'PartyAdded':
      draft.parties.push(event.data);
      draft.added.set(event.data.id, { eventId, revision, recordedAt, party: event.data });
      break;
    case 'EntryCorrected':
      change(draft, event.data.entry, (recorded) => ({
        ...recorded,
        entry: patched(recorded.entry, event.data.changes),
        state: recorded.state === 'retracted' ? 'retracted' : 'corrected',
        corrections: [...recorded.corrections, { eventId, revision, recordedAt, correction: event.data }],
      }));
      break;
    case 'EntryRetracted':
      change(draft, event.data.entry, (recorded) => ({
        ...recorded,
        state: 'retracted',
        retraction: { eventId, reason: event.data.reason, recordedAt },
      }));
      break;
    default: {
      const entry = event.data;
      const recorded = { entry, original: entry, state: 'current' as const, eventId, revision, recordedAt };
      draft.entries.set(entry.id, { ...recorded, corrections: [] });
    }
  }
  return draft;
}

function change(draft: Draft, id: string, how: (recorded: RecordedEntry) => RecordedEntry): void {
  const recorded = draft.entries.get(id);
  if (recorded) draft.entries.set(id, how(recorded));
}
