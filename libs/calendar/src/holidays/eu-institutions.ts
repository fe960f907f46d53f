import type { HolidayCalendar } from './holiday-calendar.ts';
import { monthDays } from './month-days.ts';

/**
 * Weekdays off by year (`MMDD`), from the Commission's yearly decisions under Article 61 of the Staff Regulations; where
 * a day is kept in Brussels only (21 July) or in Luxembourg only (23 June), Brussels is followed.
 */
const YEARS: Readonly<Record<number, { readonly days: string; readonly source: string; readonly caution?: string }>> = {
  2014: {
    days: '0101 0102 0417 0418 0421 0501 0509 0529 0530 0609 0721 0815 1224 1225 1226 1229 1230 1231',
    source: 'OJ C 39, 12.2.2013, p. 26',
  },
  2023: {
    days: '0102 0406 0407 0410 0501 0509 0518 0519 0529 0721 0815 1101 1102 1225 1226 1227 1228 1229',
    source: 'OJ C 201 I, 28.5.2021, p. 2',
  },
  2024: {
    days: '0101 0102 0328 0329 0401 0501 0509 0510 0520 0815 1101 1223 1224 1225 1226 1227 1230 1231',
    source: 'OJ C 440, 21.11.2022, p. 15; 23 December from Parliament’s calendar',
  },
  2025: {
    days: '0101 0102 0417 0418 0421 0501 0509 0529 0530 0609 0721 0815 1224 1225 1226 1229 1230 1231',
    source: 'calendars of the institutions',
    caution: 'not compared with the Official Journal; Parliament was closed on 3 January 2025 as well',
  },
  2026: {
    days: '0101 0102 0402 0403 0406 0501 0514 0515 0525 0721 1102 1224 1225 1228 1229 1230 1231',
    source: 'the feasts of every earlier list',
    caution: 'not compared with the Official Journal',
  },
};

const parsed = new Map<number, ReadonlySet<number>>();

export const euInstitutions: HolidayCalendar = {
  id: 'eu.institutions',
  of: 'the institutions of the European Union',
  version: `eu.institutions: 1 (${Object.entries(YEARS)
    .map(([year, { source }]) => `${year}: ${source}`)
    .join('; ')})`,
  covers: (year) => YEARS[year] !== undefined,
  dayOff(day, year) {
    let days = parsed.get(year);
    if (!days) parsed.set(year, (days = monthDays(year, YEARS[year]?.days ?? '')));
    return days.has(day) ? `holiday of the institutions, ${YEARS[year]?.source}` : undefined;
  },
  caution(_day, year) {
    const caution = YEARS[year]?.caution;
    return caution && `Holidays of the EU institutions in ${year}: ${caution}.`;
  },
};
