import { addPeriod, type CivilDate, dayOf, endOfDay, type Moment, parsePeriod, startOfDay } from '#libs/calendar';
import { barKind, coverFrom, freedBy, liveRestraints, restraintDeps, untilAt } from '../picture/cover.ts';
import { applicabilityStart, endedAt, type Ended, revivedBy, startAt } from '../picture/force.ts';
import { instrumentStateOf, isPending } from '../picture/instruments.ts';
import type { Picture } from '../picture/picture.ts';
import type { Contest, Provision, Restraint, StartMove } from '../picture/tracks.ts';
import type { StartAxis } from '../record/effect.ts';
import type { Entry } from '../record/entry.ts';
import { startOf, type When } from '../time/when.ts';
import { determinationAt } from './determination.ts';
import { liabilityAt } from './liability.ts';
import type {
  ApplicabilityAxis,
  AxisName,
  EnforcementAxis,
  ForceAxis,
  InstrumentAxis,
  OperationAxis,
} from './shape.ts';

/** A provision's axes for one end member at one time, with what the headline needs to know beyond their print. */
export interface Axes {
  readonly instrument: InstrumentAxis;
  readonly force: ForceAxis;
  readonly operation: OperationAxis;
  readonly applicability: ApplicabilityAxis;
  readonly enforcement: readonly EnforcementAxis[];
  readonly exposedSince?: CivilDate;
  /** Not a proposal: enacted, or issued with the force of law. */
  readonly isLaw: boolean;
  readonly ended: Ended | undefined;
  readonly starts: {
    readonly force: StartMove | undefined;
    readonly operation: StartMove | undefined;
    readonly applicability: StartMove | undefined;
  };
  readonly deps: Readonly<Record<AxisName, readonly Entry[]>>;
  /** For each enforcer, in order. */
  readonly enforcerDeps: readonly (readonly Entry[])[];
  /** When a bill's story ended (failed, withdrawn, superseded), for the roll-up. */
  readonly closed: Moment;
}

const noEntries: readonly Entry[] = [];

/** Works out every axis of a provision for one end member (MODEL §5). */
export function axesAt(
  picture: Picture,
  provision: Provision,
  party: string,
  enforcers: readonly string[],
  t: Moment,
): Axes {
  const { instrument, isLaw, dep, closed } = instrumentAxis(picture, provision, t);
  const forceStart = startAt(picture, provision, 'force', party, null, t);
  const ended = endedAt(picture, provision, party, t);
  const inForce = isLaw && forceStart !== undefined && startOf(forceStart.to) <= t;
  const force = forceAxis(provision, forceStart, ended, inForce, isLaw, t);
  const stays = liveRestraints(picture, provision, party, null, t);
  const operationStart = startAt(picture, provision, 'operation', party, null, t);
  const operation = operationAxis(picture, provision, party, stays, operationStart, t);
  const applicabilityMove = applicabilityStart(picture, provision, party, t);
  const determined = determinationAt(picture, provision, party, t);
  const applicability: ApplicabilityAxis = determined.state
    ? {
        state: determined.state,
        ...(determined.from === undefined ? {} : { from: determined.from }),
        ...determined.notes,
      }
    : appliesFrom(applicabilityMove, t);
  const ahead =
    force.state === 'not-yet' ||
    (operationStart !== undefined && startOf(operationStart.to) > t) ||
    applicability.state === 'applies-from';
  const off =
    ended !== undefined || ['exempt', 'no-longer-meets-definition', 'not-addressed'].includes(applicability.state);
  const enforcerDeps: Entry[][] = [];
  const enforcement = enforcers.map((enforcer) => {
    const deps: Entry[] = [];
    enforcerDeps.push(deps);
    return enforcementAxis({ picture, provision, party, enforcer, t, ended, off, ahead, deps });
  });
  const exposedSince = exposure(provision, forceStart, applicabilityMove, off || ahead, t);
  const contested = contests(picture, provision, party, t);
  return {
    instrument: { ...instrument, ...contested('instrument') },
    force: { ...force, ...contested('force') },
    operation: { ...operation, ...contested('operation') },
    applicability: { ...applicability, ...contested('applicability') },
    enforcement: enforcement.map((axis) => ({ ...axis, ...contested('enforcement', axis.restraints) })),
    ...(exposedSince === undefined ? {} : { exposedSince }),
    isLaw,
    ended,
    starts: { force: forceStart, operation: operationStart, applicability: applicabilityMove },
    closed,
    enforcerDeps,
    deps: {
      instrument: dep,
      force: ended
        ? [provision.entry, ...ended.deps]
        : [
            provision.entry,
            ...moved(forceStart),
            ...sunsetDeps(provision, t),
            ...revivedBy(picture, provision, party, t),
          ],
      operation: [...stays.flatMap((restraint) => restraintDeps(restraint, t)), ...moved(operationStart)],
      applicability: [...determined.deps, ...moved(applicabilityMove)],
      enforcement: enforcerDeps.flat(),
    },
  };
}

function instrumentAxis(
  picture: Picture,
  provision: Provision,
  t: Moment,
): { instrument: InstrumentAxis; isLaw: boolean; dep: readonly Entry[]; closed: Moment } {
  const id = provision.entry.instrument?.id ?? null;
  const steps = id === null ? [] : (picture.instruments.get(id) ?? []).filter((step) => step.binding <= t);
  const last = steps.at(-1);
  if (!last || provision.retroactive) {
    // A court's or an agency's order without an instrument of its own binds by itself; one that reaches back is law
    // before its own day.
    const state = instrumentStateOf(provision.entry) ?? 'enacted';
    const retroactive = provision.retroactive ? { retroactive: true as const } : {};
    return {
      instrument: { id, state, ...retroactive },
      isLaw: state === 'enacted',
      dep: [provision.entry],
      closed: Infinity,
    };
  }
  const enacted = steps.some((step) => step.state === 'enacted');
  const isLaw = last.state === 'enacted' || (last.state === 'superseded' && enacted);
  const closed = isLaw || isPending(last.state) ? Infinity : last.binding;
  return { instrument: { id, state: last.state }, isLaw, dep: [last.entry], closed };
}

function forceAxis(
  provision: Provision,
  start: StartMove | undefined,
  ended: Ended | undefined,
  inForce: boolean,
  isLaw: boolean,
  t: Moment,
): ForceAxis {
  const from = start?.to.date ?? null;
  if (ended) {
    const on = ended.on.date === null ? {} : { on: dayOf(ended.moment) };
    return { state: 'ended', from, how: ended.how, ...on, ...(ended.retroactive ? { retroactive: true } : {}) };
  }
  const sunset = untilAt(provision.sunset, t)?.until;
  const until = sunset === undefined ? {} : { until: sunset.date };
  if (inForce) {
    const retroactive = provision.retroactive || start?.retroactive ? { retroactive: true as const } : {};
    return { state: 'in-force', from, ...until, ...retroactive };
  }
  if (!isLaw && start !== undefined && startOf(start.to) <= t) {
    return { state: 'not-yet', from: null, contingent: 'becoming law', ...until };
  }
  return { state: 'not-yet', from, ...contingency(start?.to), ...until };
}

function operationAxis(
  picture: Picture,
  provision: Provision,
  party: string,
  stays: readonly Restraint[],
  start: StartMove | undefined,
  t: Moment,
): OperationAxis {
  if (stays.length > 0) {
    const cover = coverFrom(picture, t, (at) => liveRestraints(picture, provision, party, null, at));
    const retroactive = stays.every((stay) => stay.retroactive) ? { retroactive: true as const } : {};
    return { state: 'suspended', ...cover, restraints: stays.map((stay) => stay.id), ...retroactive };
  }
  if (start !== undefined && startOf(start.to) > t) {
    return { state: 'postponed', to: start.to.date, ...contingency(start.to) };
  }
  return { state: 'operative' };
}

function appliesFrom(start: StartMove | undefined, t: Moment): ApplicabilityAxis {
  const from = start?.to.date ?? null;
  if (start !== undefined && startOf(start.to) <= t) {
    return { state: 'applies', from, ...(start.retroactive ? { retroactive: true } : {}) };
  }
  return { state: 'applies-from', from, ...contingency(start?.to) };
}

interface EnforcementQuestion {
  readonly picture: Picture;
  readonly provision: Provision;
  readonly party: string;
  readonly enforcer: string;
  readonly t: Moment;
  readonly ended: Ended | undefined;
  readonly off: boolean;
  readonly ahead: boolean;
  readonly deps: Entry[];
}

function enforcementAxis(question: EnforcementQuestion): EnforcementAxis {
  const { picture, provision, party, enforcer, t, ended, off, ahead, deps } = question;
  const live = liveRestraints(picture, provision, party, enforcer, t);
  const restraints = live.map((restraint) => restraint.id);
  const empowered = startAt(picture, provision, 'enforcement', party, enforcer, t);
  for (const restraint of live) deps.push(...restraintDeps(restraint, t));
  if (off) {
    const { liability, entries } = liabilityAt(question, live, ended ? 'ended' : 'not-applicable');
    deps.push(...entries);
    return { enforcer, state: 'not-applicable', restraints, ...liability };
  }
  deps.push(...moved(empowered), ...freedBy(provision, picture.prepared.roster, party, enforcer, t));
  const powerless = empowered !== undefined && startOf(empowered.to) > t;
  if (ahead || powerless) {
    const from = powerless ? { from: empowered.to.date, ...contingency(empowered.to) } : {};
    const { liability, entries } = liabilityAt(question, live, 'not-applicable');
    deps.push(...entries);
    return { enforcer, state: 'not-yet-possible', restraints, ...from, ...liability };
  }
  const byCourt = live.filter((restraint) => barKind(restraint) !== 'forbearance');
  const state = byCourt.length > 0 ? 'restrained' : live.length > 0 ? 'forborne' : 'active';
  const { liability, entries } = liabilityAt(question, live, state);
  deps.push(...entries);
  if (state === 'active') return { enforcer, state, restraints, ...liability };
  const retroactive = live.every((restraint) => restraint.retroactive) ? { retroactive: true as const } : {};
  return {
    enforcer,
    state,
    ...barCover(picture, provision, party, enforcer, state, t),
    restraints,
    ...liability,
    ...retroactive,
  };
}

/** Unbroken cover by the restraints of a state: courts' orders and stays, or promises. */
export function barCover(
  picture: Picture,
  provision: Provision,
  party: string,
  enforcer: string,
  state: 'restrained' | 'forborne',
  t: Moment,
): ReturnType<typeof coverFrom> {
  return coverFrom(picture, t, (at) =>
    liveRestraints(picture, provision, party, enforcer, at).filter(
      (restraint) => (barKind(restraint) === 'forbearance') === (state === 'forborne'),
    ),
  );
}

function exposure(
  provision: Provision,
  force: StartMove | undefined,
  applies: StartMove | undefined,
  off: boolean,
  t: Moment,
): CivilDate | undefined {
  const period = parsePeriod(provision.effect.limitation);
  if (!period || off || !force || !applies) return undefined;
  const started = [force.to.date ?? '', applies.to.date ?? ''].toSorted().at(-1) ?? '';
  const back = addPeriod(dayOf(t), period, -1);
  return back > started ? back : started;
}

function contests(
  picture: Picture,
  provision: Provision,
  party: string,
  t: Moment,
): (axis: AxisName, restraints?: readonly string[]) => { contested?: readonly string[] } {
  const { roster } = picture.prepared;
  const concerns = ({ effect, entry }: Contest): boolean =>
    startOfDay(entry.occurredOn) <= t && (effect.party === undefined || roster.covers([effect.party], party));
  const about = provision.contests.filter(concerns);
  const upon = provision.restraints.flatMap((restraint) => restraint.contests).filter(concerns);
  if (about.length === 0 && upon.length === 0) return () => ({});
  return (axis, restraints) => {
    // A petition that names no axis contests validity: force.
    const entries = about.filter(({ effect }) => (effect.axis ?? 'force') === axis);
    if (restraints) entries.push(...upon.filter(({ effect }) => restraints.includes(effect.restraint ?? '')));
    return entries.length === 0 ? {} : { contested: [...new Set(entries.map(({ entry }) => entry.id))] };
  };
}

function moved(move: StartMove | undefined): readonly Entry[] {
  return move ? [move.entry, ...move.to.deps] : noEntries;
}

function sunsetDeps(provision: Provision, t: Moment): readonly Entry[] {
  const sunset = untilAt(provision.sunset, t);
  return sunset ? [sunset.entry, ...sunset.until.deps] : noEntries;
}

export function contingency(when: When | undefined): { contingent?: string; estimate?: CivilDate } {
  if (when?.contingent === undefined) return {};
  return { contingent: when.contingent, ...(when.estimate === undefined ? {} : { estimate: when.estimate }) };
}

/** The start of an axis that is still ahead, as the headline needs it. */
export function startsAhead(axes: Axes, t: Moment): { axis: StartAxis; move: StartMove | undefined } | undefined {
  if (axes.force.state === 'not-yet') return { axis: 'force', move: axes.starts.force };
  const { operation, applicability } = axes.starts;
  if (operation !== undefined && startOf(operation.to) > t) return { axis: 'operation', move: operation };
  if (axes.applicability.state === 'applies-from') return { axis: 'applicability', move: applicability };
  return undefined;
}

/** The end of a start's civil day: the first question that could find it begun. */
export function dayEnd(when: When): Moment | null {
  return when.date === null ? null : endOfDay(when.date);
}
