import type { CivilDate } from '#libs/calendar';
import type { Deadline, DeadlineState, Headline, HeadlineCode } from '#libs/matter';

/** The clocks of a question about many matters (DESIGN §2). Absent: today in each matter's zone, all that is known. */
export interface AskedClocks {
  readonly at?: string;
  readonly knownAt?: string;
  readonly publishedBy?: string;
}

/** The clocks as an answer prints them. */
export interface AnsweredClocks {
  readonly at: string;
  readonly knownAt: string | null;
  readonly publishedBy: string | null;
}

interface Paged {
  readonly limit: number;
  /** The `next` of the page before; only with the same filters. */
  readonly cursor?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface ClockedPage<Item> extends Page<Item> {
  readonly clocks: AnsweredClocks;
}

export interface MattersAsked extends Paged, AskedClocks {
  readonly status?: readonly HeadlineCode[];
  readonly tag?: readonly string[];
  readonly jurisdiction?: readonly string[];
  readonly q?: string;
}

export interface MatterListed {
  readonly id: string;
  readonly title: string;
  readonly jurisdiction: string;
  readonly tags: readonly string[];
  readonly revision: number;
  readonly headline: Headline;
  /** Why the row cannot be relied on: an event of this matter is in quarantine. */
  readonly stale?: string;
}

export interface DeadlinesAsked extends Paged, AskedClocks {
  /** First and last due day, both included; what has no due day is then left out. */
  readonly from?: CivilDate;
  readonly to?: CivilDate;
  readonly state?: readonly DeadlineState[];
  /** Obligated is one of these, a class above it or a member below it. */
  readonly party?: readonly string[];
  readonly jurisdiction?: readonly string[];
}

export type { Deadline };

export interface SearchAsked extends Paged {
  readonly q: string;
}

export interface SearchHit {
  readonly matter: string;
  readonly entry: string;
  readonly title: string;
  readonly occurredOn: CivilDate;
  /** The words around the first match, matches between `[` and `]`. */
  readonly snippet: string;
  /** Smaller is better (bm25). */
  readonly rank: number;
}

/** A cursor that no view made. */
export class BadCursor extends Error {
  readonly code = 'bad-cursor';
  override get name(): string {
    return 'BadCursor';
  }
}
