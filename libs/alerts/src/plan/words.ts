import { type CivilDate, dayNumber } from '#libs/calendar';
import type { Change, Deadline, Due, Headline, Roster } from '#libs/matter';
import { axisWords } from './axis-words.ts';
import type { Closed, DeadlineFact } from './deadline-facts.ts';
import type { Ending } from './ending.ts';
import type { Pending } from './rungs.ts';
import type { Snapshot } from './snapshot.ts';

const MOST_NAMED = 3;

/** Some names in one phrase. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, names.length > MOST_NAMED + 1 ? MOST_NAMED : names.length);
  const left = names.length - shown.length;
  const all = left > 0 ? [...shown, `${left} more`] : shown;
  const last = all.at(-1) ?? 'nobody';
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${last}` : last;
}

export function partyNames(roster: Roster, ids: readonly string[]): string {
  return named(ids.map((id) => roster.get(id)?.name ?? id));
}

/** How far off, counted in days of the legal zone. */
export function away(today: CivilDate, due: CivilDate): string {
  const days = dayNumber(due) - dayNumber(today);
  if (days === 0) return 'today';
  return days === 1 ? 'tomorrow' : `in ${days} days`;
}

export function dueWords(due: Due): string {
  return due.instant ?? due.date;
}

export function setWords({ before, after }: DeadlineFact, today: CivilDate): string {
  const { due, title, state, contingent } = after;
  const what = before && before.due !== null ? 'Open again' : before ? 'Now dated' : 'New deadline';
  if (!due) return `${what}: ${title}, on a day not known yet${contingent === undefined ? '' : ` (${contingent})`}.`;
  if (state === 'lapsed' || state === 'reached')
    return `${what}: ${title}, which was due on ${dueWords(due)} and has passed.`;
  const about = state === 'estimated' ? 'about ' : '';
  return `${what}: ${title}, due ${about}${dueWords(due)} (${away(today, due.date)}).`;
}

export function movedWords(
  { before, after }: DeadlineFact,
  cancelled: readonly Pending[],
  by: string | undefined,
): string {
  const from = before?.due ? dueWords(before.due) : 'a day not known yet';
  const to = after.due
    ? dueWords(after.due)
    : `a day not known yet${after.contingent === undefined ? '' : ` (${after.contingent})`}`;
  const passed = after.state === 'lapsed' || after.state === 'reached' ? ', which has passed' : '';
  return `${after.title}: moved from ${from} to ${to}${passed}${because(by)}${cancelledWords(cancelled)}.`;
}

const endings: Readonly<Record<Closed, string>> = {
  met: 'met',
  withdrawn: 'withdrawn',
  vacated: 'vacated',
  moot: 'moot',
  superseded: 'superseded',
  lapsed: 'passed, and nothing is recorded that meets it',
  reached: 'reached',
};

export function closedWords(
  fact: Extract<DeadlineFact, { type: 'deadline-closed' }>,
  cancelled: readonly Pending[],
  by: string | undefined,
): string {
  const { after, how, gone } = fact;
  const due = after.due ? ` (due ${dueWords(after.due)})` : '';
  const late = how === 'met' && after.late === true ? ', after it was due' : '';
  const left = gone ? 'no longer in the record' : `${endings[how]}${late}`;
  return `${after.title}${due}: ${left}${because(by)}${cancelledWords(cancelled)}.`;
}

export function reminderWords({ title, due, state }: Deadline, today: CivilDate): string {
  if (!due) return `${title}.`;
  const about = state === 'estimated' ? 'about ' : '';
  return `${title}: due ${about}${dueWords(due)}, ${away(today, due.date)}.`;
}

/** What becomes enforceable, by whom and against whom, if nothing happens. */
export function pauseWords(
  { title, due }: Deadline,
  ending: Ending,
  then: Headline,
  { today, roster }: Snapshot,
): string {
  const when = due ? `${title}: ${dueWords(due)}, ${away(today, due.date)}` : title;
  if (ending.enforceable.length === 0) {
    return `${when}. If nothing happens, nothing becomes enforceable by it; from ${ending.from}: ${then.text}.`;
  }
  const by = partyNames(roster, [...new Set(ending.enforceable.map(({ enforcer }) => enforcer))]);
  const against = partyNames(roster, [...new Set(ending.enforceable.flatMap(({ parties }) => parties))]);
  const what = named([...new Set(ending.enforceable.map((each) => each.title))]);
  return `${when}. If nothing happens, from ${ending.from} ${by} may enforce against ${against}: ${what}.`;
}

/** The two headlines; or, where they read alike, what changed below them. `titled` names a provision. */
export function statusWords(
  about: string,
  [before, after]: readonly [Headline, Headline],
  changes: readonly Change[],
  by: string | undefined,
  titled: (provision: string) => string,
): string {
  const whom = `${about}${because(by)}`;
  if (before.text !== after.text) return `${whom}: “${before.text}” became “${after.text}”.`;
  const provisions = (of: readonly Change[]): string =>
    named([...new Set(of.map(({ provision }) => `“${titled(provision)}”`))]);
  const added = changes.filter((each) => !each.before);
  const gone = changes.filter((each) => !each.after);
  const turned = changes.flatMap((each) =>
    each.before && each.after ? [axisWords(each, titled(each.provision))] : [],
  );
  const what = [
    ...(added.length > 0 ? [`${provisions(added)} came up`] : []),
    ...(gone.length > 0 ? [`${provisions(gone)} went`] : []),
    ...new Set(turned),
  ];
  return `${whom}: still “${after.text}”, but ${named(what)}.`;
}

function because(by: string | undefined): string {
  return by === undefined ? '' : `, by ${by}`;
}

function cancelledWords(cancelled: readonly Pending[]): string {
  if (cancelled.length === 0) return '';
  const which = cancelled.map(({ lead, at }) => `${lead} on ${at}`).join(', ');
  return `; cancelled: ${cancelled.length === 1 ? 'the reminder' : 'the reminders'} ${which}`;
}
