import { countDays } from './count-days.ts';
import { countHours } from './count-hours.ts';
import type { Counted, Counting } from './counting.ts';
import { holidayCalendar } from './holidays/calendars.ts';
import { isHourly, parsePeriod } from './period.ts';
import { isRulePack, type RulePack, rulePacks } from './rule-packs.ts';
import { WorkingDays } from './working-days.ts';

/**
 * Counts a period by a rule pack. Pure; monotone in the trigger for every pack.
 * @throws RangeError when the counting is malformed, or its result lies outside the years 0001–9999.
 */
export function count(counting: Counting): Counted {
  const { rule, period: text, direction } = counting;
  if (!isRulePack(rule)) throw new RangeError(`Unknown rule pack: ${String(rule)}`);
  const period = parsePeriod(text);
  if (!period) throw new RangeError(`Not a period that can be counted: ${text}`);
  if (direction !== 'after' && direction !== 'before') throw new RangeError(`Unknown direction: ${String(direction)}`);
  const pack = rulePacks[rule];
  const days = workingDaysOf(pack, counting.calendar);
  return isHourly(period) ? countHours(counting, pack, period, days) : countDays(counting, pack, period, days);
}

function workingDaysOf(pack: RulePack, named: string | undefined): WorkingDays | undefined {
  const chosen = named === undefined ? undefined : holidayCalendar(named);
  if (named !== undefined && !chosen) throw new RangeError(`Unknown holiday calendar: ${named}`);
  if (!pack.calendar) return undefined;
  return new WorkingDays(pack.calendarMayBeNamed && chosen ? chosen : pack.calendar);
}
