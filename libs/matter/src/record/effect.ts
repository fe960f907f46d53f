import type { CivilDate } from '#libs/calendar';
import type { Basis } from './basis.ts';

export const norms = ['prohibition', 'duty', 'permission', 'power'] as const;
export type Norm = (typeof norms)[number];

export const axes = ['force', 'operation', 'applicability', 'enforcement'] as const;
/** The axes whose start an effect can move. */
export type StartAxis = (typeof axes)[number];

export const applicabilities = ['applies', 'exempt', 'no-longer-meets-definition', 'disputed', 'unknown'] as const;
export type Determination = (typeof applicabilities)[number];

export const forms = ['stay', 'restraining-order', 'preliminary-injunction', 'injunction', 'forbearance'] as const;
export type RestraintForm = (typeof forms)[number];

export const liftings = [
  'dissolved',
  'reversed',
  'stayed-on-appeal',
  'revoked',
  'superseded',
  'moot',
  'final-judgment',
] as const;
export type LiftedHow = (typeof liftings)[number];

export const endings = [
  'repealed',
  'expired',
  'superseded',
  'vacated',
  'invalid',
  'revoked',
  'withdrawn',
  'lapsed',
] as const;
export type EndedHow = (typeof endings)[number];

export const liabilities = ['accrues', 'disclaimed', 'extinguished', 'unknown'] as const;
export type LiabilityState = (typeof liabilities)[number];

export const deadlineKinds = [
  'party-act',
  'agency-duty',
  'comment-close',
  'limitations',
  'review',
  'effective',
  'expiry',
] as const;
export type EnteredDeadlineKind = (typeof deadlineKinds)[number];

export const closings = ['met', 'withdrawn', 'vacated', 'moot'] as const;
export type ClosedHow = (typeof closings)[number];

export interface Liability {
  readonly state: LiabilityState;
  readonly from?: CivilDate;
}

export interface Establishes {
  readonly kind: 'establishes';
  readonly provision: string;
  readonly title: string;
  readonly norm: Norm;
  readonly addressees?: readonly string[];
  readonly enforcers?: readonly string[];
  readonly force: Basis;
  readonly applies?: Basis;
  readonly until?: Basis;
  readonly limitation?: string;
  readonly principal?: boolean;
  readonly under?: string;
}

/** Moves the start of an axis, from the day `on`, for those parties or enforcers. */
export interface MovesStart {
  readonly kind: 'commences' | 'postpones';
  readonly provision: string;
  readonly axis: StartAxis;
  readonly to: Basis;
  readonly on?: Basis;
  readonly for?: readonly string[];
  readonly enforcers?: readonly string[];
  readonly under?: string;
}

export interface Determines {
  readonly kind: 'determines';
  readonly provision: string;
  readonly party: string;
  readonly applicability: Determination;
  /** Default: its act. */
  readonly from?: Basis;
  readonly under?: string;
}

export interface Restrains {
  readonly kind: 'restrains';
  readonly restraint: string;
  readonly form: RestraintForm;
  /** Either `provisions` or `of` is given. */
  readonly provisions?: readonly string[];
  /** Other restraints and endings that do nothing while this one lives. */
  readonly of?: readonly string[];
  readonly enforcers?: readonly string[];
  readonly protects: 'all' | readonly string[];
  /** Default: its act. */
  readonly from?: Basis;
  readonly until?: Basis;
  readonly liability?: Liability;
}

export interface Varies {
  readonly kind: 'varies';
  readonly restraint: string;
  readonly on?: Basis;
  readonly protects?: 'all' | readonly string[];
  readonly provisions?: readonly string[];
  readonly enforcers?: readonly string[];
}

/** Exactly one of `restraint` and `provision` (its sunset) is given. */
export interface Extends {
  readonly kind: 'extends';
  readonly restraint?: string;
  readonly provision?: string;
  readonly until: Basis;
  readonly under?: string;
}

/** Exactly one of `restraint` and `ending` is given. */
export interface Lifts {
  readonly kind: 'lifts' | 'reinstates';
  readonly restraint?: string;
  readonly ending?: string;
  readonly on?: Basis;
  readonly how?: LiftedHow;
}

/** Exactly one of `provision` and `instrument` (all of its provisions) is given. */
export interface Ends {
  readonly kind: 'ends';
  readonly provision?: string;
  readonly instrument?: string;
  readonly ending?: string;
  readonly how: EndedHow;
  readonly on?: Basis;
  readonly for?: readonly string[];
  readonly liability?: Liability;
  readonly under?: string;
}

export interface Releases {
  readonly kind: 'releases';
  readonly provisions: readonly string[];
  readonly enforcers?: readonly string[];
  readonly protects: 'all' | readonly string[];
  readonly conductFrom: CivilDate;
  readonly conductTo?: CivilDate;
  readonly state: 'disclaimed' | 'extinguished';
}

export interface Satisfies {
  readonly kind: 'satisfies';
  readonly condition: string;
  readonly on?: Basis;
}

/** Exactly one of `provision` and `restraint` is given. */
export interface Contests {
  readonly kind: 'contests';
  readonly provision?: string;
  readonly restraint?: string;
  readonly axis?: StartAxis | 'instrument';
  readonly party?: string;
}

export interface SetsDeadline {
  readonly kind: 'sets-deadline';
  readonly deadline: string;
  readonly title: string;
  readonly deadlineKind: EnteredDeadlineKind;
  readonly obligated: readonly string[];
  readonly provision?: string;
  readonly basis: Basis;
  readonly under?: string;
}

export interface MovesDeadline {
  readonly kind: 'moves-deadline';
  readonly deadline: string;
  readonly basis: Basis;
  readonly under?: string;
}

export interface ClosesDeadline {
  readonly kind: 'closes-deadline';
  readonly deadline: string;
  readonly how: ClosedHow;
  readonly on?: Basis;
  readonly under?: string;
}

export interface Replaces {
  readonly kind: 'replaces';
  readonly instrument: string;
  readonly by: string;
}

/** What an entry changes in law (MODEL §3). */
export type Effect =
  | Establishes
  | MovesStart
  | Determines
  | Restrains
  | Varies
  | Extends
  | Lifts
  | Ends
  | Releases
  | Satisfies
  | Contests
  | SetsDeadline
  | MovesDeadline
  | ClosesDeadline
  | Replaces;

export const effectKinds = [
  'establishes',
  'commences',
  'postpones',
  'determines',
  'restrains',
  'varies',
  'extends',
  'lifts',
  'reinstates',
  'ends',
  'releases',
  'satisfies',
  'contests',
  'sets-deadline',
  'moves-deadline',
  'closes-deadline',
  'replaces',
] as const satisfies readonly Effect['kind'][];
