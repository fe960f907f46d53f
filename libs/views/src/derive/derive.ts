import { type CivilDate, dateInZone, epochMs } from '#libs/calendar';
import {
  type Deadline,
  deadlinesOf,
  type Entry,
  type Headline,
  interpret,
  liveEntries,
  type Matter,
  type MatterRecord,
  type RecordedEntry,
} from '#libs/matter';
import { flipsOn } from './flips.ts';
import { foldReadable, problemWith } from './fold-readable.ts';
import type { History, Problem } from './histories.ts';

/** What a matter's entries say on a day, and until when that holds with no new event. */
export interface Answers {
  readonly headline: Headline;
  readonly deadlines: readonly Deadline[];
  /** First day on which this may be otherwise; null: never. */
  readonly flipsOn: CivilDate | null;
  /** Why there is no answer. */
  readonly failure: string | null;
}

/** What the rows of one matter are made of: a pure function of its events. */
export interface Derived {
  readonly history: History;
  /** Undefined while no event opens the matter. */
  readonly record: MatterRecord | undefined;
  /** The civil day of the newest event, in the matter's zone. */
  readonly asOf: CivilDate;
  readonly answers: Answers;
  /** What is believed now. */
  readonly entries: readonly Entry[];
  /** Entries corrected or retracted, with the position of their recording. */
  readonly changed: readonly { readonly recorded: RecordedEntry; readonly position: bigint }[];
  readonly problems: readonly Problem[];
}

export function derive(history: History): Derived {
  const { record, refused } = foldReadable(history.events);
  const problems = [...history.unreadable, ...refused];
  const asOf = record ? dateInZone(epochMs(history.recordedAt), record.matter.timeZone) : '';
  const entries = record ? liveEntries(record) : [];
  const answers = record ? answersOn(asOf, record.matter, entries) : none('no event opens it');
  if (record && answers.failure !== null) problems.push(culprit(history, answers.failure));
  problems.sort((a, b) => (a.position < b.position ? -1 : 1));
  return { history, record, asOf, answers, entries, changed: record ? changedIn(record, history) : [], problems };
}

/** What the entries say at the end of a civil day. A record that cannot be interpreted says so; it never throws. */
export function answersOn(day: CivilDate, matter: Matter, entries: readonly Entry[]): Answers {
  try {
    const { headline, next } = interpret(matter, entries, { at: day });
    const deadlines = deadlinesOf(matter, entries, { at: day });
    return { headline, deadlines, flipsOn: flipsOn(day, entries, next, deadlines), failure: null };
  } catch (error) {
    return none(error instanceof Error ? error.message : String(error));
  }
}

function none(failure: string): Answers {
  return { headline: unworkable(failure), deadlines: [], flipsOn: null, failure };
}

/** Unknown is a value: nothing falls through to an earlier answer (DESIGN §3). */
export function unworkable(failure: string): Headline {
  return { code: 'unknown', text: `Cannot be worked out: ${failure}` };
}

/** The event since which the record cannot be interpreted, found by asking again with ever fewer events. */
function culprit({ events, recordedAt }: History, failure: string): Problem {
  let since = events.length - 1;
  for (; since > 0; since--) {
    const { record } = foldReadable(events.slice(0, since));
    if (!record) break;
    const day = dateInZone(epochMs(events[since - 1]?.recordedAt ?? recordedAt), record.matter.timeZone);
    if (answersOn(day, record.matter, liveEntries(record)).failure === null) break;
  }
  const event = events[since];
  return event ? problemWith(event, new Error(failure)) : { position: 0n, eventId: '', reason: failure };
}

function changedIn(record: MatterRecord, { events }: History): Derived['changed'] {
  const changed = [...record.entries.values()].filter(({ state }) => state !== 'current');
  if (changed.length === 0) return [];
  const positions = new Map(events.map((event) => [event.revision, event.position]));
  return changed.map((recorded) => ({ recorded, position: positions.get(recorded.revision) ?? 0n }));
}
