import { addDays, addMonths, type CivilDate } from './civil.ts';

/** How long: calendar units, or hours and minutes. The other kind is all zero. */
export interface Period {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
}

const SHAPE = /^P(?:(\d{1,7})Y)?(?:(\d{1,7})M)?(?:(\d{1,7})W)?(?:(\d{1,7})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,7})M)?)?$/;

/** A thousand years. Longer periods are typing errors, and would leave the years 0001–9999. */
const LONGEST_DAYS = 366_000;

/**
 * Reads an ISO 8601 duration such as `P270D`, `P3M`, `P2W`, `P1Y6M` or `PT72H`.
 * Undefined for anything that no rule pack could count: zero, negative, fractional, longer than a thousand years,
 * or days mixed with hours (each pack counts the two by different rules).
 */
export function parsePeriod(text: unknown): Period | undefined {
  const match = typeof text === 'string' ? SHAPE.exec(text) : null;
  if (!match || match[0].endsWith('T')) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0] = match
    .slice(1)
    .map((n) => Number(n ?? 0));
  const calendarDays = years * 366 + months * 31 + weeks * 7 + days;
  const clockMinutes = hours * 60 + minutes;
  if (calendarDays > 0 === clockMinutes > 0) return undefined;
  if (calendarDays > LONGEST_DAYS || clockMinutes > LONGEST_DAYS * 1440) return undefined;
  return { years, months, weeks, days, hours, minutes };
}

/** Whether the period is counted in hours, not in days or a longer unit. */
export function isHourly(period: Period): boolean {
  return period.hours > 0 || period.minutes > 0;
}

/**
 * The calendar part of a period, counted on (`1`) or back (`-1`): years and months first, month ends clamped, then
 * weeks and days. Hours and minutes are left to the caller.
 * @throws RangeError outside the years 0001–9999.
 */
export function addPeriod(date: CivilDate, period: Period, sign: 1 | -1): CivilDate {
  const months = period.years * 12 + period.months;
  const anchor = months === 0 ? date : addMonths(date, sign * months);
  const days = period.weeks * 7 + period.days;
  return days === 0 ? anchor : addDays(anchor, sign * days);
}
