import { weekdayOf } from '../civil.ts';

/** The days off of one authority, beside Saturdays and Sundays, for the years it covers. */
export interface HolidayCalendar {
  readonly id: string;
  /** Whose days off: "the institutions of the European Union". */
  readonly of: string;
  /** Source, edition and years covered; printed in traces. */
  readonly version: string;
  covers(year: number): boolean;
  /** Why this weekday is off, with its authority; undefined when it is not. */
  dayOff(day: number, year: number): string | undefined;
  /** A caution about a weekday that is not known to be off. */
  caution?(day: number, year: number): string | undefined;
}

/** Saturdays and Sundays are off under every pack here that knows days off at all. */
export function isWeekend(day: number): boolean {
  return weekdayOf(day) >= 6;
}
