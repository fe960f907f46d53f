import { calendarVersions } from './holidays/calendars.ts';
import { type RulePackId, rulePacks } from './rule-packs.ts';
import { tzdbVersion } from './zone.ts';

export { addDays, type CivilDate, civilDate, dayNumber, isCivilDate, weekday } from './civil.ts';
export { count } from './count.ts';
export type { Counted, Counting, TraceStep } from './counting.ts';
export { isHolidayCalendar } from './holidays/calendars.ts';
export { epochMs, isInstant } from './instant.ts';
export { DAY, dayOf, endOfDay, instantOf, type Moment, momentOf, startOfDay } from './moment.ts';
export { addPeriod, parsePeriod, type Period } from './period.ts';
export { countsFromPublication, isRulePack, type RulePackId } from './rule-packs.ts';
export { dateInZone, instantAt, isTimeZone } from './zone.ts';

/** Editions of everything a result can depend on; cached answers are keyed by them. */
export const versions: {
  readonly rules: Readonly<Record<RulePackId, string>>;
  readonly calendars: Readonly<Record<string, string>>;
  /** `unknown` in a browser. */
  readonly tzdb: string;
} = {
  rules: {
    'us.plain': rulePacks['us.plain'].version,
    'us.frcp6@2009': rulePacks['us.frcp6@2009'].version,
    'us.frcp6@pre-2009': rulePacks['us.frcp6@pre-2009'].version,
    'us.ofr': rulePacks['us.ofr'].version,
    'eu.1182-71': rulePacks['eu.1182-71'].version,
    'eu.1182-71.dates': rulePacks['eu.1182-71.dates'].version,
  },
  calendars: calendarVersions,
  tzdb: tzdbVersion,
};
