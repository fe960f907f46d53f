import { type Moment } from '#libs/calendar';
import { enforcersAt, liftAt } from '../picture/bars.ts';
import { endedAt, startAt } from '../picture/force.ts';
import { isPending } from '../picture/instruments.ts';
import type { Picture } from '../picture/picture.ts';
import { pictureAt } from '../picture/picture-at.ts';
import type { EnteredDeadline, Provision, Restraint, StartMove, UntilStep } from '../picture/tracks.ts';
import type { LiftedHow } from '../record/effect.ts';
import type { Entry, Matter } from '../record/entry.ts';
import { prepare } from '../time/prepared.ts';
import { endOf, startOf, type When } from '../time/when.ts';
import { type Closing, type Dated, standing } from './deadline-state.ts';
import { addressed } from './determination.ts';
import { momentAsked } from './interpret.ts';
import type { Deadline } from './shape.ts';

export interface DeadlinesQuery {
  readonly at: string;
  /** Only what this party, a class above it or a member of it is obligated to. */
  readonly party?: string;
}

/**
 * Every deadline of a matter as it stands at a time (MODEL §6), by due date, those still waiting last. The ends of
 * restraints and the starts and sunsets of provisions are deadlines too; their ids carry a dot.
 */
export function deadlinesOf(matter: Matter, entries: readonly Entry[], query: DeadlinesQuery): readonly Deadline[] {
  const t = momentAsked(query.at, matter.timeZone);
  const picture = pictureAt(prepare(matter, entries), t);
  const { roster } = picture.prepared;
  const concerns = ({ obligated }: Deadline): boolean =>
    query.party === undefined ||
    roster.covers(obligated, query.party) ||
    obligated.some((id) => roster.above(id).has(query.party ?? ''));
  const all = [
    ...[...picture.restraints.values()].flatMap((restraint) => ofRestraint(picture, restraint, t)),
    ...[...picture.provisions.values()].flatMap((provision) => ofProvision(picture, provision, t)),
    ...[...picture.deadlines.values()].map((entered) => ofEntered(picture, entered, t)),
  ];
  return all.filter(concerns).toSorted(byDue);
}

function byDue(a: Deadline, b: Deadline): number {
  const [first, second] = [a.due?.date ?? '~', b.due?.date ?? '~'];
  if (first !== second) return first < second ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function ofRestraint(picture: Picture, restraint: Restraint, t: Moment): readonly Deadline[] {
  if (restraint.until.length === 0) return [];
  const provisions = (restraint.effect.provisions ?? []).flatMap((id) => picture.provisions.get(id) ?? []);
  const lift = liftAt(restraint, t);
  const last = restraint.until.at(-1);
  const lifted: Closing | undefined =
    lift?.lifted && last && lift.binding < endOf(last.until)
      ? { how: liftedAs(lift.how), moment: lift.binding, entry: lift.entry.id }
      : undefined;
  const { roster } = picture.prepared;
  const bound = enforcersAt(restraint, roster, t) ?? [
    ...new Set(provisions.flatMap((each) => each.effect.enforcers ?? [])),
  ];
  return [
    standing(picture, t, {
      id: `${restraint.id}.until`,
      title: `End of ${restraint.id} (${restraint.entry.title})`,
      kind: 'pause-end',
      obligated: bound,
      dates: restraint.until.map(untilDate),
      closings: [lifted, provisionsEnded(picture, provisions, t)],
      starts: false,
    }),
  ];
}

/** Lifting closes the end it forestalls: superseded, vacated when a court undid it, else withdrawn (MODEL §6). */
function liftedAs(how: LiftedHow | undefined): Closing['how'] {
  if (how === 'superseded') return 'superseded';
  return how === 'dissolved' || how === 'reversed' ? 'vacated' : 'withdrawn';
}

function ofProvision(picture: Picture, provision: Provision, t: Moment): readonly Deadline[] {
  const { effect } = provision;
  const closings = [provisionsEnded(picture, [provision], t), notBecomingLaw(picture, provision)];
  const pending = notLawYet(picture, provision);
  const about = {
    obligated: effect.addressees ?? everyone(picture, provision),
    provision: provision.id,
    closings,
    pending,
  };
  const force = general(picture, provision, 'force', t);
  const applies = general(picture, provision, 'applicability', t);
  const found: Deadline[] = [
    standing(picture, t, {
      ...about,
      id: `${provision.id}.force`,
      title: `${effect.title}: enters into force`,
      kind: 'effective',
      dates: force.map(startDate),
      starts: true,
    }),
  ];
  if (applies.length > 0) {
    const first = applies[0]?.by === 'establishes' ? [] : force.slice(0, 1);
    found.push(
      standing(picture, t, {
        ...about,
        id: `${provision.id}.applies`,
        title: `${effect.title}: applies`,
        kind: 'applicability',
        dates: [...first, ...applies].map(startDate),
        starts: true,
      }),
    );
  }
  if (provision.sunset.length > 0) {
    found.push(
      standing(picture, t, {
        ...about,
        id: `${provision.id}.until`,
        title: `${effect.title}: expires`,
        kind: 'expiry',
        dates: provision.sunset.map(untilDate),
        starts: false,
      }),
    );
  }
  return found;
}

/** Who is addressed where nobody is named: everyone but the enforcers. */
function everyone(picture: Picture, provision: Provision): readonly string[] {
  return picture.prepared.roster.ends.filter((party) => addressed(picture, provision, party));
}

/**
 * Moves of the common date: those that concern every addressee, and what part by part has come to concern them all,
 * by the last part. One for some of them moves no common date.
 */
function general(
  picture: Picture,
  provision: Provision,
  axis: 'force' | 'applicability',
  t: Moment,
): readonly StartMove[] {
  const { roster } = picture.prepared;
  const bound = provision.starts[axis].filter((move) => move.binding <= t);
  const addressees = everyone(picture, provision);
  const common = bound.filter(({ for: only }) => !only || addressees.every((id) => roster.covers(only, id)));
  if (common.length === bound.length) return common;
  const own = addressees.map((id) => startAt(picture, provision, axis, id, null, t));
  if (own.length === 0 || own.some((move) => !move?.for)) return common;
  const last = own.reduce((latest, move) =>
    !latest || (move && startOf(move.to) > startOf(latest.to)) ? move : latest,
  );
  return last ? [...common, last] : common;
}

function startDate({ to, entry }: StartMove): Dated {
  return { when: to, entry: entry.id, passes: startOf(to), estimateOnly: false };
}

function untilDate({ until, entry }: UntilStep): Dated {
  return { when: until, entry: entry.id, passes: endOf(until), estimateOnly: false };
}

/** When all of them have ended for everyone addressed: closed as vacated or moot. */
function provisionsEnded(picture: Picture, provisions: readonly Provision[], t: Moment): Closing | undefined {
  let last: Closing | undefined;
  for (const provision of provisions) {
    for (const [party] of picture.prepared.groups) {
      if (!addressed(picture, provision, party)) continue;
      const ended = endedAt(picture, provision, party, t);
      if (!ended) return undefined;
      const how = ended.how === 'vacated' || ended.how === 'invalid' ? 'vacated' : 'moot';
      if (!last || ended.moment > last.moment) last = { how, moment: ended.moment, entry: ended.deps[0]?.id ?? '' };
    }
  }
  return last;
}

function instrumentStep(picture: Picture, provision: Provision) {
  return picture.instruments.get(provision.entry.instrument?.id ?? '')?.at(-1);
}

/** Dates of what is not law yet depend on its becoming law. */
function notLawYet(picture: Picture, provision: Provision): string | undefined {
  const step = instrumentStep(picture, provision);
  return step && isPending(step.state) ? `${provision.entry.instrument?.id} becoming law` : undefined;
}

function notBecomingLaw(picture: Picture, provision: Provision): Closing | undefined {
  const step = instrumentStep(picture, provision);
  if (!step || (step.state !== 'failed' && step.state !== 'withdrawn')) return undefined;
  return { how: step.state === 'withdrawn' ? 'withdrawn' : 'moot', moment: step.binding, entry: step.entry.id };
}

function ofEntered(picture: Picture, entered: EnteredDeadline, t: Moment): Deadline {
  const { effect, moves, closings } = entered;
  const starts = effect.deadlineKind === 'effective';
  const passes = (when: When): Moment => (starts ? startOf(when) : endOf(when));
  const dated = (basis: typeof effect.basis, entry: Entry, estimateOnly: boolean): Dated => {
    const when = picture.dates.resolve(basis);
    return { when, entry: entry.id, passes: passes(when), estimateOnly };
  };
  const tied = [effect.provision, effect.under].flatMap((id) => picture.provisions.get(id ?? '') ?? []);
  const closed = closings.find(({ on }) => startOf(on) <= t);
  return standing(picture, t, {
    id: effect.deadline,
    title: effect.title,
    kind: effect.deadlineKind,
    obligated: effect.obligated,
    ...(effect.provision === undefined ? {} : { provision: effect.provision }),
    dates: [
      dated(effect.basis, entered.entry, false),
      // A notice may estimate anybody's deadline; an estimate is shown, never relied on (MODEL §4).
      ...moves.map((move) => dated(move.effect.basis, move.entry, isEstimate(move.effect.basis, move.entry))),
    ],
    closings: [
      closed && { how: closed.effect.how, moment: startOf(closed.on), entry: closed.entry.id, said: true },
      ...tied.map((provision) => provisionsEnded(picture, [provision], t)),
    ],
    starts,
  });
}

function isEstimate(basis: unknown, entry: Entry): boolean {
  return entry.type === 'NoticeIssued' && typeof basis === 'object' && basis !== null && 'contingent' in basis;
}
