import { endOfDay, type Moment, startOfDay } from '#libs/calendar';
import type { Picture } from '../picture/picture.ts';
import type { Ended } from '../picture/force.ts';
import type { Provision, Release, Restraint } from '../picture/tracks.ts';
import type { LiabilityState } from '../record/effect.ts';
import type { Entry } from '../record/entry.ts';
import type { EnforcementAxis } from './shape.ts';

type Posture = 'active' | 'restrained' | 'forborne' | 'ended' | 'not-applicable';

const rank: Readonly<Record<LiabilityState, number>> = { accrues: 0, unknown: 1, disclaimed: 2, extinguished: 3 };

/**
 * Liability for conduct at `t`. What an act says of it decides, the most lenient first; else it follows from the law:
 * it accrues while a duty binds, a promise not to enforce changes no law, and what follows from conduct under a court's
 * order that may yet be undone is unknown.
 */
export function liabilityAt(
  question: {
    readonly picture: Picture;
    readonly provision: Provision;
    readonly party: string;
    readonly enforcer: string;
    readonly t: Moment;
    readonly ended: Ended | undefined;
  },
  live: readonly Restraint[],
  posture: Posture,
): { liability: Pick<EnforcementAxis, 'liability'>; entries: readonly Entry[] } {
  const { t, ended } = question;
  const said: { state: LiabilityState; from?: string; entry: Entry }[] = [];
  for (const release of question.provision.releases) {
    if (covers(release, question)) {
      said.push({ state: release.effect.state, from: release.effect.conductFrom, entry: release.entry });
    }
  }
  if (posture !== 'not-applicable') {
    for (const { effect, entry } of live) {
      if (effect.liability && (effect.liability.from === undefined || startOfDay(effect.liability.from) <= t)) {
        said.push({ ...effect.liability, entry });
      }
    }
    if (ended?.liability && ended.deps[0]) said.push({ ...ended.liability, entry: ended.deps[0] });
  }
  const best = said.toSorted((a, b) => rank[b.state] - rank[a.state])[0];
  if (best) {
    const from = best.from === undefined ? {} : { from: best.from };
    return { liability: { liability: { state: best.state, ...from } }, entries: [best.entry] };
  }
  const state = follows(posture);
  return { liability: state === undefined ? {} : { liability: { state } }, entries: [] };
}

function follows(posture: Posture): LiabilityState | undefined {
  switch (posture) {
    case 'active':
    case 'forborne':
      return 'accrues';
    case 'restrained':
      return 'unknown';
    case 'ended':
    case 'not-applicable':
      return undefined;
  }
}

function covers(
  release: Release,
  { picture, party, enforcer, t }: { picture: Picture; party: string; enforcer: string; t: Moment },
): boolean {
  const { roster } = picture.prepared;
  const { conductFrom, conductTo, protects, enforcers } = release.effect;
  return (
    startOfDay(conductFrom) <= t &&
    (conductTo === undefined || t <= endOfDay(conductTo)) &&
    (protects === 'all' || roster.covers(protects, party)) &&
    (!enforcers || roster.covers(enforcers, enforcer))
  );
}
