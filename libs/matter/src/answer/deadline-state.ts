import { type CivilDate, dayOf, type Moment } from '#libs/calendar';
import type { Picture } from '../picture/picture.ts';
import type { When } from '../time/when.ts';
import type { Deadline, DeadlineKind, DeadlineState, Due } from './shape.ts';

/** One date that a deadline has had, and by which entry. */
export interface Dated {
  readonly when: When;
  readonly entry: string;
  /** The first moment at which it has passed. */
  readonly passes: Moment;
  /** It only estimates, and moves nothing. */
  readonly estimateOnly: boolean;
}

export interface Closing {
  readonly how: 'met' | 'withdrawn' | 'vacated' | 'moot' | 'superseded';
  readonly moment: Moment;
  readonly entry: string;
  /** Said by an entry: it counts even after the date has passed. */
  readonly said?: boolean;
}

/** What is known of a deadline before its state is derived. */
export interface DeadlineStory {
  readonly id: string;
  readonly title: string;
  readonly kind: DeadlineKind;
  readonly obligated: readonly string[];
  readonly provision?: string;
  /** Every date it had, in legal order. */
  readonly dates: readonly Dated[];
  readonly closings: readonly (Closing | undefined)[];
  /** It is the start of a day, not the end of one. */
  readonly starts: boolean;
  /** In words, what its date waits for whatever the date says. */
  readonly pending?: string | undefined;
}

/** Derives the state, first match (MODEL §6): closed, waiting, estimated, passed by the clock, extended, scheduled. */
export function standing(picture: Picture, t: Moment, story: DeadlineStory): Deadline {
  const { matter } = picture.prepared;
  const firm = story.dates.filter((dated) => !dated.estimateOnly);
  const current = firm.at(-1) ?? story.dates[0];
  const moved = firm.length > 1 ? firm.at(-1) : undefined;
  const estimate = story.dates.findLast((dated) => dated.when.estimate !== undefined)?.when.estimate;
  const contingent = story.pending ?? current?.when.contingent;
  const closing = story.closings
    .filter((each) => each !== undefined)
    .filter((each) => each.said === true || each.moment < (current?.passes ?? Infinity))
    // What closed it first stands; what comes later finds it closed.
    .toSorted((a, b) => a.moment - b.moment)[0];
  const waiting = contingent !== undefined || current === undefined || current.when.moment === null;
  const due = waiting || !current ? null : dueOf(current.when, matter.timeZone);
  const state = closing?.how ?? openState(story.kind, waiting, current, moved !== undefined, t);
  const warnings = current?.when.warnings ?? [];
  return {
    id: story.id,
    matter: matter.id,
    title: story.title,
    kind: story.kind,
    obligated: story.obligated,
    ...(story.provision === undefined ? {} : { provision: story.provision }),
    due,
    state,
    ...(closing?.how === 'met' ? { late: closing.moment >= (current?.passes ?? Infinity) } : {}),
    ...(closing ? { closedBy: closing.entry, closedOn: dayOf(closing.moment) } : {}),
    ...(moved ? { movedBy: moved.entry } : {}),
    ...(waiting && contingent !== undefined ? { contingent } : {}),
    ...(waiting && estimate !== undefined ? { estimate } : {}),
    ...(waiting && current?.when.latest !== undefined ? { latest: current.when.latest } : {}),
    history: firm.map(({ when, entry }) => ({ due: known(when), entry })),
    trace: current?.when.trace ?? [],
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** Duties lapse; other dates are simply reached. */
function openState(
  kind: DeadlineKind,
  waiting: boolean,
  current: Dated | undefined,
  moved: boolean,
  t: Moment,
): DeadlineState {
  if (waiting || !current) return 'waiting';
  if (current.when.estimated) return 'estimated';
  if (current.passes <= t) return kind === 'party-act' || kind === 'agency-duty' ? 'lapsed' : 'reached';
  return moved ? 'extended' : 'scheduled';
}

function known(when: When): CivilDate | null {
  return when.contingent === undefined ? when.date : null;
}

function dueOf(when: When, timeZone: string): Due | null {
  if (when.date === null) return null;
  const instant = when.instant === undefined ? {} : { instant: when.instant };
  return { date: when.date, ...instant, timeZone, inclusive: when.inclusive };
}
