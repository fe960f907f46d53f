import { dayNumber, instantOf, momentOf } from '#libs/calendar';
import type { Deadline } from '#libs/matter';
import type { Watch } from '../watch.ts';
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

function zoned(ms: number, timeZone: string): string {
  return instantOf(momentOf(new Date(ms).toISOString(), timeZone), timeZone);
}
