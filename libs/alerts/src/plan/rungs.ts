import { dayNumber, instantOf, momentOf } from '#libs/calendar';
import type { Deadline } from '#libs/matter';
import type { Watch } from '../watch.ts';
import type { WatchTurn } from '../watches/watch-list.ts';
import type { Ladder } from './ladder.ts';

/** A reminder that has not come yet. */
export interface Pending {
  readonly lead: string;
  /** RFC 3339, in the watcher's zone. */
  readonly at: string;
}

/** The reminders that a watch still had to expect of a deadline. */
export function pendingRungs(ladder: Ladder, watch: Watch, { due }: Deadline, now: number): readonly Pending[] {
  if (!due) return [];
  return ladder
    .rungsOf(watch, dayNumber(due.date))
    .filter(({ at }) => at > now)
    .map(({ lead, at }) => ({ lead, at: zoned(at, watch.timeZone) }));
}

/** The last rung that came between two moments, the later one included: what a newcomer, or a sleeper, has missed. */
export function missedRung(
  ladder: Ladder,
  watch: Watch,
  { due }: Deadline,
  after: number,
  now: number,
): string | undefined {
  if (!due) return undefined;
  return ladder.rungsOf(watch, dayNumber(due.date)).findLast(({ at }) => at > after && at <= now)?.lead;
}

/** The last rung that was ahead by the settings before, and is past by those after: no clock would bring it any more. */
function skippedRung(
  ladder: Ladder,
  [before, after]: readonly [Watch, Watch],
  { due }: Deadline,
  now: number,
): string | undefined {
  if (!due || (before.at === after.at && before.timeZone === after.timeZone)) return undefined;
  const day = dayNumber(due.date);
  const ahead = new Set(ladder.rungsOf(before, day).flatMap(({ lead, at }) => (at > now ? [lead] : [])));
  return ladder.rungsOf(after, day).findLast(({ lead, at }) => at <= now && ahead.has(lead))?.lead;
}

/** Which lead of a deadline a watch has missed: by resting since then, or by a change of its hour. A new one missed none. */
export function missedBy(
  { before, after }: WatchTurn,
  rested: number | undefined,
  ladder: Ladder,
  now: number,
): ((deadline: Deadline) => string | undefined) | undefined {
  if (rested !== undefined) return (deadline) => missedRung(ladder, after, deadline, rested, now);
  return before && ((deadline) => skippedRung(ladder, [before, after], deadline, now));
}

function zoned(ms: number, timeZone: string): string {
  return instantOf(momentOf(new Date(ms).toISOString(), timeZone), timeZone);
}
