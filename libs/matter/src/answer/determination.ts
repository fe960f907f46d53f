import type { CivilDate, Moment } from '#libs/calendar';
import type { Picture } from '../picture/picture.ts';
import type { DeterminationStep, Provision } from '../picture/tracks.ts';
import type { Entry } from '../record/entry.ts';
import type { ApplicabilityState } from './shape.ts';

export interface Determined {
  /** Undefined: nothing is determined; the start decides. */
  readonly state?: ApplicabilityState;
  readonly from?: CivilDate;
  readonly notes?: { readonly retroactive?: true };
  readonly deps: readonly Entry[];
}

/** Whether the party, or a class above it, is addressed. Default: everyone but enforcers that are not named. */
export function addressed(picture: Picture, provision: Provision, party: string): boolean {
  const { roster } = picture.prepared;
  const { addressees } = provision.effect;
  return addressees ? roster.covers(addressees, party) : roster.get(party)?.kind !== 'enforcer';
}

/** The most specific determination wins, then the latest act; `applies` removes an earlier one (MODEL §3). */
export function determinationAt(picture: Picture, provision: Provision, party: string, t: Moment): Determined {
  if (!addressed(picture, provision, party)) return { state: 'not-addressed', deps: [provision.entry] };
  if (provision.determinations.length === 0) return { deps: [] };
  const { roster } = picture.prepared;
  const latest = new Map<string, DeterminationStep>();
  for (const step of provision.determinations) {
    if (step.binding > t || !roster.covers([step.effect.party], party)) continue;
    latest.delete(step.effect.party);
    latest.set(step.effect.party, step);
  }
  const winner = [...latest.values()].findLast(
    ({ effect }) =>
      ![...latest.keys()].some((other) => other !== effect.party && roster.above(other).has(effect.party)),
  );
  if (!winner) return { deps: [] };
  const when = winner.effect.from === undefined ? undefined : picture.dates.resolve(winner.effect.from);
  const deps = [winner.entry, ...(when?.deps ?? [])];
  if (winner.effect.applicability === 'applies') return { deps };
  return {
    state: winner.effect.applicability,
    from: when?.date ?? winner.entry.occurredOn,
    ...(winner.retroactive ? { notes: { retroactive: true } } : {}),
    deps,
  };
}
