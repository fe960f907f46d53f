/** A day of the proleptic Gregorian calendar, plain ISO `YYYY-MM-DD`, years 0001–9999. It knows no time zone. */
export type CivilDate = string & { readonly __civilDate?: never };

/** 0001-01-01 and 9999-12-31 as day numbers. */
export const FIRST_DAY = -719162;
export const LAST_DAY = 2932896;

const SHAPE = /^\d{4}-\d{2}-\d{2}$/;
const TWO_DIGITS = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));

/** Whether `text` names a real day: `2025-02-30` and year 0000 do not. */
export function isCivilDate(text: unknown): text is CivilDate {
  if (typeof text !== 'string' || !SHAPE.test(text)) return false;
  const year = yearOf(text);
  const month = digits2(text, 5);
  const day = digits2(text, 8);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** Days since 1970-01-01, negative before it. Expects a valid date. */
export function dayNumber(date: CivilDate): number {
  return dayNumberOf(yearOf(date), digits2(date, 5), digits2(date, 8));
}

/**
 * The day `day` days after 1970-01-01; the inverse of `dayNumber`.
 * @throws RangeError outside the years 0001–9999.
 */
export function civilDate(day: number): CivilDate {
  if (!(day >= FIRST_DAY && day <= LAST_DAY)) throw new RangeError(`Day ${day} is outside the years 0001 to 9999.`);
  // H. Hinnant, "chrono-compatible low-level date algorithms": years begin in March, eras have 400 years.
  const shifted = day + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36524) | 0) - ((dayOfEra / 146096) | 0)) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const monthFromMarch = ((5 * dayOfYear + 2) / 153) | 0;
  const dayOfMonth = dayOfYear - (((153 * monthFromMarch + 2) / 5) | 0) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return format(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth);
}

/** @throws RangeError outside the years 0001–9999. */
export function addDays(date: CivilDate, days: number): CivilDate {
  return civilDate(dayNumber(date) + days);
}

/** ISO weekday: 1 is Monday, 7 is Sunday. */
export function weekday(date: CivilDate): number {
  return weekdayOf(dayNumber(date));
}

/** As `weekday`, of a day number. 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

export function yearOf(date: CivilDate): number {
  return digits2(date, 0) * 100 + digits2(date, 2);
}

/** As `dayNumber`, from the parts of a date that is known to exist. */
export function dayNumberOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0) + day - 1;
  return era * 146097 + yearOfEra * 365 + (yearOfEra >> 2) - ((yearOfEra / 100) | 0) + dayOfYear - 719468;
}

/** The same date `months` later or earlier; a date that month does not have becomes its last day. */
export function addMonths(date: CivilDate, months: number): CivilDate {
  const total = yearOf(date) * 12 + digits2(date, 5) - 1 + months;
  const year = Math.floor(total / 12);
  if (year < 1 || year > 9999) throw new RangeError(`${date} and ${months} months is outside the years 0001 to 9999.`);
  const month = total - year * 12 + 1;
  return format(year, month, Math.min(digits2(date, 8), daysInMonth(year, month)));
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function format(year: number, month: number, day: number): CivilDate {
  return `${TWO_DIGITS[(year / 100) | 0]}${TWO_DIGITS[year % 100]}-${TWO_DIGITS[month]}-${TWO_DIGITS[day]}`;
}

function digits2(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
}
