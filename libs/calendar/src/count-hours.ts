import { civilDate, dayNumber, isCivilDate } from './civil.ts';
import { cite, type Counted, type Counting, findings, type TraceStep } from './counting.ts';
import { CIVIL_DAY_MS, epochMs, isInstant } from './instant.ts';
import { instantAtMs } from './moment.ts';
import type { Period } from './period.ts';
import type { RulePack } from './rule-packs.ts';
import type { WorkingDays } from './working-days.ts';
import { dayInZone, instantAt, isTimeZone, offsetAt, startOfDayMs, tzdbVersion } from './zone.ts';

const HOUR_MS = 3_600_000;

const HOUR_UNKNOWN = 'The hour of the event is not known: counted from the start of its day.';

/**
 * Counts a period in hours, as time elapsed: a clock change in between moves the clock time, not the length (committee
 * note of 2009 to Fed. R. Civ. P. 6(a)(2)).
 */
export function countHours(counting: Counting, pack: RulePack, period: Period, days?: WorkingDays): Counted {
  const { trigger, timeZone } = counting;
  if (!isTimeZone(timeZone)) throw new RangeError(`Unknown time zone: ${timeZone}`);
  const sign = counting.direction === 'after' ? 1 : -1;
  const tz = `tz ${tzdbVersion}`;
  const event = eventMs(trigger, timeZone);
  const trace: TraceStep[] = [
    { step: 'the event', gives: instantAtMs(event, timeZone), authority: `the record; ${tz}` },
  ];
  const { start, authority } = pack.hours;
  const from = start === 'at-once' ? event : nextFullHour(event, timeZone, sign);
  trace.push({
    step: start === 'at-once' ? 'the count begins at once' : 'the hour of the event is not counted',
    gives: instantAtMs(from, timeZone),
    authority,
  });
  let end = from + sign * (period.hours * 60 + period.minutes) * 60_000;
  trace.push({
    step: `count every hour of ${counting.period} ${sign === 1 ? 'on' : 'back'}`,
    gives: instantAtMs(end, timeZone),
    authority: `${authority}; ${tz}`,
  });
  const rolls = pack.hours.rolls ? days : undefined;
  if (rolls) end = rollHours(end, timeZone, sign, authority, rolls, trace);
  const warnings = [
    ...(isCivilDate(trigger) ? [HOUR_UNKNOWN] : []),
    ...(pack.silentOn?.hours === undefined ? [] : [pack.silentOn.hours]),
    ...floorCaution(from, end, timeZone, pack, days),
  ];
  const found = findings(counting, pack, days, sign, ...warnings);
  return {
    due: civilDate(dayInZone(end, timeZone)),
    instant: instantAtMs(end, timeZone),
    estimated: found.estimated || isCivilDate(trigger),
    warnings: found.warnings,
    trace,
  };
}

function eventMs(trigger: string, timeZone: string): number {
  if (isCivilDate(trigger)) return startOfDayMs(dayNumber(trigger), timeZone);
  if (!isInstant(trigger)) throw new RangeError('The trigger is neither a date nor an instant.');
  return epochMs(trigger);
}

/** The end (counting back: the start) of the hour, on local clocks, in which the event falls. */
function nextFullHour(event: number, timeZone: string, sign: 1 | -1): number {
  const intoHour = (event + offsetAt(event, timeZone)) % HOUR_MS;
  const hourStart = event - (intoHour < 0 ? intoHour + HOUR_MS : intoHour);
  return sign === 1 ? hourStart + HOUR_MS : hourStart;
}

/** On to the same clock time of the next (counting back: the last earlier) day that is not off. */
function rollHours(
  end: number,
  timeZone: string,
  sign: 1 | -1,
  authority: string,
  days: WorkingDays,
  trace: TraceStep[],
): number {
  const day = dayInZone(end, timeZone);
  const good = days.roll(day, sign);
  if (good === day) {
    const step = `${civilDate(day)} is a working day`;
    trace.push({ step, gives: instantAtMs(end, timeZone), authority: cite(authority, days) });
    return end;
  }
  const clock = end + offsetAt(end, timeZone);
  const rolled = instantAt(good, clock - Math.floor(clock / CIVIL_DAY_MS) * CIVIL_DAY_MS, timeZone);
  const which = sign === 1 ? 'next' : 'last earlier';
  trace.push({
    step: `${civilDate(day)} is off (${days.dayOff(day)}): the same time of the ${which} working day`,
    gives: instantAtMs(rolled, timeZone),
    authority: cite(authority, days),
  });
  return rolled;
}

/**
 * Art. 3(5) of Regulation 1182/71 speaks of "any period of two days or more". Whether 72 hours are one is disputed, so the
 * floor is not applied, and the reader is told when it would matter: counted, like days, without the day of the event.
 */
function floorCaution(from: number, end: number, timeZone: string, pack: RulePack, days?: WorkingDays): string[] {
  if (!pack.floor || !days || Math.abs(end - from) < 48 * HOUR_MS) return [];
  const sign = end > from ? 1 : -1;
  const last = dayInZone(sign === 1 ? end - 1 : end, timeZone);
  const least = days.nth(dayInZone(from, timeZone), pack.floor.workingDays, sign);
  if ((last - least) * sign >= 0) return [];
  return [`Fewer than two working days: ${pack.floor.authority} may apply to a period in hours, and was not applied.`];
}
