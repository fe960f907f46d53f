import type { Deadline } from '#libs/matter';
import { restraintOf } from './ending.ts';
import type { Snapshot } from './snapshot.ts';

/** Whether a deadline concerns a watch's parties: as those obligated or, where a pause ends, as those it protects. */
export function concerns(deadline: Deadline, parties: readonly string[] | undefined, snapshot: Snapshot): boolean {
  if (!parties) return true;
  const { roster } = snapshot;
  // As lists of deadlines are filtered: the party itself, a class above it, a member below it.
  const kin = (party: string, listed: readonly string[]): boolean =>
    roster.covers(listed, party) || listed.some((id) => roster.above(id).has(party));
  if (parties.some((party) => kin(party, deadline.obligated))) return true;
  if (deadline.kind !== 'pause-end') return false;
  const held = snapshot.heldBy(restraintOf(deadline));
  return held.some((each) => parties.some((party) => kin(party, each.parties)));
}
