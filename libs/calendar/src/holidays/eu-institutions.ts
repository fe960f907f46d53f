import { dayNumberOf } from '../civil.ts';
import type { HolidayCalendar } from './holiday-calendar.ts';

// PLACEHOLDER until the next commit fills the years.
const YEARS: Readonly<Record<number, string>> = {
  2026: '0101 0102 0402 0403 0406 0501 0514 0515 0525 0721 1102 1224 1225 1228 1229 1230 1231',
};

/** "0101 0102" of a year, as day numbers. */
export function daysOf(year: number, monthDays: string): ReadonlySet<number> {
  const listed = monthDays === '' ? [] : monthDays.split(' ');
  return new Set(listed.map((text) => dayNumberOf(year, Number(text.slice(0, 2)), Number(text.slice(2)))));
}

const parsed = new Map<number, ReadonlySet<number>>();

export const euInstitutions: HolidayCalendar = {
  id: 'eu.institutions',
  of: 'the institutions of the European Union',
  version: `eu.institutions: Commission decisions on public holidays, years ${Object.keys(YEARS).join(', ')}`,
  covers: (year) => YEARS[year] !== undefined,
  dayOff(day, year) {
    let days = parsed.get(year);
    if (!days) parsed.set(year, (days = daysOf(year, YEARS[year] ?? '')));
    return days.has(day) ? `public holiday of the institutions, ${year}` : undefined;
  },
};
