import { type CivilDate } from './civil.ts';
import type { RulePack, RulePackId } from './rule-packs.ts';
import type { WorkingDays } from './working-days.ts';

/** What is to be counted. */
export interface Counting {
  readonly rule: RulePackId;
  /** ISO 8601, as `parsePeriod` reads it. */
  readonly period: string;
  readonly direction: 'after' | 'before';
  /** The day, or the RFC 3339 instant, of the event from which (or back from which) the period runs. */
  readonly trigger: CivilDate | string;
  readonly timeZone: string;
  /** Whose holidays, where the pack leaves the choice: see `isHolidayCalendar`. */
  readonly calendar?: string;
}

/** One step of the computation, in words, for the record. */
export interface TraceStep {
  readonly step: string;
  readonly gives: string;
  readonly authority: string;
}

export interface Counted {
  /** The last day of the period (counted backwards: the first). */
  readonly due: CivilDate;
  /** RFC 3339 with offset; only for periods in hours. */
  readonly instant?: string;
  /** A fact that the result depends on was not known; `warnings` says which. */
  readonly estimated: boolean;
  readonly warnings: readonly string[];
  readonly trace: readonly TraceStep[];
}

/** What a reader must be warned of, and whether the result is an estimate. */
export function findings(
  { calendar }: Counting,
  pack: RulePack,
  days: WorkingDays | undefined,
  sign: 1 | -1,
  ...more: readonly string[]
): { estimated: boolean; warnings: readonly string[] } {
  const warnings = [...(days?.warnings ?? []), ...more];
  if (sign === -1 && pack.silentOn?.backward !== undefined) warnings.push(pack.silentOn.backward);
  if (calendar !== undefined && !pack.calendarMayBeNamed)
    warnings.push(`${pack.id} does not choose between calendars; ${calendar} was not used.`);
  return { estimated: (days?.missing.size ?? 0) > 0, warnings };
}

/** An authority, with the calendar's version once it was consulted. */
export function cite(authority: string, days: WorkingDays): string {
  return days.used ? `${authority}; ${days.calendar.version}` : authority;
}
