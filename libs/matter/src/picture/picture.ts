import type { Moment } from '#libs/calendar';
import type { InstrumentState } from '../answer/shape.ts';
import type { Basis } from '../record/basis.ts';
import type { Effect, Establishes, Liability } from '../record/effect.ts';
import type { Entry } from '../record/entry.ts';
import type { Act } from '../record/legal-order.ts';
import { Dates } from '../time/dates.ts';
import type { ActEffect, Prepared } from '../time/prepared.ts';
import { endOf, type When } from '../time/when.ts';
import { instrumentStateOf, proposes } from './instruments.ts';
import { type Break, Schedule } from './schedule.ts';
import {
  type Ending,
  type EnteredDeadline,
  type InstrumentStep,
  type LiftStep,
  newProvision,
  newRestraint,
  type Provision,
  type Restraint,
  type Step,
  type Suspendable,
} from './tracks.ts';

/**
 * The law as the acts counted at `at` leave it: for any time, what governs then if nothing else happens.
 * Acts are applied in legal order, each to the picture that the earlier ones left; never by binding day.
 */
export class Picture {
  readonly prepared: Prepared;
  readonly at: Moment;
  readonly dates: Dates;
  readonly provisions = new Map<string, Provision>();
  readonly restraints = new Map<string, Restraint>();
  readonly endings = new Map<string, Ending>();
  readonly instruments = new Map<string, InstrumentStep[]>();
  readonly deadlines = new Map<string, EnteredDeadline>();
  readonly warnings: string[] = [];
  readonly schedule = new Schedule();
  readonly #early: { readonly id: string; readonly kind: Effect['kind']; readonly entry: Entry }[] = [];

  constructor(prepared: Prepared, at: Moment) {
    this.prepared = prepared;
    this.at = at;
    this.dates = new Dates(prepared, at);
    let next = 0;
    for (const act of prepared.acts) {
      if (act.moment <= at) this.#instrument(act);
      for (let it = prepared.effects[next]; it?.act === act; it = prepared.effects[++next]) this.#apply(it);
    }
    this.#link();
    this.#warnOfEarly();
  }

  /** Scheduled changes, in order of time. */
  get breaks(): readonly Break[] {
    return this.schedule.breaks;
  }

  #instrument(act: Act): void {
    const { instrument } = act.entry;
    const state = instrumentStateOf(act.entry);
    // A proposal moves nothing that is law (MODEL §4): an amending bill may carry the name of what it amends.
    const isLaw = this.instruments.get(instrument?.id ?? '')?.some((step) => step.state === 'enacted');
    if (isLaw && proposes(act.entry.type)) return;
    if (instrument && state) this.#instrumentStep(instrument.id, state, act.moment, act.entry);
  }

  #instrumentStep(id: string, state: InstrumentState, binding: Moment, entry: Entry): void {
    const step = { state, binding, entry, deps: [], retroactive: false };
    const steps = this.instruments.get(id);
    if (steps) steps.push(step);
    else this.instruments.set(id, [step]);
  }

  /** An effect counts from the earlier of its act and its binding day (MODEL §2). */
  #apply({ act, effect }: ActEffect): void {
    const on = this.#own(effect, act);
    const binding = on.moment ?? Number.POSITIVE_INFINITY;
    if (act.moment > this.at && (binding > this.at || proposes(act.entry.type))) return;
    const step: Step = { binding, entry: act.entry, deps: on.deps, retroactive: act.moment > this.at };
    switch (effect.kind) {
      case 'establishes':
        return this.#establish(effect, step, act);
      case 'commences':
      case 'postpones': {
        const to = this.#date(effect.to, act);
        const what = `${effect.axis}-${effect.kind === 'commences' ? 'commences' : 'postponed'}`;
        this.#provision(effect.provision, effect, step)?.starts[effect.axis].push({
          ...step,
          to,
          by: effect.kind,
          for: effect.for,
          enforcers: effect.enforcers,
        });
        this.schedule.starts(on, what, effect.provision, effect.for);
        return this.schedule.starts(to, `${effect.axis}-begins`, effect.provision, effect.for);
      }
      case 'determines':
        this.#provision(effect.provision, effect, step)?.determinations.push({ ...step, effect });
        return this.schedule.starts(on, 'determination-binds', effect.provision, [effect.party]);
      case 'restrains': {
        const until = effect.until === undefined ? undefined : this.#date(effect.until, act);
        const restraint = newRestraint(effect, step, on, until);
        this.restraints.set(effect.restraint, restraint);
        this.schedule.starts(on, 'restraint-begins', effect.restraint);
        this.#liability(effect.liability, effect.restraint);
        return until && this.schedule.ends(until, 'restraint-ends', effect.restraint);
      }
      case 'varies': {
        const restraint = this.restraints.get(effect.restraint);
        if (!restraint) return;
        const { protects, provisions, enforcers } = effect;
        restraint.scope.push({ ...step, protects, provisions, enforcers });
        return this.schedule.starts(on, 'restraint-varied', effect.restraint);
      }
      case 'extends': {
        const until = this.#date(effect.until, act);
        const extended = effect.restraint === undefined ? undefined : this.restraints.get(effect.restraint);
        extended?.until.push({ ...step, until });
        if (effect.provision !== undefined)
          this.#provision(effect.provision, effect, step)?.sunset.push({ ...step, until });
        const [what, subject] = extended
          ? ['restraint-ends', extended.id]
          : ['provision-expires', effect.provision ?? ''];
        return this.schedule.ends(until, what, subject);
      }
      case 'lifts':
      case 'reinstates':
        return this.#lift(effect, step, on);
      case 'ends':
        return this.#end(effect, step, on);
      case 'releases':
        for (const id of effect.provisions) this.#provision(id, effect, step)?.releases.push({ ...step, effect });
        this.schedule.starts(on, 'release-begins', effect.provisions[0] ?? '');
        if (effect.conductTo !== undefined) {
          this.schedule.ends(this.dates.resolve(effect.conductTo), 'release-ends', effect.provisions[0] ?? '');
        }
        return;
      case 'satisfies':
        return;
      case 'contests':
        if (effect.provision !== undefined) {
          this.#provision(effect.provision, effect, step)?.contests.push({ effect, entry: act.entry });
        }
        if (effect.restraint !== undefined) {
          this.restraints.get(effect.restraint)?.contests.push({ effect, entry: act.entry });
        }
        return;
      case 'sets-deadline':
        this.deadlines.set(effect.deadline, { ...step, effect, moves: [], closings: [] });
        return;
      case 'moves-deadline':
        this.deadlines.get(effect.deadline)?.moves.push({ effect, entry: act.entry });
        return;
      case 'closes-deadline':
        this.deadlines.get(effect.deadline)?.closings.push({ effect, entry: act.entry, on });
        return;
      case 'replaces':
        return this.#instrumentStep(effect.instrument, 'superseded', act.moment, act.entry);
    }
  }

  /** The effect's own day: `from` or `on`, what it reaches back to, or its act. */
  #own(effect: Effect, act: Act): When {
    if ('from' in effect) return this.#date(effect.from, act);
    if ('on' in effect) return this.#date(effect.on, act);
    if (effect.kind === 'releases') return this.dates.resolve(effect.conductFrom);
    if (effect.kind === 'establishes') {
      const force = this.dates.resolve(effect.force);
      if (force.moment !== null && force.moment < act.moment) return force;
    }
    return this.#date(undefined, act);
  }

  #date(basis: Basis | undefined, act: Act): When {
    const when = this.dates.of(basis, act);
    for (const warning of when.warnings) this.warnings.push(`${act.entry.id}: ${warning}`);
    return when;
  }

  #establish(effect: Establishes, step: Step, act: Act): void {
    const force = this.#date(effect.force, act);
    const applies = effect.applies === undefined ? undefined : this.#date(effect.applies, act);
    const until = effect.until === undefined ? undefined : this.#date(effect.until, act);
    const provision = newProvision(effect, step, { force, applies, until });
    this.provisions.set(effect.provision, provision);
    this.schedule.starts(force, 'force-begins', effect.provision);
    if (applies) this.schedule.starts(applies, 'applicability-begins', effect.provision);
    if (until) this.schedule.ends(until, 'provision-expires', effect.provision);
  }

  /** Acts apply to what earlier ones left: what came before its provision was established does nothing. */
  #warnOfEarly(): void {
    for (const { id, kind, entry } of this.#early) {
      if (!this.provisions.has(id)) continue;
      this.warnings.push(`${entry.id}: ${kind} ${id} comes before the act that establishes it; nothing changes.`);
    }
  }

  /** Restraints find their targets at the end: an act may name what a later one makes. */
  #link(): void {
    for (const restraint of this.restraints.values()) {
      const named = new Set(restraint.effect.provisions);
      for (const { provisions } of restraint.scope) for (const id of provisions ?? []) named.add(id);
      for (const id of named) this.provisions.get(id)?.restraints.push(restraint);
      for (const id of restraint.effect.of ?? []) {
        const target: Suspendable | undefined = this.restraints.get(id) ?? this.endings.get(id);
        target?.suspendedBy.push(restraint);
      }
    }
  }

  #lift(effect: Extract<Effect, { kind: 'lifts' | 'reinstates' }>, step: Step, on: When): void {
    const id = effect.restraint ?? effect.ending ?? '';
    const target: { lifts: LiftStep[] } | undefined =
      effect.restraint === undefined ? this.endings.get(id) : this.restraints.get(id);
    if (!target) return;
    const lifted = effect.kind === 'lifts';
    const before = target.lifts.findLast((each) => each.binding <= step.binding);
    const changes = (before?.lifted ?? false) !== lifted || target.lifts.some((other) => other.binding > step.binding);
    if (!changes) return this.#redundant(effect.kind, id, step.entry);
    const restraint = effect.restraint === undefined ? undefined : this.restraints.get(id);
    const until = restraint?.until.findLast((each) => each.binding <= step.binding)?.until;
    if (until && endOf(until) <= step.binding) {
      this.warnings.push(`${step.entry.id}: ${effect.kind} ${id}, which had ended by its own date; nothing changes.`);
      // Only a lift stays on record: no later extension undoes it (MODEL §3).
      if (!lifted) return;
    }
    target.lifts.push({ ...step, lifted, how: effect.how });
    this.schedule.starts(on, lifted ? 'lifted' : 'reinstated', id);
  }

  #end(effect: Extract<Effect, { kind: 'ends' }>, step: Step, on: When): void {
    const ending: Ending = {
      ...step,
      id: effect.ending ?? '',
      on,
      how: effect.how,
      for: effect.for,
      liability: effect.liability,
      lifts: [],
      suspendedBy: [],
    };
    if (effect.provision !== undefined) this.#provision(effect.provision, effect, step);
    if (effect.ending !== undefined) this.endings.set(effect.ending, ending);
    for (const provision of this.provisions.values()) {
      const meant =
        provision.id === effect.provision ||
        (effect.instrument !== undefined &&
          (provision.entry.instrument?.id === effect.instrument || provision.effect.under === effect.instrument));
      if (!meant) continue;
      const already = provision.endings.some((other) => !other.for && !other.id && other.binding <= step.binding);
      if (already) this.#redundant('ends', provision.id, step.entry);
      else provision.endings.push(ending);
    }
    this.#liability(effect.liability, effect.provision ?? effect.instrument ?? '');
    this.schedule.starts(on, 'provision-ends', effect.provision ?? effect.instrument ?? '', effect.for);
  }

  #liability(liability: Liability | undefined, subject: string): void {
    if (liability?.from !== undefined)
      this.schedule.starts(this.dates.resolve(liability.from), 'liability-changes', subject);
  }

  #provision(id: string, effect: Effect, step: Step): Provision | undefined {
    const provision = this.provisions.get(id);
    if (!provision) this.#early.push({ id, kind: effect.kind, entry: step.entry });
    return provision;
  }

  #redundant(kind: string, id: string, entry: Entry): void {
    this.warnings.push(`${entry.id}: ${kind} ${id} is redundant and changes nothing.`);
  }
}
