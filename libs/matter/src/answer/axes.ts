import { type CivilDate, endOfDay, type Moment } from '#libs/calendar';
import { liveRestraints } from '../picture/bars.ts';
import { applicabilityStart, type Ended, endedAt, revivedBy, startAt } from '../picture/force.ts';
import type { Picture } from '../picture/picture.ts';
import type { Provision, StartMove } from '../picture/tracks.ts';
import type { StartAxis } from '../record/effect.ts';
import type { Entry } from '../record/entry.ts';
import { startOf, type When } from '../time/when.ts';
import { contestsAt } from './contests.ts';
import { determinationAt } from './determination.ts';
import { enforcementAt } from './enforcement.ts';
import {
  appliesFrom,
  exposure,
  forceAxis,
  instrumentAxis,
  moved,
  operationAxis,
  prolonged,
  sunsetDeps,
} from './law-axes.ts';
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
  const revived = revivedBy(picture, provision, party, ended, t);
  const force = forceAxis(provision, forceStart, ended, revived, isLaw, t);
  const stays = liveRestraints(picture, provision, party, null, t);
  const operationStart = startAt(picture, provision, 'operation', party, null, t);
  const { operation, deps: stayDeps } = operationAxis(picture, provision, party, stays, operationStart, t);
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
    (applicabilityMove !== undefined && startOf(applicabilityMove.to) > t);
  const off =
    ended !== undefined || ['exempt', 'no-longer-meets-definition', 'not-addressed'].includes(applicability.state);
  const postures = enforcers.map((enforcer) =>
    enforcementAt({ picture, provision, party, enforcer, t, ended, off, ahead }),
  );
  const unaddressed = applicability.state === 'not-addressed' || applicability.state === 'exempt' || !isLaw;
  const starts = { force: forceStart, operation: operationStart, applicability: applicabilityMove };
  const exposedSince = unaddressed ? undefined : exposure(provision, starts, t);
  const contested = contestsAt(picture, provision, party, t);
  return {
    instrument: { ...instrument, ...contested('instrument') },
    force: { ...force, ...contested('force') },
    operation: { ...operation, ...contested('operation', operation.restraints) },
    applicability: { ...applicability, ...contested('applicability') },
    enforcement: postures.map(({ axis }) => ({ ...axis, ...contested('enforcement', axis.restraints) })),
    ...(exposedSince === undefined ? {} : { exposedSince }),
    isLaw,
    ended,
    starts,
    closed,
    enforcerDeps: postures.map(({ deps }) => deps),
    deps: {
      instrument: dep,
      force: ended
        ? [provision.entry, ...ended.deps, ...revived.deps, ...prolonged(provision, ended.moment)]
        : [provision.entry, ...moved(forceStart), ...sunsetDeps(provision, t), ...revived.deps],
      operation: [...stayDeps, ...moved(operationStart)],
      applicability: [...determined.deps, ...moved(applicabilityMove)],
      enforcement: postures.flatMap(({ deps }) => deps),
    },
  };
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
