import type { Moment } from '#libs/calendar';
import type { InstrumentState } from '../answer/shape.ts';
import type {
  ClosesDeadline,
  Contests,
  Determines,
  EndedHow,
  Establishes,
  Liability,
  LiftedHow,
  MovesDeadline,
  Releases,
  Restrains,
  SetsDeadline,
  StartAxis,
} from '../record/effect.ts';
import type { Entry } from '../record/entry.ts';
import type { When } from '../time/when.ts';

/**
 * Something an act did to a track, from its binding day on. Steps stand in legal order, and at any time the last of
 * them that binds by then governs: the latest act rules over everything that earlier acts had scheduled (MODEL §2).
 */
export interface Step {
  readonly binding: Moment;
  readonly entry: Entry;
  /** What made its binding day known. */
  readonly deps: readonly Entry[];
  /** The act came after the time asked about: this step reaches back. */
  readonly retroactive: boolean;
}

export interface StartMove extends Step {
  readonly to: When;
  readonly by: 'establishes' | 'commences' | 'postpones';
  readonly for?: readonly string[] | undefined;
  readonly enforcers?: readonly string[] | undefined;
}

export interface UntilStep extends Step {
  readonly until: When;
}

export interface LiftStep extends Step {
  readonly lifted: boolean;
  readonly how?: LiftedHow | undefined;
}

export interface ScopeStep extends Step {
  readonly protects?: 'all' | readonly string[] | undefined;
  readonly provisions?: readonly string[] | undefined;
  readonly enforcers?: readonly string[] | undefined;
}

export interface InstrumentStep extends Step {
  readonly state: InstrumentState;
}

/** What a restraint of restraints or endings can suspend. */
export interface Suspendable {
  readonly id: string;
  readonly suspendedBy: Restraint[];
}

export interface Restraint extends Suspendable, Step {
  readonly effect: Restrains;
  readonly from: When;
  readonly until: UntilStep[];
  readonly lifts: LiftStep[];
  readonly scope: ScopeStep[];
  readonly contests: Contest[];
}

/** An act by which force ended. It can be lifted, reinstated, and itself be stayed. */
export interface Ending extends Suspendable, Step {
  readonly on: When;
  readonly how: EndedHow;
  readonly for?: readonly string[] | undefined;
  readonly liability?: Liability | undefined;
  readonly lifts: LiftStep[];
}

export interface DeterminationStep extends Step {
  readonly effect: Determines;
}

export interface Contest {
  readonly effect: Contests;
  readonly entry: Entry;
}

export interface Release extends Step {
  readonly effect: Releases;
}

export interface Provision extends Step {
  readonly id: string;
  readonly effect: Establishes;
  readonly starts: Readonly<Record<StartAxis, StartMove[]>>;
  readonly sunset: UntilStep[];
  readonly endings: Ending[];
  readonly determinations: DeterminationStep[];
  /** Every restraint that ever names it. */
  readonly restraints: Restraint[];
  readonly releases: Release[];
  readonly contests: Contest[];
}

/** A deadline as entered, with its moves and closings in legal order. */
export interface EnteredDeadline extends Step {
  readonly effect: SetsDeadline;
  readonly moves: { readonly effect: MovesDeadline; readonly entry: Entry }[];
  readonly closings: { readonly effect: ClosesDeadline; readonly entry: Entry; readonly on: When }[];
}

export function governing<S extends Step>(steps: readonly S[], t: Moment): S | undefined {
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index];
    if (step && step.binding <= t) return step;
  }
  return undefined;
}

/** A provision as its establishing act leaves it. */
export function newProvision(
  effect: Establishes,
  step: Step,
  { force, applies, until }: { force: When; applies: When | undefined; until: When | undefined },
): Provision {
  const always = { ...step, binding: Number.NEGATIVE_INFINITY };
  return {
    ...step,
    id: effect.provision,
    effect,
    starts: {
      force: [{ ...always, to: force, by: 'establishes' }],
      applicability: applies ? [{ ...always, to: applies, by: 'establishes' }] : [],
      operation: [],
      enforcement: [],
    },
    sunset: until ? [{ ...always, until }] : [],
    endings: [],
    determinations: [],
    restraints: [],
    releases: [],
    contests: [],
  };
}

/** A restraint as its author orders it. */
export function newRestraint(effect: Restrains, step: Step, from: When, until: When | undefined): Restraint {
  return {
    ...step,
    id: effect.restraint,
    effect,
    from,
    until: until ? [{ ...step, binding: Number.NEGATIVE_INFINITY, until }] : [],
    lifts: [],
    scope: [],
    contests: [],
    suspendedBy: [],
  };
}
