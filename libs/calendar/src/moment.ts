import { civilDate, type CivilDate, dayNumber } from './civil.ts';
import { CIVIL_DAY_MS, epochMs, formatInstant } from './instant.ts';
import { dayInZone, offsetAt, startOfDayMs } from './zone.ts';

/**
 * A point on one matter's time line: `dayNumber * DAY` + milliseconds elapsed since that civil day began in the matter's
 * zone. Exact, totally ordered, and civil dates become moments without asking a time zone. Moments of two zones must not
 * be compared.
 */
export type Moment = number;

/** More milliseconds than any day ever had: clock changes make 25 hours, a move of the date line 48 (Alaska, 1867). */
export const DAY: number = 2 ** 28;

export function startOfDay(date: CivilDate): Moment {
  return dayNumber(date) * DAY;
}

/** The last moment of a day. */
export function endOfDay(date: CivilDate): Moment {
  return startOfDay(date) + DAY - 1;
}

export function dayOf(moment: Moment): CivilDate {
  return civilDate(Math.floor(moment / DAY));
}

/** @throws RangeError when `instant` is not RFC 3339, or `timeZone` is no time zone. */
export function momentOf(instant: string, timeZone: string): Moment {
  return momentAt(epochMs(instant), timeZone);
}

/** As `momentOf`, from epoch milliseconds. */
export function momentAt(ms: number, timeZone: string): Moment {
  const day = dayInZone(ms, timeZone);
  return day * DAY + (ms - startOfDayMs(day, timeZone));
}

/**
 * RFC 3339 with the zone's offset then. A moment after its day's last instant (such as `endOfDay`) gives that last
 * instant, to the millisecond.
 */
export function instantOf(moment: Moment, timeZone: string): string {
  const day = Math.floor(moment / DAY);
  const start = startOfDayMs(day, timeZone);
  const next = startOfDayMs(day + 1, timeZone);
  const ms = Math.max(start, Math.min(start + (moment - day * DAY), next - 1));
  return instantAtMs(ms, timeZone);
}

/** RFC 3339 of epoch milliseconds in a zone. */
export function instantAtMs(ms: number, timeZone: string): string {
  // RFC 3339 offsets are whole minutes; local mean times were not.
  const offsetMinutes = Math.round(offsetAt(ms, timeZone) / 60_000);
  const local = ms + offsetMinutes * 60_000;
  const localDay = Math.floor(local / CIVIL_DAY_MS);
  return formatInstant(civilDate(localDay), local - localDay * CIVIL_DAY_MS, offsetMinutes);
}
