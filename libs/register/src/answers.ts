import type { CivilDate } from '#libs/calendar';
import type { Json } from '#libs/event-log';
import type {
  Change,
  Deadline,
  DeadlineChange,
  Entry,
  EntryState,
  Headline,
  HeadlineSegment,
  Matter,
  MergePatch,
  Segment,
  Source,
  Status,
} from '#libs/matter';

/** The three clocks as answered. */
export interface Clocks {
  readonly at: string;
  readonly knownAt: string;
  readonly publishedBy: CivilDate | null;
}

export interface Answered<T> {
  readonly body: T;
  /** Of the matter's newest event: with the question, the key of an answer cache. */
  readonly revision: number;
  readonly position: bigint;
  /** Epoch ms at which the answer changes by itself; null: only a new event changes it. */
  readonly validUntil: number | null;
}

export interface ListAnswer<Item> {
  readonly clocks: Clocks;
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface MatterAnswer extends Matter {
  readonly clocks: Clocks;
  /** As known at `clocks.knownAt`. */
  readonly revision: number;
  readonly position: string;
}

export interface StatusAnswer extends Status {
  readonly matter: string;
  readonly party: string | null;
  readonly enforcer: string | null;
  readonly clocks: Clocks;
  readonly position: string;
}

/** An entry as believed, with its story in the record. */
export interface EntryAnswer extends Entry {
  readonly revision: number;
  readonly position: string;
  readonly recordedAt: string;
  readonly state: EntryState;
  readonly corrections: readonly CorrectionAnswer[];
  readonly retraction?: RetractionAnswer;
}

export interface CorrectionAnswer {
  readonly eventId: string;
  readonly revision: number;
  readonly recordedAt: string;
  readonly reason: string;
  readonly changes: MergePatch;
  readonly sources?: readonly Source[];
}

export interface RetractionAnswer {
  readonly eventId: string;
  readonly recordedAt: string;
  readonly reason: string;
}

export interface TimelineAnswer extends ListAnswer<EntryAnswer> {
  readonly segments: readonly Segment[];
  readonly headlines: readonly HeadlineSegment[];
}

export interface EntryChange {
  readonly entry: string;
  readonly change: 'recorded' | 'corrected' | 'retracted';
  readonly eventId: string;
}

export interface DiffAnswer {
  readonly clocks: Clocks & { readonly knownFrom: string; readonly knownTo: string };
  readonly entries: readonly EntryChange[];
  readonly changes: readonly Change[];
  readonly deadlines: readonly DeadlineChange[];
}

export interface WhatIfAnswer {
  readonly before: StatusAnswer;
  readonly after: StatusAnswer;
  readonly changes: readonly Change[];
  readonly deadlines: readonly DeadlineChange[];
  /** What recording the entries would have warned of. */
  readonly warnings: readonly string[];
}

/** What one event of a matter did to the answer. */
export interface ReplayStep {
  /** From 1. */
  readonly step: number;
  readonly kind: 'recorded' | 'corrected' | 'retracted' | 'party-added';
  /** Null where a party was added. */
  readonly entry: string | null;
  readonly party: string | null;
  /** Of the entry as believed afterwards, or the party's name. */
  readonly title: string;
  readonly occurredOn: CivilDate | null;
  /** When it became public; null where that plays no part: a party, or a correction of our own record. */
  readonly publishedOn: CivilDate | null;
  /** What a correction or retraction gives. */
  readonly reason: string | null;
  readonly eventId: string;
  readonly revision: number;
  readonly position: string;
  readonly recordedAt: string;
  /** Who recorded it, such as `key:<id>`. */
  readonly recordedBy: string;
  /** Events that share its moment (`recordedAt`, or the day of publication), in order; only itself as a rule. */
  readonly together: readonly string[];
  /** The answers on either side of the step, for whoever asks with its clock: one for all that share its moment. */
  readonly before: StatusAnswer;
  readonly after: StatusAnswer;
  /** What this event changed by itself, also among those that share its moment. */
  readonly headline: { readonly before: Headline; readonly after: Headline };
  readonly changes: readonly Change[];
  readonly deadlines: readonly DeadlineChange[];
  /** The headline as it was on the day of the step itself, whatever day was asked about. */
  readonly onTheDay: { readonly at: CivilDate; readonly headline: Headline };
  /** What was told because of it, or by the clock before the next; only to whoever may see alerts, by record time. */
  readonly alerts?: readonly StepAlert[];
}

export interface StepAlert {
  readonly id: string;
  readonly type: string;
  readonly watch: string;
  readonly seq: number;
  readonly lead: string | null;
  readonly deadline: string | null;
  readonly text: string;
  readonly dueAt: string;
}

export interface Replayed {
  /** Where the replay ends. */
  readonly clocks: Clocks;
  readonly revision: number;
  readonly position: string;
  /** The matter's. */
  readonly timeZone: string;
  readonly steps: Iterable<ReplayStep>;
}

/** An event as recorded. */
export interface EventAnswer {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly type: string;
  readonly schema: number;
  readonly recordedAt: string;
  readonly data: Json;
  readonly meta: Json;
}

export type { Deadline };
