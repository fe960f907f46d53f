import type { Moment } from '#libs/calendar';
import type { Roster } from '../record/roster.ts';
import { endOf } from '../time/when.ts';
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
  return lasts(restraint, t) && !liftAt(restraint, t)?.lifted;
}

/** Between its start and its own end, lifted or not. */
export function lasts(restraint: Restraint, t: Moment): boolean {
  if (restraint.binding > t) return false;
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
  // Restraints of restraints may meet in many ways: each is worked out once.
  known?: Map<Restraint, boolean>,
): Restraint | undefined {
  if (target.suspendedBy.length === 0) return undefined;
  const lived = known ?? new Map<Restraint, boolean>();
  return target.suspendedBy.find((by) => {
    if (!binds(by, roster, enforcer, t)) return false;
    const alive = lived.get(by) ?? lives(by, roster, party, enforcer, t, lived);
    lived.set(by, alive);
    return alive;
  });
}

/** What does not act enforcer by enforcer (an ending, a stay of a provision) is suspended whole. */
function binds(by: Restraint, roster: Roster, enforcer: string | null, t: Moment): boolean {
  const bound = enforcersAt(by, roster, t);
  return !bound || enforcer === null || roster.covers(bound, enforcer);
}

/** Restraints upon it that have begun, for this party and enforcer, whether or not they live. */
export function upon(
  target: Suspendable,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
): readonly Restraint[] {
  return target.suspendedBy.filter(
    (by) => by.binding <= t && protectsAt(by, roster, party, t) && binds(by, roster, enforcer, t),
  );
}

function lives(
  restraint: Restraint,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
  known?: Map<Restraint, boolean>,
): boolean {
  return (
    runs(restraint, t) &&
    protectsAt(restraint, roster, party, t) &&
    !suspendedAt(restraint, roster, party, enforcer, t, known)
  );
}

/** Whether the scope of a restraint takes in this provision, party and enforcer. A stay ignores enforcers (MODEL §3). */
export function reaches(
  restraint: Restraint,
  provision: Provision,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
): boolean {
  const provisions = scoped(restraint, 'provisions', t)?.provisions ?? restraint.effect.provisions;
  if (!provisions?.includes(provision.id) || !protectsAt(restraint, roster, party, t)) return false;
  if (restraint.effect.form === 'stay') return true;
  if (enforcer === null) return false;
  const bound = enforcersAt(restraint, roster, t);
  return !bound || roster.covers(bound, enforcer);
}

/** Whether a restraint bars this provision for this party and enforcer. */
export function bars(
  restraint: Restraint,
  provision: Provision,
  roster: Roster,
  party: string,
  enforcer: string | null,
  t: Moment,
): boolean {
  if (!reaches(restraint, provision, roster, party, enforcer, t)) return false;
  return lives(restraint, roster, party, actsFor(restraint, enforcer), t);
}

/** The enforcer that matters to what suspends a restraint: none for a stay, which does not act enforcer by enforcer. */
export function actsFor(restraint: Restraint, enforcer: string | null): string | null {
  return restraint.effect.form === 'stay' ? null : enforcer;
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
