import { type CivilDate, dayOf, type Moment } from '#libs/calendar';
import type { Entry } from '../record/entry.ts';
import type { Roster } from '../record/roster.ts';
import { endOf } from '../time/when.ts';
import { actsFor, lasts, liftAt, reaches, suspendedAt, untilAt, upon } from './bars.ts';
import type { Picture } from './picture.ts';
import type { LiftStep, Provision, Restraint, Suspendable } from './tracks.ts';

/** Until when some restraints cover a provision without a break, as now scheduled. */
export interface Cover {
  /** Last day covered; null: open-ended. */
  readonly until: CivilDate | null;
  readonly contingent?: string;
  readonly estimate?: CivilDate;
}

/** A cover, and the entries of every restraint that carries it on. */
export interface Covered {
  readonly cover: Cover;
  readonly deps: readonly Entry[];
}

/** `live` gives the restraints in question that are live at a time. */
export function coverFrom(
  picture: Picture,
  party: string,
  enforcer: string | null,
  t: Moment,
  live: (at: Moment) => readonly Restraint[],
): Covered {
  const { roster } = picture.prepared;
  const deps: Entry[] = [];
  let now = live(t);
  for (const restraint of now) deps.push(...restraintDeps(restraint, roster, party, enforcer, t));
  for (const { moment } of picture.breaks) {
    if (moment <= t) continue;
    const then = live(moment);
    if (then.length === 0) return { cover: { until: dayOf(moment - 1) }, deps };
    for (const restraint of then) {
      if (!now.includes(restraint)) deps.push(...restraintDeps(restraint, roster, party, enforcer, moment));
    }
    now = then;
  }
  return { cover: { until: null, ...contingencyOf(now, t) }, deps };
}

/** The words of the contingency that an open end waits for. */
function contingencyOf(live: readonly Restraint[], t: Moment): Omit<Cover, 'until'> {
  for (const restraint of live) {
    const when = untilAt(restraint.until, t)?.until;
    if (when?.contingent !== undefined && when.moment === null) {
      return { contingent: when.contingent, ...(when.estimate === undefined ? {} : { estimate: when.estimate }) };
    }
  }
  return {};
}

/** The entries on which it depends that a restraint is live, and how long: maker, until, scope, and lifts and stays to come. */
export function restraintDeps(
  restraint: Restraint,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
  seen = new Set<Suspendable>(),
): readonly Entry[] {
  const deps: Entry[] = [restraint.entry, ...restraint.from.deps];
  const until = untilAt(restraint.until, t);
  if (until) deps.push(until.entry, ...until.until.deps);
  const lift = liftAt(restraint, t);
  if (lift) deps.push(lift.entry, ...lift.deps);
  for (const step of restraint.lifts)
    if (step.binding > t && step.binding < Infinity) deps.push(step.entry, ...step.deps);
  for (const step of restraint.scope) deps.push(step.entry, ...step.deps);
  const by = actsFor(restraint, enforcer);
  for (const next of upon(restraint, roster, party, by, Number.MAX_SAFE_INTEGER)) {
    if (next.binding > t) deps.push(next.entry);
  }
  deps.push(...letAct(restraint, roster, party, by, t, seen));
  return deps;
}

/**
 * Lifts and suspensions of what would otherwise keep it from acting: that it acts depends on them too. What is `seen` is
 * not gone into again: restraints of restraints may meet in many ways.
 */
export function letAct(
  target: Suspendable,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
  seen = new Set<Suspendable>(),
): readonly Entry[] {
  if (seen.has(target)) return [];
  seen.add(target);
  return upon(target, roster, party, enforcer, t).flatMap(
    (by) => undone(by, roster, party, enforcer, t, seen)?.deps ?? [],
  );
}

/** What set something free that would otherwise be held, and whether that reaches back. */
export interface Freed {
  readonly deps: readonly Entry[];
  readonly retroactive: boolean;
}

/** The lift or suspension without which `target` would act at `t`. */
export function freed(
  target: Suspendable & Liftable,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
  seen = new Set<Suspendable>(),
): Freed | undefined {
  const lift = liftAt(target, t);
  if (lift?.lifted) return { deps: [target.entry, lift.entry, ...lift.deps], retroactive: lift.retroactive };
  const by = suspendedAt(target, roster, party, enforcer, t);
  const deps = by && [target.entry, ...restraintDeps(by, roster, party, enforcer, t, seen)];
  return deps && { deps, retroactive: by.retroactive };
}

/** As `freed`, for a restraint that has begun; one that has run out depends on the acts without which it would not have. */
function undone(
  restraint: Restraint,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
  seen = new Set<Suspendable>(),
): Freed | undefined {
  if (lasts(restraint, t)) return freed(restraint, roster, party, enforcer, t, seen);
  const last = untilAt(restraint.until, t);
  if (!last || liftAt(restraint, t)?.lifted) return undefined;
  const cut = restraint.until.some(({ binding, until }) => binding <= t && endOf(until) > t) ? [last.entry] : [];
  const known = last.until.deps.filter((entry) => entry !== last.entry);
  const deps = [...cut, ...known];
  return deps.length === 0 ? undefined : { deps: [restraint.entry, ...deps], retroactive: false };
}

/** What keeps a restraint from barring: a lift, a suspension, a change of scope, an end that an act made known or moved. */
export function freedBy(
  provision: Provision,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
): Freed {
  const found: Freed[] = [];
  for (const restraint of provision.restraints) {
    if (restraint.binding > t) continue;
    const within = (at: Moment): boolean => reaches(restraint, provision, roster, party, enforcer, at);
    if (within(t)) {
      const by = undone(restraint, roster, party, actsFor(restraint, enforcer), t);
      if (by) found.push(by);
    } else if (lasts(restraint, t)) {
      const varied = restraint.scope.filter(({ binding }) => binding <= t);
      const before = [Number.NEGATIVE_INFINITY, ...varied.map(({ binding }) => binding)];
      if (!before.some(within)) continue;
      const deps = [restraint.entry, ...varied.flatMap((step) => [step.entry, ...step.deps])];
      found.push({ deps, retroactive: varied.some(({ retroactive }) => retroactive) });
    }
  }
  return together(found);
}

export function together(found: readonly Freed[]): Freed {
  return { deps: found.flatMap(({ deps }) => deps), retroactive: found.some(({ retroactive }) => retroactive) };
}

interface Liftable {
  readonly entry: Entry;
  readonly lifts: readonly LiftStep[];
}
