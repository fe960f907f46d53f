import type { Entry, Matter } from '../record/entry.ts';
import type { Picture } from '../picture/picture.ts';
import { pictureAt } from '../picture/picture-at.ts';
import type { Provision, Restraint } from '../picture/tracks.ts';
import { prepare } from '../time/prepared.ts';
import { addressed } from './determination.ts';
import { momentAsked } from './interpret.ts';

/** A provision that a restraint keeps from working, and for whom. */
export interface Held {
  readonly provision: string;
  /** End members: addressed by the provision and protected by the restraint. */
  readonly parties: readonly string[];
}

/**
 * What a restraint is about, whether or not it is live: whoever watches one of these parties is concerned by its end. A
 * restraint of other restraints or endings holds what those concern.
 */
export function heldBy(
  matter: Matter,
  entries: readonly Entry[],
  { at, restraint }: { readonly at: string; readonly restraint: string },
): readonly Held[] {
  const picture = pictureAt(prepare(matter, entries), momentAsked(at, matter.timeZone));
  const named = picture.restraints.get(restraint);
  if (!named) return [];
  const held = new Map<string, Set<string>>();
  gather(picture, named, held, new Set());
  const { roster } = picture.prepared;
  return [...held].map(([provision, parties]) => ({ provision, parties: roster.sorted([...parties]) }));
}

function gather(picture: Picture, restraint: Restraint, held: Map<string, Set<string>>, seen: Set<Restraint>): void {
  if (seen.has(restraint)) return;
  seen.add(restraint);
  const add = (provision: string, parties: Iterable<string>): void => {
    const known = held.get(provision) ?? new Set();
    held.set(provision, known);
    for (const party of parties) if (protects(picture, restraint, party)) known.add(party);
  };
  for (const provision of picture.provisions.values()) {
    const ended = provision.endings.some(({ suspendedBy }) => suspendedBy.includes(restraint));
    if (ended || provision.restraints.includes(restraint)) add(provision.id, addressees(picture, provision));
  }
  for (const target of picture.restraints.values()) {
    if (!target.suspendedBy.includes(restraint)) continue;
    const its = new Map<string, Set<string>>();
    gather(picture, target, its, seen);
    for (const [provision, parties] of its) add(provision, parties);
  }
}

function addressees(picture: Picture, provision: Provision): readonly string[] {
  return picture.prepared.roster.ends.filter((party) => addressed(picture, provision, party));
}

function protects({ prepared: { roster } }: Picture, { effect, scope }: Restraint, party: string): boolean {
  const named = scope.findLast((step) => step.protects !== undefined)?.protects ?? effect.protects;
  return named === 'all' || roster.covers(named, party);
}
