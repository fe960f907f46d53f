import { type CivilDate, dayOf, type Moment } from '#libs/calendar';
import type { Entry } from '../record/entry.ts';
import type { Roster } from '../record/roster.ts';
import { endOf, type When } from '../time/when.ts';
import type { Picture } from './picture.ts';
import {
  governing,
  type LiftStep,
  type Provision,
  type Restraint,
  type ScopeStep,
  type Suspendable,
} from './tracks.ts';

/** How a restraint bars: by suspending the provision, by a court's order to enforcers, or by an enforcer's promise. */
export type BarKind = 'stay' | 'court' | 'forbearance';

export function barKind(restraint: Restraint): BarKind {
  if (restraint.effect.form === 'forbearance') return 'forbearance';
  return restraint.effect.form === 'stay' ? 'stay' : 'court';
}

/** The governing `until` of a restraint or sunset at a time; undefined: without end. */
export function untilAt(steps: Restraint['until'], t: Moment): (typeof steps)[number] | undefined {
  return governing(steps, t);
}

export function liftAt(target: { readonly lifts: readonly LiftStep[] }, t: Moment): LiftStep | undefined {
  return governing(target.lifts, t);
}

/** Between its start and its end, and not lifted. Says nothing of restraints upon it. */
export function runs(restraint: Restraint, t: Moment): boolean {
  if (restraint.binding > t || liftAt(restraint, t)?.lifted) return false;
  const until = untilAt(restraint.until, t);
  return until === undefined || t < endOf(until.until);
}

function scoped(restraint: Restraint, key: 'protects' | 'provisions' | 'enforcers', t: Moment): ScopeStep | undefined {
  return restraint.scope.findLast((step) => step[key] !== undefined && step.binding <= t);
}

function protectsAt(restraint: Restraint, roster: Roster, party: string, t: Moment): boolean {
  const protects = scoped(restraint, 'protects', t)?.protects ?? restraint.effect.protects;
  return protects === 'all' || roster.covers(protects, party);
}

/** A forbearance that names no enforcer binds its author alone (MODEL §4). */
export function enforcersAt(restraint: Restraint, roster: Roster, t: Moment): readonly string[] | undefined {
  const named = scoped(restraint, 'enforcers', t)?.enforcers ?? restraint.effect.enforcers;
  if (named || restraint.effect.form !== 'forbearance') return named;
  const { author } = restraint.entry;
  return [author.party ?? roster.named(author.name)?.id ?? ''];
}

/** Whether a live restraint upon it keeps a restraint or an ending from doing anything, for this party and enforcer. */
export function suspendedAt(
  target: Suspendable,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
): Restraint | undefined {
  return target.suspendedBy.find((by) => {
    if (!lives(by, roster, party, enforcer, t)) return false;
    const bound = enforcersAt(by, roster, t);
    // What does not act enforcer by enforcer (an ending, a stay of a provision) is suspended whole.
    return !bound || enforcer === null || roster.covers(bound, enforcer);
  });
}

function lives(restraint: Restraint, roster: Roster, party: string, enforcer: string | null, t: Moment): boolean {
  return (
    runs(restraint, t) &&
    protectsAt(restraint, roster, party, t) &&
    (restraint.suspendedBy.length === 0 || !suspendedAt(restraint, roster, party, enforcer, t))
  );
}

/** Whether a restraint bars this provision for this party and enforcer. A stay ignores enforcers (MODEL §3). */
export function bars(
  restraint: Restraint,
  provision: Provision,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
): boolean {
  const provisions = scoped(restraint, 'provisions', t)?.provisions ?? restraint.effect.provisions;
  if (!provisions?.includes(provision.id)) return false;
  if (restraint.effect.form === 'stay') return lives(restraint, roster, party, null, t);
  if (enforcer === null) return false;
  const bound = enforcersAt(restraint, roster, t);
  return (!bound || roster.covers(bound, enforcer)) && lives(restraint, roster, party, enforcer, t);
}

export function liveRestraints(
  picture: Picture,
  provision: Provision,
  party: string,
  enforcer: string | null,
  t: Moment,
): readonly Restraint[] {
  if (provision.restraints.length === 0) return [];
  const { roster } = picture.prepared;
  return provision.restraints.filter((restraint) => bars(restraint, provision, roster, party, enforcer, t));
}

/** Until when some restraints cover a provision without a break, as now scheduled. */
export interface Cover {
  /** Last day covered; null: open-ended. */
  readonly until: CivilDate | null;
  readonly contingent?: string;
  readonly estimate?: CivilDate;
}

/** `covered` says whether any of the restraints in question is live at a time. */
export function coverFrom(picture: Picture, t: Moment, covered: (at: Moment) => readonly Restraint[]): Cover {
  let live = covered(t);
  for (const { moment } of picture.breaks) {
    if (moment <= t) continue;
    const then = covered(moment);
    if (then.length === 0) return { until: dayOf(moment - 1), ...openEnded(live, t, false) };
    live = then;
  }
  return { until: null, ...openEnded(live, t, true) };
}

/** The words of the contingency that an end waits for. */
function openEnded(live: readonly Restraint[], t: Moment, open: boolean): Omit<Cover, 'until'> {
  const when = live
    .map((restraint) => untilAt(restraint.until, t)?.until)
    .find((until): until is When => until?.contingent !== undefined && (open ? until.moment === null : true));
  if (when?.contingent === undefined) return {};
  return { contingent: when.contingent, ...(when.estimate === undefined ? {} : { estimate: when.estimate }) };
}

/** The entries on which it depends that a restraint is live: its maker, its present until, scope and reinstatement. */
export function restraintDeps(restraint: Restraint, t: Moment): readonly Entry[] {
  const deps: Entry[] = [restraint.entry, ...restraint.from.deps];
  const until = untilAt(restraint.until, t);
  if (until) deps.push(until.entry, ...until.until.deps);
  const lift = liftAt(restraint, t);
  if (lift) deps.push(lift.entry);
  for (const step of restraint.scope) if (step.binding <= t) deps.push(step.entry);
  return deps;
}

/** Lifts and suspensions without which a restraint would still bar. */
export function freedBy(
  provision: Provision,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
): readonly Entry[] {
  const deps: Entry[] = [];
  for (const restraint of provision.restraints) {
    if (restraint.binding > t) continue;
    const until = untilAt(restraint.until, t);
    if (until && t >= endOf(until.until)) continue;
    const lift = liftAt(restraint, t);
    if (lift?.lifted) deps.push(restraint.entry, lift.entry);
    else {
      const by = suspendedAt(restraint, roster, party, enforcer, t);
      if (by) deps.push(restraint.entry, ...restraintDeps(by, t));
    }
  }
  return deps;
}
