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
  type NextChange,
} from '#libs/matter';
import { type Changed, changedIn } from './changed.ts';
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
  readonly changed: readonly Changed[];
  readonly problems: readonly Problem[];
}

const unopened: Answers = {
  headline: unworkable('no event opens it'),
  deadlines: [],
  flipsOn: null,
  failure: null,
};

export function derive(history: History): Derived {
  const { record, refused } = foldReadable(history.events);
  const problems = [...history.unreadable, ...refused];
  const asOf = record ? dateInZone(epochMs(history.recordedAt), record.matter.timeZone) : '';
  const entries = record ? liveEntries(record) : [];
  const answers = record ? answersOn(asOf, record.matter, entries) : unopened;
  if (record && answers.failure !== null) problems.push(culprit(history, answers.failure));
  problems.sort((a, b) => (a.position < b.position ? -1 : 1));
  return { history, record, asOf, answers, entries, changed: changedIn(history.events), problems };
}

/** What the entries say at the end of a civil day, and how long. */
export function answersOn(day: CivilDate, matter: Matter, entries: readonly Entry[]): Answers {
  const { next, ...answers } = answersAt(day, matter, entries);
  return { ...answers, flipsOn: answers.failure === null ? flipsOn(day, entries, next, answers.deadlines) : null };
}

/** What the entries say on a day or at an instant. A record that cannot be interpreted says so; it never throws. */
export function answersAt(
  at: string,
  matter: Matter,
  entries: readonly Entry[],
): Omit<Answers, 'flipsOn'> & { readonly next: readonly NextChange[] } {
  try {
    const { headline, next } = interpret(matter, entries, { at });
    return { headline, deadlines: deadlinesOf(matter, entries, { at }), next, failure: null };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { headline: unworkable(failure), deadlines: [], next: [], failure };
  }
}

/** Unknown is a value: nothing falls through to an earlier answer (DESIGN §3). */
function unworkable(failure: string): Headline {
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
