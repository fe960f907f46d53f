import { type Moment, startOfDay } from '#libs/calendar';
import type { Picture } from '../picture/picture.ts';
import type { Contest, Provision } from '../picture/tracks.ts';
import type { AxisName } from './shape.ts';

/** Who contests an axis of a provision for a party. A mark moves nothing (MODEL §3). */
export function contestsAt(
  picture: Picture,
  provision: Provision,
  party: string,
  t: Moment,
): (axis: AxisName, restraints?: readonly string[]) => { contested?: readonly string[] } {
  const { roster } = picture.prepared;
  const concerns = ({ effect, entry }: Contest): boolean =>
    startOfDay(entry.occurredOn) <= t && (effect.party === undefined || roster.covers([effect.party], party));
  const about = provision.contests.filter(concerns);
  const upon = provision.restraints.flatMap((restraint) => restraint.contests).filter(concerns);
  if (about.length === 0 && upon.length === 0) return () => ({});
  return (axis, restraints) => {
    // A petition that names no axis contests validity: force.
    const entries = about.filter(({ effect }) => (effect.axis ?? 'force') === axis);
    if (restraints) entries.push(...upon.filter(({ effect }) => restraints.includes(effect.restraint ?? '')));
    return entries.length === 0 ? {} : { contested: [...new Set(entries.map(({ entry }) => entry.id))] };
  };
}
