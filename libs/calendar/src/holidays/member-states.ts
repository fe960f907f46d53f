import type { HolidayCalendar } from './holiday-calendar.ts';
import { MEMBER_STATES, MEMBER_STATES_FROM, MEMBER_STATES_SOURCE, MEMBER_STATES_TO } from './member-states.data.ts';
import { monthDays } from './month-days.ts';

/**
 * One calendar for each Member State: its nationwide holidays. Regional ones, and the lists that Member States send to
 * the Commission under Regulation 1182/71, Art. 2(2), are not in it.
 */
export const memberStates: readonly HolidayCalendar[] = Object.entries(MEMBER_STATES).map(([state, table]) => {
  const parsed = new Map<number, ReadonlySet<number>>();
  return {
    id: state,
    of: state,
    version: `${state}: ${MEMBER_STATES_SOURCE}, nationwide holidays ${MEMBER_STATES_FROM}–${MEMBER_STATES_TO}`,
    covers: (year) => year >= MEMBER_STATES_FROM && year <= MEMBER_STATES_TO,
    dayOff(day, year) {
      let days = parsed.get(year);
      if (!days) parsed.set(year, (days = monthDays(year, table.split(',')[year - MEMBER_STATES_FROM] ?? '')));
      return days.has(day) ? `public holiday in ${state}` : undefined;
    },
  };
});
