import { epochMs } from '#libs/calendar';
import { recordedBy } from '#libs/matter';
import type { AlertType, RaisedAlert } from '../alert.ts';

/** What was told because of a step, or by the clock between it and the next. */
export interface ToldAlert {
  readonly id: string;
  readonly type: AlertType;
  readonly watch: string;
  readonly seq: number;
  readonly lead: string | null;
  /** The id of the deadline that it is about. */
  readonly deadline: string | null;
  readonly text: string;
  readonly dueAt: string;
}

/** A step of a replay in the order of recording. */
interface Step {
  readonly entry: string | null;
  readonly recordedAt: string;
}

/** A replay, and what is known at its end. */
interface Replay<Each extends Step> {
  readonly steps: Iterable<Each>;
  /** As asked; undefined: everything. */
  readonly knownAt: string | undefined;
  /** The matter's. */
  readonly timeZone: string;
}

/**
 * Each step with what was told of it: the alerts of one matter by when they fell due, which for a fact is when it was
 * recorded. Of steps that share their moment each has those of its entry; what no entry made comes with the last.
 */
export function* toldBySteps<Each extends Step>(
  { steps, knownAt, timeZone }: Replay<Each>,
  alerts: readonly RaisedAlert[],
): Generator<Each & { readonly alerts: readonly ToldAlert[] }, void> {
  const known = alerts.filter(({ raisedAt }) => recordedBy(raisedAt, knownAt, timeZone));
  const due = known.toSorted((one, other) => dueMs(one) - dueMs(other) || (one.position < other.position ? -1 : 1));
  let shown = 0;
  const upTo = (end: number): readonly RaisedAlert[] => {
    const from = shown;
    while (shown < due.length && dueMs(due[shown]) < end) shown += 1;
    return due.slice(from, shown);
  };
  let moment: Each[] = [];
  for (const step of steps) {
    if (moment[0] && moment[0].recordedAt !== step.recordedAt) {
      yield* told(moment, upTo(epochMs(step.recordedAt)));
      moment = [];
    }
    moment.push(step);
  }
  yield* told(moment, upTo(Infinity));
}

function* told<Each extends Step>(
  moment: readonly Each[],
  alerts: readonly RaisedAlert[],
): Generator<Each & { readonly alerts: readonly ToldAlert[] }, void> {
  const last = moment.at(-1);
  const byStep = Map.groupBy(alerts, (raised) => {
    const { entry } = raised.alert;
    const at = entry !== null && last && dueMs(raised) === epochMs(last.recordedAt);
    return (at && moment.findLast((step) => step.entry === entry)) || last;
  });
  for (const step of moment) yield { ...step, alerts: (byStep.get(step) ?? []).map(toldAlert) };
}

function dueMs(raised: RaisedAlert | undefined): number {
  return raised ? epochMs(raised.alert.dueAt) : Infinity;
}

function toldAlert({ alert, seq }: RaisedAlert): ToldAlert {
  const { id, type, watch, lead, deadline, text, dueAt } = alert;
  const about: unknown = typeof deadline === 'object' && deadline ? Reflect.get(deadline, 'id') : undefined;
  return { id, type, watch, seq, lead, deadline: typeof about === 'string' ? about : null, text, dueAt };
}
