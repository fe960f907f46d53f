import type { CivilDate } from '#libs/calendar';
import type { Instant } from './basis.ts';
import type { Effect } from './effect.ts';

export const authorKinds = ['legislature', 'court', 'executive', 'agency', 'private', 'press'] as const;
export type AuthorKind = (typeof authorKinds)[number];

export const evidences = ['official', 'court-copy', 'press', 'other'] as const;
export type Evidence = (typeof evidences)[number];

/** The author kinds that may carry each type of entry; the first is the default (MODEL §1). */
export const entryTypes = {
  BillIntroduced: ['legislature', 'executive'],
  BillReported: ['legislature', 'executive'],
  BillPassed: ['legislature'],
  BillFailed: ['legislature', 'executive'],
  LawEnacted: ['legislature'],
  LawPublished: ['legislature', 'agency', 'executive'],
  ExecutiveActIssued: ['executive'],
  RuleProposed: ['agency', 'executive'],
  RuleIssued: ['agency', 'executive'],
  NoticeIssued: ['agency', 'executive'],
  CaseFiled: ['private', 'executive', 'agency', 'legislature'],
  CaseHeard: ['court'],
  CourtRuled: ['court'],
  PartyActed: ['private'],
  ReportPublished: ['press'],
} as const satisfies Record<string, readonly AuthorKind[]>;
export type EntryType = keyof typeof entryTypes;

export const outcomes = ['failed', 'withdrawn', 'vetoed', 'lapsed'] as const;

export interface Party {
  readonly id: string;
  readonly name: string;
  /** `class` and `enforcer` have a meaning; others are the recorder's own words. */
  readonly kind?: string;
  readonly memberOf?: readonly string[];
  /** Where an enforcer's authority holds; default: the matter's. */
  readonly jurisdiction?: string;
  /** An independent agency is beyond the executive's direction. Default false. */
  readonly independent?: boolean;
}

export interface Matter {
  readonly id: string;
  readonly title: string;
  readonly jurisdiction: string;
  readonly timeZone: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parties: readonly Party[];
}

export interface Author {
  readonly kind?: AuthorKind;
  readonly name: string;
  readonly party?: string;
  readonly jurisdiction?: string;
}

export interface Instrument {
  readonly id: string;
  readonly kind?: string;
  readonly title?: string;
  readonly citation?: string;
  /** `publication`: adopted, but not law before it is published. */
  readonly bindsOn?: 'adoption' | 'publication';
}

export interface Source {
  readonly title: string;
  readonly publisher: string;
  readonly url?: string;
  readonly publishedOn?: CivilDate;
  readonly evidence: Evidence;
}

/** The count of a vote, as the record gives it: e.g. `{ yes: 352, no: 65, rollCall: "86" }`. */
export type Vote = Readonly<Record<string, string | number>>;

/** One recorded real-world act (MODEL §1). Immutable. */
export interface Entry {
  readonly id: string;
  readonly type: EntryType;
  readonly occurredOn: CivilDate;
  readonly occurredAt?: Instant;
  readonly order?: number;
  readonly title: string;
  readonly summary?: string;
  readonly author: Author;
  readonly instrument?: Instrument;
  readonly vote?: Vote;
  /** For `BillFailed`. */
  readonly outcome?: (typeof outcomes)[number];
  readonly sources: readonly Source[];
  readonly effects: readonly Effect[];
}
