import { dayOf, endOfDay, type Moment } from '#libs/calendar';
import type { Picture } from '../picture/picture.ts';
import type { Break } from '../picture/schedule.ts';
import { addressed } from './determination.ts';
import { type Found, foundAt } from './answer.ts';
import { type Scope, weakest } from './rows.ts';
import type { NextChange } from './shape.ts';

/**
 * Every day on which the acts counted now already schedule that the answer changes. Found by asking again on each such
 * day, so it can neither miss a change nor announce one that does not come.
 */
export function nextChanges(picture: Picture, scope: Scope, now: Found, t: Moment): readonly NextChange[] {
  const ahead = Map.groupBy(
    picture.breaks.filter(({ moment }) => moment > t),
    ({ moment }) => dayOf(moment),
  );
  const changes: NextChange[] = [];
  let before = fingerprint(now);
  for (const [day, breaks] of ahead) {
    const then = foundAt(picture, scope, endOfDay(day));
    const after = fingerprint(then);
    if (after === before) continue;
    before = after;
    const concerning = breaks.filter((each) => concerns(picture, scope, each));
    for (const { on, what, subject } of subjects(concerning.length > 0 ? concerning : breaks)) {
      changes.push({ on, from: day, what, subject, then: then.code.code });
    }
  }
  return changes;
}

/** What counts as the answer: every axis and headline; not how far back a limitation period reaches today. */
function fingerprint({ code, rows }: Found): string {
  return JSON.stringify([
    code,
    rows.map(({ axes, code: headline }) => [
      axes.instrument,
      axes.force,
      axes.operation,
      axes.applicability,
      axes.enforcement,
      weakest(axes),
      headline,
    ]),
  ]);
}

/** Whether something scheduled can change the answer for anybody asked about. */
function concerns(picture: Picture, scope: Scope, { subject, parties }: Break): boolean {
  const { roster } = picture.prepared;
  const asked = scope.groups.flat();
  const restraint = picture.restraints.get(subject);
  const only = restraint && restraint.scope.length === 0 ? restraint.effect.protects : parties;
  if (only && only !== 'all' && !asked.some((party) => roster.covers(only, party))) return false;
  const about = [...picture.provisions.values()].filter(
    ({ id, restraints }) => id === subject || (restraint !== undefined && restraints.includes(restraint)),
  );
  return about.length === 0 || about.some((each) => asked.some((party) => addressed(picture, each, party)));
}

function subjects(breaks: readonly Break[]): readonly Break[] {
  const seen = new Set<string>();
  return breaks.filter(({ what, subject }) => {
    const key = `${what} ${subject}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
