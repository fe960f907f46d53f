import { type CivilDate, dayOf, type Moment } from '#libs/calendar';
import type { Entry } from '../record/entry.ts';
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

/** A cover, and the entries of every restraint that carries it on. */
export interface Covered {
  readonly cover: Cover;
  readonly deps: readonly Entry[];
}

/** `live` gives the restraints in question that are live at a time. */
export function coverFrom(picture: Picture, t: Moment, live: (at: Moment) => readonly Restraint[]): Covered {
  const deps: Entry[] = [];
  let now = live(t);
  for (const restraint of now) deps.push(...restraintDeps(restraint, t));
  for (const { moment } of picture.breaks) {
    if (moment <= t) continue;
    const then = live(moment);
    if (then.length === 0) return { cover: { until: dayOf(moment - 1) }, deps };
    for (const restraint of then) if (!now.includes(restraint)) deps.push(...restraintDeps(restraint, moment));
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

/** The entries on which it depends that a restraint is live, and how long: maker, until, scope, and lifts to come. */
export function restraintDeps(restraint: Restraint, t: Moment): readonly Entry[] {
  const deps: Entry[] = [restraint.entry, ...restraint.from.deps];
  const until = untilAt(restraint.until, t);
  if (until) deps.push(until.entry, ...until.until.deps);
  const lift = liftAt(restraint, t);
  if (lift) deps.push(lift.entry);
  for (const step of restraint.lifts) if (step.binding > t && step.binding < Infinity) deps.push(step.entry);
  for (const step of restraint.scope) deps.push(step.entry);
  return deps;
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
): Freed | undefined {
  const lift = liftAt(target, t);
  if (lift?.lifted) return { deps: [target.entry, lift.entry], retroactive: lift.retroactive };
  const by = suspendedAt(target, roster, party, enforcer, t);
  return by && { deps: [target.entry, ...restraintDeps(by, t)], retroactive: by.retroactive };
}

/** Lifts and suspensions without which a restraint would still bar. */
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
    const until = untilAt(restraint.until, t);
    if (until && t >= endOf(until.until)) continue;
    const by = freed(restraint, roster, party, enforcer, t);
    if (by) found.push(by);
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
