import type { CivilDate } from '#libs/calendar';
import type { Instant } from '../record/basis.ts';
import type { EndedHow, LiabilityState, RestraintForm, StartAxis } from '../record/effect.ts';

export const headlineCodes = [
  'no-record',
  'not-law-yet',
  'abandoned',
  'repealed',
  'expired',
  'superseded',
  'vacated',
  'invalid',
  'revoked',
  'withdrawn',
  'lapsed',
  'does-not-apply',
  'disputed',
  'unknown',
  'enacted-not-in-force',
  'delayed',
  'applies-from',
  'stayed',
  'blocked-by-court',
  'enforcement-paused',
  'not-yet-enforceable',
  'in-force',
  'in-force-and-enforceable',
  'partly',
] as const;
export type HeadlineCode = (typeof headlineCodes)[number];

/** `until`: bars and pauses, last day included, null when open-ended. `on`: the start still ahead, null when unknown. */
export interface Headline {
  readonly code: HeadlineCode;
  readonly until?: CivilDate | null;
  readonly on?: CivilDate | null;
  readonly contingent?: string;
  readonly estimate?: CivilDate;
  readonly text: string;
}

export type InstrumentState =
  'proposed' | 'passed-chamber' | 'enacted' | 'adopted-not-published' | 'failed' | 'withdrawn' | 'superseded';

/** What any axis may carry besides its state. */
interface AxisNotes {
  /** Entries that contest this axis; they move nothing. */
  readonly contested?: readonly string[];
  /** True when the act that decides came after the day asked about. */
  readonly retroactive?: true;
}

export interface InstrumentAxis extends AxisNotes {
  readonly id: string | null;
  readonly state: InstrumentState;
}

export interface ForceAxis extends AxisNotes {
  readonly state: 'not-yet' | 'in-force' | 'ended';
  /** Start of force: null when contingent. */
  readonly from: CivilDate | null;
  /** Present sunset, included; only while not ended. */
  readonly until?: CivilDate | null;
  readonly how?: EndedHow;
  /** First day of the end. */
  readonly on?: CivilDate;
  readonly contingent?: string;
  readonly estimate?: CivilDate;
}

export interface OperationAxis extends AxisNotes {
  readonly state: 'operative' | 'postponed' | 'suspended';
  readonly to?: CivilDate | null;
  /** Last day of unbroken cover by stays; null when open-ended. */
  readonly until?: CivilDate | null;
  readonly restraints?: readonly string[];
  readonly contingent?: string;
  readonly estimate?: CivilDate;
}

export type ApplicabilityState =
  'applies' | 'applies-from' | 'exempt' | 'no-longer-meets-definition' | 'not-addressed' | 'disputed' | 'unknown';

export interface ApplicabilityAxis extends AxisNotes {
  readonly state: ApplicabilityState;
  readonly from?: CivilDate | null;
  readonly contingent?: string;
  readonly estimate?: CivilDate;
}

export type EnforcementState = 'not-applicable' | 'not-yet-possible' | 'restrained' | 'forborne' | 'active';

export interface EnforcementAxis extends AxisNotes {
  readonly enforcer: string;
  readonly state: EnforcementState;
  /** Last day of unbroken cover by restraints of this state; null when open-ended. */
  readonly until?: CivilDate | null;
  /** When an enforcer gains its power, if that is still ahead. */
  readonly from?: CivilDate | null;
  readonly restraints: readonly string[];
  readonly contingent?: string;
  readonly estimate?: CivilDate;
  readonly liability?: { readonly state: LiabilityState; readonly from?: CivilDate };
}

export type EvidenceState = 'official' | 'corroborated' | 'single-report';

/** One provision for a group of parties that share every axis. */
export interface ProvisionStatus {
  readonly provision: string;
  readonly title: string;
  readonly norm: string;
  readonly principal: boolean;
  readonly parties: readonly string[];
  readonly instrument: InstrumentAxis;
  readonly force: ForceAxis;
  readonly operation: OperationAxis;
  readonly applicability: ApplicabilityAxis;
  readonly enforcement: readonly EnforcementAxis[];
  /** With a limitation period: conduct from this day on is still exposed. */
  readonly exposedSince?: CivilDate;
  readonly evidence: { readonly state: EvidenceState };
  readonly headline: Headline;
}

export type AxisName = 'instrument' | StartAxis;

/** An entry on which a value depends. */
export interface Because {
  readonly entry: string;
  readonly axis: AxisName;
  readonly provision: string;
  readonly title: string;
  readonly citation?: string;
  readonly url?: string;
}

/** A day on which the answer changes if nothing else happens. */
export interface NextChange {
  /** The date the source names. */
  readonly on: CivilDate;
  /** The first day of the new answer. */
  readonly from: CivilDate;
  readonly what: string;
  readonly subject: string;
  /** The headline code found by asking again at `from`. */
  readonly then: HeadlineCode;
}

/** An effect that does nothing because what it refers to is not in the record as believed. */
export interface Unresolved {
  readonly entry: string;
  readonly effect: number;
  readonly kind: string;
  readonly refersTo: string;
  readonly detail: string;
}

export interface StatusQuery {
  /** A civil date (answered as at its end) or an instant. */
  readonly at: CivilDate | Instant;
  readonly party?: string;
  readonly enforcer?: string;
}

/** The answer to "is it enforced, against whom, until when, and because of what?". */
export interface Status {
  readonly headline: Headline;
  readonly provisions: readonly ProvisionStatus[];
  readonly next: readonly NextChange[];
  readonly because: readonly Because[];
  readonly unresolved: readonly Unresolved[];
  readonly warnings: readonly string[];
}

export interface Segment {
  readonly provision: string;
  readonly parties: readonly string[];
  readonly enforcer: string | null;
  readonly axis: AxisName;
  readonly state: string;
  readonly from: CivilDate;
  /** Last day, included; null while open. */
  readonly to: CivilDate | null;
  readonly retroactive: boolean;
  readonly because: readonly string[];
}

/** The rolled-up headline over time. */
export interface HeadlineSegment {
  readonly code: HeadlineCode;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
}

export interface Segments {
  readonly segments: readonly Segment[];
  readonly headlines: readonly HeadlineSegment[];
}

export interface TraceLine {
  readonly step: string;
  readonly gives: string;
  readonly authority: string;
}

export type DeadlineKind =
  | 'party-act'
  | 'agency-duty'
  | 'comment-close'
  | 'limitations'
  | 'review'
  | 'effective'
  | 'expiry'
  | 'applicability'
  | 'pause-end';

export type DeadlineState =
  | 'met'
  | 'withdrawn'
  | 'vacated'
  | 'moot'
  | 'superseded'
  | 'waiting'
  | 'estimated'
  | 'lapsed'
  | 'reached'
  | 'extended'
  | 'scheduled';

export interface Due {
  readonly date: CivilDate;
  readonly instant?: Instant;
  readonly timeZone: string;
  readonly inclusive: 'yes' | 'no' | 'unstated';
}

export interface Deadline {
  readonly id: string;
  readonly matter: string;
  readonly title: string;
  readonly kind: DeadlineKind;
  readonly obligated: readonly string[];
  readonly provision?: string;
  readonly due: Due | null;
  readonly state: DeadlineState;
  /** For `met`: after it was due. */
  readonly late?: boolean;
  readonly closedBy?: string;
  readonly closedOn?: CivilDate;
  readonly movedBy?: string;
  /** The contingency it waits for, with what is known of it. */
  readonly contingent?: string;
  readonly estimate?: CivilDate;
  readonly latest?: CivilDate;
  readonly history: readonly { readonly due: CivilDate | null; readonly entry: string }[];
  readonly trace: readonly TraceLine[];
  readonly warnings?: readonly string[];
}

export type { RestraintForm };
