import { euInstitutions } from './eu-institutions.ts';
import type { HolidayCalendar } from './holiday-calendar.ts';
import { memberStates } from './member-states.ts';
import { usFederal } from './us-federal.ts';

/** The Union's own style guide writes EL for Greece. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['institutions', 'eu.institutions'],
  ['EL', 'GR'],
]);

/** The calendars that a counting may name: Regulation 1182/71, Art. 2(1), knows the institutions and each Member State. */
const nameable: ReadonlyMap<string, HolidayCalendar> = new Map(
  [euInstitutions, ...memberStates].map((calendar) => [calendar.id, calendar]),
);

/** Whether a counting may name this calendar. */
export function isHolidayCalendar(id: unknown): boolean {
  return typeof id === 'string' && holidayCalendar(id) !== undefined;
}

export function holidayCalendar(id: string): HolidayCalendar | undefined {
  return nameable.get(ALIASES.get(id) ?? id);
}

export const calendarVersions: Readonly<Record<string, string>> = Object.fromEntries(
  [usFederal, ...nameable.values()].map(({ id, version }) => [id, version]),
);
