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

/** The last rung that came between two moments, the later one included: what a newcomer has missed. */
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

/** Since when a watch hears nothing, and as what it went to rest. */
export interface Rest {
  readonly since: number;
  readonly watch: Watch;
}

/**
 * The last rung that has come, by the settings of now, and was ahead when it went to rest: by these settings or by those
 * of then, for no clock would bring it any more.
 */
function sleptThrough(
  ladder: Ladder,
  watch: Watch,
  { due }: Deadline,
  { since, watch: then }: Rest,
  now: number,
): string | undefined {
  if (!due) return undefined;
  const day = dayNumber(due.date);
  const ahead = new Set(ladder.rungsOf(then, day).flatMap(({ lead, at }) => (at > since ? [lead] : [])));
  return ladder.rungsOf(watch, day).findLast(({ lead, at }) => at <= now && (at > since || ahead.has(lead)))?.lead;
}

/** Which lead of a deadline a watch has missed: by resting since then, or by a change of its hour. A new one missed none. */
export function missedBy(
  { before, after }: WatchTurn,
  rested: Rest | undefined,
  ladder: Ladder,
  now: number,
): ((deadline: Deadline) => string | undefined) | undefined {
  if (!rested && before?.at === after.at && before.timeZone === after.timeZone) return undefined;
  const rest = rested ?? (before && { since: now, watch: before });
  return rest && ((deadline) => sleptThrough(ladder, after, deadline, rest, now));
}

function zoned(ms: number, timeZone: string): string {
  return instantOf(momentOf(new Date(ms).toISOString(), timeZone), timeZone);
}
