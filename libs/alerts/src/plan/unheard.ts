import type { MatterRecord } from '#libs/matter';
import type { WatchFilter } from '../watch.ts';

/**
 * One plain sentence for each name in a filter that nothing on record bears. A watch may be made before its matter is; but
 * whoever mistyped an id would wait for alerts that never come.
 */
export function unheardOf(filter: WatchFilter, matters: Iterable<MatterRecord>): readonly string[] {
  const ids = new Set(filter.matters);
  const parties = new Set(filter.parties);
  const jurisdictions = new Set<string>(filter.jurisdictions);
  for (const { matter, roster } of matters) {
    ids.delete(matter.id);
    jurisdictions.delete(matter.jurisdiction);
    for (const party of parties) if (roster.has(party)) parties.delete(party);
    if (ids.size + parties.size + jurisdictions.size === 0) break;
  }
  return [
    ...[...ids].map((id) => `There is no matter ${id} yet: until it is opened, nothing is told of it.`),
    ...[...parties].map((id) => `No matter has a party ${id} yet: until one has, nothing is told of it.`),
    ...[...jurisdictions].map(
      (code) => `No matter is of the jurisdiction ${code} yet: until one is, nothing is told of it.`,
    ),
  ];
}
