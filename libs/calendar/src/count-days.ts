import { type CivilDate, civilDate, dayNumber, isCivilDate } from './civil.ts';
import { cite, type Counted, type Counting, findings, type TraceStep } from './counting.ts';
import { epochMs, isInstant } from './instant.ts';
import { addPeriod, type Period } from './period.ts';
import type { RulePack } from './rule-packs.ts';
import type { WorkingDays } from './working-days.ts';
import { dateInZone, isTimeZone, tzdbVersion } from './zone.ts';

/** One count under way. */
interface Run {
  readonly text: string;
  readonly period: Period;
  readonly from: CivilDate;
  /** 1 counts on, -1 counts back. */
  readonly sign: 1 | -1;
  readonly pack: RulePack;
  readonly trace: TraceStep[];
}

/** Counts a period in days or longer units: whole civil days. */
export function countDays(counting: Counting, pack: RulePack, period: Period, days: WorkingDays | undefined): Counted {
  const sign = counting.direction === 'after' ? 1 : -1;
  const trace: TraceStep[] = [];
  const from = triggerDay(counting, trace);
  trace.push({ step: pack.excludesTrigger.step, gives: from, authority: pack.excludesTrigger.authority });
  const run: Run = { text: counting.period, period, from, sign, pack, trace };
  const last = landing(run, days);
  const due = days ? civilDate(floored(rolled(dayNumber(last), run, days), run, days)) : last;
  const end =
    sign === 1 ? 'the period ends with the end of the day' : 'the period reaches back to the start of the day';
  trace.push({ step: pack.dayEnd.step ?? end, gives: due, authority: pack.dayEnd.authority });
  return { due, ...findings(counting, pack, days, sign), trace };
}

/** The day on which the count lands, before any rolling. */
function landing({ text, period, from, sign, pack, trace }: Run, days: WorkingDays | undefined): CivilDate {
  const way = sign === 1 ? 'on' : 'back';
  const inDays = period.weeks * 7 + period.days;
  const short = pack.skipsDaysOffUnder;
  if (short && days && period.years === 0 && period.months === 0 && inDays < short.days) {
    const due = civilDate(days.nth(dayNumber(from), inDays, sign));
    const step = `count ${text} ${way}, leaving out Saturdays, Sundays and holidays (under ${short.days} days)`;
    trace.push({ step, gives: due, authority: cite(short.authority, days) });
    return due;
  }
  const due = addPeriod(from, period, sign);
  trace.push({ step: `count ${text} ${way}`, gives: due, authority: pack.counts.authority });
  // Months alone keep the day of the month, so a smaller one means that the month was too short.
  if (inDays === 0 && due.slice(8) < from.slice(8))
    trace.push({ step: 'that month has no such date: its last day', gives: due, authority: pack.counts.monthEnds });
  return due;
}

/** Off the days off, in the direction of counting, if the pack rolls that way. */
function rolled(day: number, { sign, pack, trace }: Run, days: WorkingDays): number {
  const authority = sign === 1 ? pack.rolls?.forward : pack.rolls?.backward;
  if (authority === undefined) return day;
  const good = days.roll(day, sign);
  const which = sign === 1 ? 'next' : 'last earlier';
  const step =
    good === day
      ? `${civilDate(day)} is a working day.`
      : `${civilDate(day)} is off (${days.dayOff(day)}): on to the ${which} working day.`;
  const note = pack.rolls?.note;
  trace.push({
    step: note === undefined ? step.slice(0, -1) : `${step} ${note}`,
    gives: civilDate(good),
    authority: cite(authority, days),
  });
  return good;
}

/** Far enough that the period includes the working days that the pack demands. The later of two monotone days, so monotone. */
function floored(day: number, { period, from, sign, pack, trace }: Run, days: WorkingDays): number {
  const { floor } = pack;
  if (!floor || (period.years === 0 && period.months === 0 && period.weeks === 0 && period.days < 2)) return day;
  const start = dayNumber(from);
  // Looked for from the far end, so that a long period never needs the calendar of the year in which it began.
  let left = floor.workingDays;
  for (let at = day; at !== start && left > 0; at -= sign) if (days.isWorking(at)) left -= 1;
  if (left === 0) return day;
  const least = days.nth(start, floor.workingDays, sign);
  const step = `the period must include ${floor.workingDays} working days`;
  trace.push({ step, gives: civilDate(least), authority: cite(floor.authority, days) });
  return least;
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
