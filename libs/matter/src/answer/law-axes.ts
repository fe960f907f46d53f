import { addPeriod, type CivilDate, dayOf, type Moment, parsePeriod } from '#libs/calendar';
import { liveRestraints, untilAt } from '../picture/bars.ts';
import { coverFrom, type Freed, freedBy } from '../picture/cover.ts';
import type { Ended } from '../picture/force.ts';
import { instrumentStateOf, isPending } from '../picture/instruments.ts';
import type { Picture } from '../picture/picture.ts';
import type { Provision, Restraint, StartMove } from '../picture/tracks.ts';
import type { Entry } from '../record/entry.ts';
import { startOf, type When } from '../time/when.ts';
import type { ApplicabilityAxis, ForceAxis, InstrumentAxis, OperationAxis } from './shape.ts';

export function instrumentAxis(
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

export function forceAxis(
  provision: Provision,
  start: StartMove | undefined,
  ended: Ended | undefined,
  revived: Freed,
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
  if (isLaw && start !== undefined && startOf(start.to) <= t) {
    const retroactive =
      provision.retroactive || start.retroactive || revived.retroactive ? { retroactive: true as const } : {};
    return { state: 'in-force', from, ...until, ...retroactive };
  }
  if (!isLaw && start !== undefined && startOf(start.to) <= t) {
    return { state: 'not-yet', from: null, contingent: 'becoming law', ...until };
  }
  const retroactive = start?.retroactive ? { retroactive: true as const } : {};
  return { state: 'not-yet', from, ...contingency(start?.to), ...until, ...retroactive };
}

export function operationAxis(
  picture: Picture,
  provision: Provision,
  party: string,
  stays: readonly Restraint[],
  start: StartMove | undefined,
  t: Moment,
): { operation: OperationAxis; deps: readonly Entry[] } {
  if (stays.length > 0) {
    const { cover, deps } = coverFrom(picture, party, null, t, (at) =>
      liveRestraints(picture, provision, party, null, at),
    );
    const retroactive = stays.every((stay) => stay.retroactive) ? { retroactive: true as const } : {};
    const restraints = stays.map((stay) => stay.id);
    return { operation: { state: 'suspended', ...cover, restraints, ...retroactive }, deps };
  }
  const free = freedBy(provision, picture.prepared.roster, party, null, t);
  if (start !== undefined && startOf(start.to) > t) {
    const retroactive = start.retroactive ? { retroactive: true as const } : {};
    return {
      operation: { state: 'postponed', to: start.to.date, ...contingency(start.to), ...retroactive },
      deps: free.deps,
    };
  }
  const retroactive = free.retroactive || start?.retroactive ? { retroactive: true as const } : {};
  return { operation: { state: 'operative', ...retroactive }, deps: free.deps };
}

export function appliesFrom(start: StartMove | undefined, t: Moment): ApplicabilityAxis {
  const from = start?.to.date ?? null;
  if (start !== undefined && startOf(start.to) <= t) {
    return { state: 'applies', from, ...(start.retroactive ? { retroactive: true } : {}) };
  }
  return { state: 'applies-from', from, ...contingency(start?.to) };
}

/** The first day of conduct that is still exposed: the day on which all had started, or as far back as the limitation. */
export function exposure(
  provision: Provision,
  { force, operation, applicability }: Readonly<Record<'force' | 'operation' | 'applicability', StartMove | undefined>>,
  t: Moment,
): CivilDate | undefined {
  const period = parsePeriod(provision.effect.limitation);
  if (!period || !force || !applicability) return undefined;
  const starts = [force, applicability, ...(operation ? [operation] : [])];
  if (starts.some(({ to }) => startOf(to) > t)) return undefined;
  const started =
    starts
      .map(({ to }) => to.date ?? '')
      .toSorted()
      .at(-1) ?? '';
  const back = addPeriod(dayOf(t), period, -1);
  return back > started ? back : started;
}

export function moved(move: StartMove | undefined): readonly Entry[] {
  return move ? [move.entry, ...move.deps, ...move.to.deps] : [];
}

export function sunsetDeps(provision: Provision, t: Moment): readonly Entry[] {
  const sunset = untilAt(provision.sunset, t);
  return sunset ? [sunset.entry, ...sunset.until.deps] : [];
}

/** Without which it would have expired before whatever ended it. */
export function prolonged(provision: Provision, t: Moment): readonly Entry[] {
  return provision.sunset.length > 1 ? sunsetDeps(provision, t) : [];
}

export function contingency(when: When | undefined): { contingent?: string; estimate?: CivilDate } {
  if (when?.contingent === undefined) return {};
  return { contingent: when.contingent, ...(when.estimate === undefined ? {} : { estimate: when.estimate }) };
}
