import type { CivilDate, RulePackId } from '#libs/calendar';

/** Whether an `until` date is itself part of the period. Absent and `unstated` mean yes (MODEL §2). */
export type Inclusive = 'yes' | 'no' | 'unstated';

/** An RFC 3339 instant with an offset. */
export type Instant = string;

/** A known date or instant. Exactly one of `date` and `instant` is given. */
export interface FixedBasis {
  readonly date?: CivilDate;
  readonly instant?: Instant;
  readonly inclusive?: Inclusive;
}

/** What a period is counted from: a date, an instant, an entry's act, or an instrument's enactment, issue or publication. */
export type Trigger = CivilDate | Instant | { readonly entry: string } | { readonly instrument: string };

/** A date counted by a rule pack. Exactly one of `after` and `before` is given. */
export interface CountedBasis {
  readonly period: string;
  readonly after?: Trigger;
  readonly before?: Trigger;
  readonly rule: RulePackId;
  readonly calendar?: string;
  readonly inclusive?: Inclusive;
}

export interface EarliestBasis {
  readonly earliest: readonly Basis[];
  readonly inclusive?: Inclusive;
}

export interface LatestBasis {
  readonly latest: readonly Basis[];
  readonly inclusive?: Inclusive;
}

/** Unknown until an effect `satisfies` the condition; `latest` is a long-stop; an `estimate` is shown, never relied on. */
export interface ContingentBasis {
  readonly contingent: string;
  readonly condition?: string;
  readonly estimate?: CivilDate;
  readonly latest?: CivilDate;
  readonly inclusive?: Inclusive;
}

/** How a date is known. A bare string is a fixed date or instant. */
export type Basis = CivilDate | Instant | FixedBasis | CountedBasis | EarliestBasis | LatestBasis | ContingentBasis;
