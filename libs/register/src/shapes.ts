import type { CivilDate } from '#libs/calendar';
import type { CorrectionBody, Dataset, EntryBody, RetractionBody, WhatIf } from '#libs/contract';
import type { Json } from '#libs/event-log';
import type { MatterRecord, RecordedMatterEvent, Rule } from '#libs/matter';

export type { CorrectionBody, Dataset, EntryBody, RetractionBody, WhatIf };

/** Who writes, and on what terms. */
export interface Writer {
  /** Such as `key:<id>`, `cli` or `import`. */
  readonly actor: string;
  readonly correlation?: string;
  /** The revision the writer saw. Opening a matter has none to match: there it is not looked at. */
  readonly ifMatch?: number;
  /** `path` is the request's; `body` its parsed JSON. */
  readonly idempotency?: { readonly key: string; readonly path: string; readonly body: unknown };
}

export interface Written {
  /** The log had this already; `body` is what was answered the first time. */
  readonly repeated: boolean;
  readonly body: WrittenBody;
}

export interface WrittenBody {
  /** Of the matter, party or entry. */
  readonly id: string;
  readonly eventId: string;
  readonly revision: number;
  readonly position: string;
  readonly recordedAt: string;
  readonly warnings: readonly string[];
}

export interface Imported {
  readonly matter: string;
  /** Whether the import opened the matter (a dry run: would have). */
  readonly opened: boolean;
  /** How many parties were added to a matter that was open. */
  readonly parties: number;
  /** How many entries were recorded; the log had `repeated` more already. */
  readonly recorded: number;
  readonly repeated: number;
  readonly refused: readonly RefusedEntry[];
}

export interface RefusedEntry {
  /** The entry's id; `#<index in the file>` when it has none. */
  readonly entry: string;
  /** RFC 6901, into the dataset. */
  readonly pointer?: string;
  readonly rule: Rule;
  readonly detail: string;
}

export interface ImportOptions {
  /** Decide everything, append nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What the register keeps with an event of its own. */
export interface EventMeta {
  readonly actor: string;
  readonly correlation?: string;
  /** SHA-256, in hex, of the actor, the path and the Idempotency-Key; the key itself never enters the log. */
  readonly idempotency?: string;
  /** SHA-256, in hex, of the body (RFC 8785) that came with the key. */
  readonly body?: string;
  /** What the first answer warned of. */
  readonly warnings?: readonly string[];
}

/** A matter's event in today's schema, with its place in the log. */
export type FiledEvent = RecordedMatterEvent & { readonly position: bigint; readonly meta: EventMeta };

/** Everything the log holds of one matter, up to its newest event. Immutable. */
export interface MatterFile {
  readonly id: string;
  readonly events: readonly FiledEvent[];
  readonly record: MatterRecord;
  readonly newest: { readonly revision: number; readonly position: bigint; readonly recordedAt: string };
}

/** The three clocks as asked (DESIGN §2). */
export interface ClockQuery {
  readonly at?: string;
  readonly knownAt?: string;
  readonly publishedBy?: string;
}

interface Who {
  readonly party?: string;
  readonly enforcer?: string;
}

/** A page of a list. A cursor is text, or read already; it keeps the clocks and the filter. */
export interface Paging {
  readonly limit: number;
  readonly cursor?: string | PageStart;
  /** What the `next` cursor says it belongs to. Default: the call, its matter and the parameters given. */
  readonly origin?: Pick<PageStart, 'call' | 'asked'>;
}

/** The content of a cursor. */
export interface PageStart {
  readonly call: string;
  readonly asked: Readonly<Record<string, string>>;
  readonly clocks: { readonly at: string | null; readonly knownAt: string | null; readonly publishedBy: string | null };
  readonly after: Json;
}

export interface StatusAsked extends Who {
  readonly clocks: ClockQuery;
}
export interface TimelineAsked extends Who, Paging {
  readonly clocks: ClockQuery;
  /** First and last day, both included. */
  readonly from?: CivilDate;
  readonly to?: CivilDate;
}
export interface EntriesAsked extends Paging {
  readonly clocks: ClockQuery;
}
export interface DeadlinesAsked extends Paging {
  readonly clocks: ClockQuery;
  readonly state?: readonly string[];
  readonly party?: readonly string[];
}
export type TakenBackAsked = Omit<DeadlinesAsked, keyof Paging>;
export interface DiffAsked extends Who {
  readonly knownFrom: string;
  /** Default: the newest event. */
  readonly knownTo?: string;
  readonly at?: string;
  readonly publishedBy?: string;
}
export interface ReplayAsked extends Who {
  readonly clocks: ClockQuery;
  /** In the order of record time or of public time; the clock of that name is where it ends. Default: recorded. */
  readonly by?: 'recorded' | 'published';
}
export interface HistoryAsked extends Paging {
  readonly clocks?: ClockQuery;
  /** Only events after this position. */
  readonly after?: string;
}
