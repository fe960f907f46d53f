import { type CivilDate, dateInZone, epochMs, isCivilDate } from '#libs/calendar';
import type { Entry, Matter, Party, Source } from './entry.ts';
import type { Correction, RecordedMatterEvent, Retraction } from './events.ts';
import { patched } from './merge-patch.ts';

/** The clocks that decide what is believed (DESIGN §2). */
export interface BeliefClocks {
  /** Only what was recorded by then: an instant, or a date for its end in the matter's zone. */
  readonly knownAt?: string;
  /** Only what was public by the end of this date. */
  readonly publishedBy?: CivilDate;
}

/** What is believed: the matter with its parties, and its live entries as corrected, in order of recording. */
export interface Belief {
  readonly matter: Matter;
  readonly entries: readonly Entry[];
}

/** The day from which an act is public: the earliest publication among its sources, else the act itself (MODEL §1). */
export function publicFrom(entry: { readonly sources: readonly Source[]; readonly occurredOn: CivilDate }): CivilDate {
  return earliestPublication(entry.sources) ?? entry.occurredOn;
}

function earliestPublication(sources: readonly Source[] | undefined): CivilDate | undefined {
  let earliest: CivilDate | undefined;
  for (const { publishedOn } of sources ?? []) {
    if (publishedOn !== undefined && (earliest === undefined || publishedOn < earliest)) earliest = publishedOn;
  }
  return earliest;
}

/**
 * Folds a matter's events to what is believed at the clocks. Undefined before the matter was opened. A correction or
 * retraction with sources counts from its earliest publication; one without corrects our own record and always counts.
 */
export function believe(events: readonly RecordedMatterEvent[], clocks: BeliefClocks = {}): Belief | undefined {
  let opened: Matter | undefined;
  const parties: Party[] = [];
  const entries = new Map<string, Entry>();
  const { publishedBy } = clocks;
  const published = (sources: readonly Source[] | undefined): boolean =>
    publishedBy === undefined || (earliestPublication(sources) ?? '') <= publishedBy;
  for (const event of events) {
    if (opened && !recordedBy(event.recordedAt, clocks.knownAt, opened.timeZone)) break;
    switch (event.type) {
      case 'MatterOpened':
        if (!recordedBy(event.recordedAt, clocks.knownAt, event.data.timeZone)) return undefined;
        opened = event.data;
        parties.push(...event.data.parties);
        break;
      case 'PartyAdded':
        parties.push(event.data);
        break;
      case 'EntryCorrected':
        if (published(event.data.sources)) correct(entries, event.data);
        break;
      case 'EntryRetracted':
        if (published(event.data.sources)) retract(entries, event.data);
        break;
      default:
        entries.set(event.data.id, event.data);
    }
  }
  if (!opened) return undefined;
  const believed = [...entries.values()];
  return {
    matter: { ...opened, parties },
    entries: publishedBy === undefined ? believed : believed.filter((entry) => publicFrom(entry) <= publishedBy),
  };
}

/** Whether something recorded then was known at a clock; a date means the end of that day. */
export function recordedBy(recordedAt: string, knownAt: string | undefined, timeZone: string): boolean {
  if (knownAt === undefined) return true;
  const recorded = epochMs(recordedAt);
  return isCivilDate(knownAt) ? dateInZone(recorded, timeZone) <= knownAt : recorded <= epochMs(knownAt);
}

function correct(entries: Map<string, Entry>, { entry: id, changes }: Correction): void {
  const entry = entries.get(id);
  if (entry) entries.set(id, patched(entry, changes));
}

function retract(entries: Map<string, Entry>, { entry }: Retraction): void {
  entries.delete(entry);
}
