import type { Moment } from '#libs/calendar';
import type { EndedHow, Liability } from '../record/effect.ts';
import type { Entry } from '../record/entry.ts';
import { endOf, startOf, type When } from '../time/when.ts';
import { liftAt, suspendedAt, untilAt } from './bars.ts';
import { freed, type Freed, letAct, together } from './cover.ts';
import type { Picture } from './picture.ts';
import type { Provision, StartMove } from './tracks.ts';

/** Which start governs an axis for a party (and enforcer) at a time. */
export function startAt(
  picture: Picture,
  provision: Provision,
  axis: keyof Provision['starts'],
  party: string,
  enforcer: string | null,
  t: Moment,
): StartMove | undefined {
  const { roster } = picture.prepared;
  const moves = provision.starts[axis];
  for (let index = moves.length - 1; index >= 0; index--) {
    const move = moves[index];
    if (!move || move.binding > t) continue;
    if (move.for && !roster.covers(move.for, party)) continue;
    if (move.enforcers && axis === 'enforcement' && (enforcer === null || !roster.covers(move.enforcers, enforcer))) {
      continue;
    }
    return move;
  }
  return undefined;
}

/** Applicability starts with force, wherever that moves, unless it was given a start of its own (MODEL §3). */
export function applicabilityStart(
  picture: Picture,
  provision: Provision,
  party: string,
  t: Moment,
): StartMove | undefined {
  return (
    startAt(picture, provision, 'applicability', party, null, t) ?? startAt(picture, provision, 'force', party, null, t)
  );
}

/** The end of a provision's force, for a party. */
export interface Ended {
  readonly how: EndedHow;
  /** When it took effect. */
  readonly on: When;
  readonly moment: Moment;
  readonly deps: readonly Entry[];
  readonly retroactive: boolean;
  readonly liability?: Liability | undefined;
}

/**
 * The end that gives `how`: of several live ones, the one that took effect first. A sunset is an end by the clock;
 * what was made under a provision ends when, and as, that provision ends.
 */
export function endedAt(picture: Picture, provision: Provision, party: string, t: Moment): Ended | undefined {
  return endedWithin(picture, provision, party, t, new Set());
}

function endedWithin(
  picture: Picture,
  provision: Provision,
  party: string,
  t: Moment,
  seen: Set<string>,
): Ended | undefined {
  if (seen.has(provision.id)) return undefined;
  seen.add(provision.id);
  const { roster } = picture.prepared;
  let first: Ended | undefined;
  const consider = (ended: Ended): void => {
    if (!first || ended.moment < first.moment) first = ended;
  };
  const sunset = untilAt(provision.sunset, t);
  if (sunset && endOf(sunset.until) <= t) {
    const deps = [sunset.entry, ...sunset.until.deps];
    consider({ how: 'expired', on: sunset.until, moment: endOf(sunset.until), deps, retroactive: sunset.retroactive });
  }
  for (const ending of provision.endings) {
    if (ending.binding > t || (ending.for && !roster.covers(ending.for, party))) continue;
    const lift = liftAt(ending, t);
    if (lift?.lifted || suspendedAt(ending, roster, party, null, t)) continue;
    const { how, on, liability } = ending;
    const deps = [
      ending.entry,
      ...on.deps,
      ...(lift ? [lift.entry, ...lift.deps] : []),
      ...letAct(ending, roster, party, null, t),
    ];
    consider({ how, on, moment: startOf(on), deps, retroactive: ending.retroactive, liability });
  }
  const parent = provision.effect.under === undefined ? undefined : picture.provisions.get(provision.effect.under);
  const inherited = parent && endedWithin(picture, parent, party, t, seen);
  if (inherited) consider({ ...inherited, deps: [...inherited.deps, provision.entry] });
  return first;
}

/** Endings that would have ended it (first), were they not lifted or stayed: force depends on those acts too. */
export function revivedBy(
  picture: Picture,
  provision: Provision,
  party: string,
  ended: Ended | undefined,
  t: Moment,
): Freed {
  const { roster } = picture.prepared;
  const found = provision.endings
    .filter(({ binding }) => binding <= t && (!ended || binding <= ended.moment))
    .filter((ending) => !ending.for || roster.covers(ending.for, party))
    .map((ending) => freed(ending, roster, party, null, t));
  return together(found.filter((by) => by !== undefined));
}
