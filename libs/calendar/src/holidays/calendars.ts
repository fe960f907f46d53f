import { euInstitutions } from './eu-institutions.ts';
import type { HolidayCalendar } from './holiday-calendar.ts';
import { usFederal } from './us-federal.ts';

const ALIASES: Readonly<Record<string, string>> = { institutions: 'eu.institutions', EL: 'GR' };

/** The calendars that a counting may name: Regulation 1182/71, Art. 2(1), knows the institutions and each Member State. */
const nameable = new Map<string, HolidayCalendar>([[euInstitutions.id, euInstitutions]]);

/** Whether a counting may name this calendar. */
export function isHolidayCalendar(id: unknown): boolean {
  return typeof id === 'string' && holidayCalendar(id) !== undefined;
}

export function holidayCalendar(id: string): HolidayCalendar | undefined {
  return nameable.get((Object.hasOwn(ALIASES, id) ? ALIASES[id] : undefined) ?? id);
}

export const calendarVersions: Readonly<Record<string, string>> = Object.fromEntries(
  [usFederal, ...nameable.values()].map(({ id, version }) => [id, version]),
);
