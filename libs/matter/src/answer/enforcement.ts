import type { CivilDate, Moment } from '#libs/calendar';
import { barKind, liveRestraints } from '../picture/bars.ts';
import { type Covered, coverFrom, freedBy, restraintDeps } from '../picture/cover.ts';
import { type Ended, startAt } from '../picture/force.ts';
import type { Picture } from '../picture/picture.ts';
import type { Provision } from '../picture/tracks.ts';
import type { Entry } from '../record/entry.ts';
import { startOf } from '../time/when.ts';
import { contingency, moved } from './law-axes.ts';
import { liabilityAt } from './liability.ts';
import type { EnforcementAxis } from './shape.ts';

export interface EnforcementQuestion {
  readonly picture: Picture;
  readonly provision: Provision;
  readonly party: string;
  readonly enforcer: string;
  readonly t: Moment;
  readonly ended: Ended | undefined;
  /** It has ended, or does not apply. */
  readonly off: boolean;
  /** Force, operation or applicability still lies ahead. */
  readonly ahead: boolean;
}

/** One enforcer's posture towards one party, with the entries on which it depends. */
export function enforcementAt(question: EnforcementQuestion): { axis: EnforcementAxis; deps: readonly Entry[] } {
  const { picture, provision, party, enforcer, t, ended, off, ahead } = question;
  const live = liveRestraints(picture, provision, party, enforcer, t);
  const restraints = live.map((restraint) => restraint.id);
  const { roster } = picture.prepared;
  const held = live.flatMap((restraint) => restraintDeps(restraint, roster, party, enforcer, t));
  if (off) {
    const { liability, entries } = liabilityAt(question, live, ended ? 'ended' : 'not-applicable');
    return { axis: { enforcer, state: 'not-applicable', restraints, ...liability }, deps: [...held, ...entries] };
  }
  const empowered = startAt(picture, provision, 'enforcement', party, enforcer, t);
  const free = freedBy(provision, roster, party, enforcer, t);
  const deps = [...held, ...moved(empowered), ...free.deps];
  const powerless = empowered !== undefined && startOf(empowered.to) > t;
  if (ahead || powerless) {
    const from = powerless ? { from: empowered.to.date, ...contingency(empowered.to) } : {};
    const { liability, entries } = liabilityAt(question, live, 'not-applicable');
    return {
      axis: { enforcer, state: 'not-yet-possible', restraints, ...from, ...liability },
      deps: [...deps, ...entries],
    };
  }
  const byCourt = live.some((restraint) => barKind(restraint) !== 'forbearance');
  const state = byCourt ? 'restrained' : live.length > 0 ? 'forborne' : 'active';
  const { liability, entries } = liabilityAt(question, live, state);
  if (state === 'active') {
    const back = free.retroactive || empowered?.retroactive ? { retroactive: true as const } : {};
    return { axis: { enforcer, state, restraints, ...liability, ...back }, deps: [...deps, ...entries] };
  }
  const back = live.every((restraint) => restraint.retroactive) ? { retroactive: true as const } : {};
  const covered = barCover(picture, provision, party, enforcer, state, t);
  return {
    axis: { enforcer, state, ...covered.cover, restraints, ...liability, ...back },
    deps: [...deps, ...covered.deps, ...entries],
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
): Covered {
  return coverFrom(picture, party, enforcer, t, (at) =>
    liveRestraints(picture, provision, party, enforcer, at).filter(
      (restraint) => (barKind(restraint) === 'forbearance') === (state === 'forborne'),
    ),
  );
}

/** The earliest of several last days; open ends come last. */
export function earliest(dates: readonly (CivilDate | null | undefined)[]): CivilDate | null {
  return dates.filter((date) => date != null).toSorted()[0] ?? null;
}
