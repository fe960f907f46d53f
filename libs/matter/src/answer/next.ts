import { dayOf, endOfDay, type Moment } from '#libs/calendar';
import type { Picture } from '../picture/picture.ts';
import type { Break } from '../picture/tracks.ts';
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
    for (const { on, what, subject } of subjects(breaks)) {
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

function subjects(breaks: readonly Break[]): readonly Break[] {
  const seen = new Set<string>();
  return breaks.filter(({ what, subject }) => {
    const key = `${what} ${subject}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
