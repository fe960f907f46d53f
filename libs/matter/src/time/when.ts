import { type CivilDate, DAY, type Moment, type TraceStep } from '#libs/calendar';
import type { Inclusive } from '../record/basis.ts';
import type { Entry } from '../record/entry.ts';

/** A date worked out from its basis, as far as it is known. */
export interface When {
  /** Start of the day, or the instant. Null: unknown. */
  readonly moment: Moment | null;
  /** The civil day that the source names. */
  readonly date: CivilDate | null;
  /** Given only where the hour matters. */
  readonly instant?: string;
  readonly inclusive: Inclusive;
  /** A holiday calendar was missing: close, but not certain. */
  readonly estimated: boolean;
  /** The words of a contingency that has not happened; `moment` is then its long-stop, if it has one. */
  readonly contingent?: string;
  readonly estimate?: CivilDate;
  readonly latest?: CivilDate;
  /** The entries on which the date depends, besides the one that states it. */
  readonly deps: readonly Entry[];
  readonly trace: readonly TraceStep[];
  readonly warnings: readonly string[];
}

/** First moment after an `until`: a date is itself included unless it says no (MODEL §2). Unknown: never. */
export function endOf(until: When): Moment {
  if (until.moment === null) return Number.POSITIVE_INFINITY;
  return until.instant !== undefined || until.inclusive === 'no' ? until.moment : until.moment + DAY;
}

/** The moment something starts; unknown: never, as far as is known. */
export function startOf(when: When): Moment {
  return when.moment ?? Number.POSITIVE_INFINITY;
}
