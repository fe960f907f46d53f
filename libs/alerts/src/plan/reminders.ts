import type { Deadline } from '#libs/matter';
import type { Watch } from '../watch.ts';
import { alertId } from './alert-id.ts';
import { plain, shownDeadline } from './content.ts';
import { concerns } from './concerns.ts';
import { endingOf } from './ending.ts';
import { boundTo, wants } from './interest.ts';
import type { PlannedAlert } from './planned.ts';
import type { Snapshot } from './snapshot.ts';
import { pauseWords, reminderWords } from './words.ts';

/**
 * A reminder of an open deadline. One date has one reminder of each lead, whether it came by the clock or to catch up;
 * undefined when the watch does not want it.
 */
export function reminder(watch: Watch, lead: string, deadline: Deadline, now: Snapshot): PlannedAlert | undefined {
  const type = deadline.kind === 'pause-end' ? 'pause-ending' : 'deadline-reminder';
  const { due, matter } = deadline;
  if (!due || !wants(watch, type)) return undefined;
  const ending = type === 'pause-ending' ? endingOf(deadline, now) : undefined;
  const parties = boundTo(watch, now.roster);
  const then = ending && now.headlineOf(parties, ending.from);
  return {
    id: alertId(watch.id, type, matter, deadline.id, due.instant ?? due.date, lead),
    watch: watch.id,
    type,
    dueAt: new Date(now.ms).toISOString(),
    matter,
    entry: null,
    lead,
    test: false,
    corrects: null,
    answer: null,
    told: [...new Set(deadline.history.slice(-1).map(({ entry }) => entry))],
    before: ending ? plain({ headline: now.headlineOf(parties) }) : null,
    after: ending ? plain({ from: ending.from, headline: then, enforceable: ending.enforceable }) : null,
    deadline: shownDeadline(deadline),
    text: ending && then ? pauseWords(deadline, ending, then, now) : reminderWords(deadline, now.today),
  };
}

/** Of those of these deadlines that are open, to whom they concern. */
export function remindersOf(
  now: Snapshot,
  watches: readonly Watch[],
  lead: string,
  deadlines: Iterable<string>,
): readonly PlannedAlert[] {
  return [...deadlines].flatMap((id) => {
    const deadline = now.deadlines.get(id);
    if (!deadline || !now.isOpen(deadline)) return [];
    const meant = watches.filter((watch) => concerns(deadline, boundTo(watch, now.roster), now));
    return meant.flatMap((watch) => reminder(watch, lead, deadline, now) ?? []);
  });
}

/** One of each open deadline of which a rung was missed, as `missedOf` finds it. */
export function missedReminders(
  now: Snapshot,
  watch: Watch,
  deadlines: Iterable<string>,
  missedOf: (deadline: Deadline) => string | undefined,
): readonly PlannedAlert[] {
  return [...deadlines].flatMap((id) => {
    const deadline = now.deadlines.get(id);
    const lead = deadline && missedOf(deadline);
    return lead === undefined ? [] : remindersOf(now, [watch], lead, [id]);
  });
}
