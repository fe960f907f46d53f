import { type CivilDate, civilDate, dayNumber, isCivilDate } from './civil.ts';
import { cite, type Counted, type Counting, findings, type TraceStep } from './counting.ts';
import { epochMs, isInstant } from './instant.ts';
import { addPeriod, type Period } from './period.ts';
import type { RulePack } from './rule-packs.ts';
import type { WorkingDays } from './working-days.ts';
import { dateInZone, isTimeZone, tzdbVersion } from './zone.ts';

/** Counts a period in days or longer units: whole civil days. */
export function countDays(counting: Counting, pack: RulePack, period: Period, days: WorkingDays | undefined): Counted {
  const sign = counting.direction === 'after' ? 1 : -1;
  const trace: TraceStep[] = [];
  const from = triggerDay(counting, trace);
  trace.push({ step: pack.excludesTrigger.step, gives: from, authority: pack.excludesTrigger.authority });
  const last = landing(from, counting.period, period, sign, pack, days, trace);
  const day = days ? settle(last, from, period, sign, pack, days, trace) : dayNumber(last);
  const due = civilDate(day);
  const end =
    sign === 1 ? 'the period ends with the end of the day' : 'the period reaches back to the start of the day';
  trace.push({ step: pack.dayEnd.step ?? end, gives: due, authority: pack.dayEnd.authority });
  return { due, ...findings(counting, pack, days, sign), trace };
}

/** The day on which the count lands, before any rolling. */
function landing(
  from: CivilDate,
  text: string,
  period: Period,
  sign: 1 | -1,
  pack: RulePack,
  days: WorkingDays | undefined,
  trace: TraceStep[],
): CivilDate {
  const way = sign === 1 ? 'on' : 'back';
  const inDays = period.weeks * 7 + period.days;
  const short = pack.skipsDaysOffUnder;
  if (short && days && period.years === 0 && period.months === 0 && inDays < short.days) {
    const due = civilDate(days.nth(dayNumber(from), inDays, sign));
    trace.push({
      step: `count ${text} ${way}, leaving out Saturdays, Sundays and holidays (under ${short.days} days)`,
      gives: due,
      authority: cite(short.authority, days),
    });
    return due;
  }
  const due = addPeriod(from, period, sign);
  trace.push({ step: `count ${text} ${way}`, gives: due, authority: pack.counts.authority });
  // Days never move the day of the month of a period in months alone, so a smaller one means the month was too short.
  if (inDays === 0 && due.slice(8) < from.slice(8))
    trace.push({ step: 'that month has no such date: its last day', gives: due, authority: pack.counts.monthEnds });
  return due;
}

/** Rolls the landing day off days off, and applies the floor. */
function settle(
  last: CivilDate,
  from: CivilDate,
  period: Period,
  sign: 1 | -1,
  pack: RulePack,
  days: WorkingDays,
  trace: TraceStep[],
): number {
  let day = dayNumber(last);
  const rolls = sign === 1 ? pack.rolls?.forward : pack.rolls?.backward;
  if (rolls !== undefined) day = rollOff(day, sign, rolls, pack, days, trace);
  const { floor } = pack;
  if (!floor || (period.years === 0 && period.months === 0 && period.weeks === 0 && period.days < 2)) return day;
  const least = days.nth(dayNumber(from), floor.workingDays, sign);
  if ((day - least) * sign >= 0) return day;
  trace.push({
    step: `the period must include ${floor.workingDays} working days`,
    gives: civilDate(least),
    authority: cite(floor.authority, days),
  });
  return least;
}

function rollOff(day: number, sign: 1 | -1, authority: string, pack: RulePack, days: WorkingDays, trace: TraceStep[]) {
  const rolled = days.roll(day, sign);
  const note = pack.rolls?.note === undefined ? '' : ` ${pack.rolls.note}`;
  const step =
    rolled === day
      ? `${civilDate(day)} is a working day`
      : `${civilDate(day)} is off (${days.dayOff(day)}): on to the ${sign === 1 ? 'next' : 'last earlier'} working day`;
  trace.push({ step: step + (note && `.${note}`), gives: civilDate(rolled), authority: cite(authority, days) });
  return rolled;
}

/** The civil day of the trigger, with the first line of the trace. */
function triggerDay({ trigger, timeZone }: Counting, trace: TraceStep[]): CivilDate {
  if (isCivilDate(trigger)) {
    trace.push({ step: 'the event', gives: trigger, authority: 'the record' });
    return trigger;
  }
  if (!isInstant(trigger)) throw new RangeError('The trigger is neither a date nor an instant.');
  if (!isTimeZone(timeZone)) throw new RangeError(`Unknown time zone: ${timeZone}`);
  const day = dateInZone(epochMs(trigger), timeZone);
  trace.push({ step: `the event, ${trigger}, in ${timeZone}`, gives: day, authority: `the record; tz ${tzdbVersion}` });
  return day;
}
