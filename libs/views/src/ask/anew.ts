import { dateInZone } from '#libs/calendar';
import { type Belief, believe, type Deadline, type Headline, MATTER_STREAMS, recordedBy } from '#libs/matter';
import { answersAt } from '../derive/derive.ts';
import type { Histories, History, Until } from '../derive/histories.ts';
import type { Clocks } from './clocks.ts';

/** A matter as believed at clocks other than now, interpreted from its events. */
export interface Anew {
  readonly revision: number;
  readonly parties: Belief['matter']['parties'];
  readonly headline: Headline;
  readonly deadlines: readonly Deadline[];
}

/** Undefined when nothing was known of the matter then. */
export async function anew(histories: Histories, id: string, until: Until, clocks: Clocks): Promise<Anew | undefined> {
  const history = await histories.read(`${MATTER_STREAMS}${id}`, until);
  const belief = history && believed(history, clocks);
  if (!belief) return undefined;
  const { matter, entries } = belief;
  const known = (event: { readonly recordedAt: string }): boolean =>
    recordedBy(event.recordedAt, clocks.knownAt, matter.timeZone);
  return {
    revision: known(history) ? history.revision : (history.events.findLast(known)?.revision ?? 0),
    parties: matter.parties,
    ...answersAt(clocks.at ?? dateInZone(clocks.now, matter.timeZone), matter, entries),
  };
}

function believed({ events }: History, { knownAt, publishedBy }: Clocks): Belief | undefined {
  try {
    return believe(events, {
      ...(knownAt !== undefined && { knownAt }),
      ...(publishedBy !== undefined && { publishedBy }),
    });
  } catch {
    // Such a matter is in quarantine, where the reason is told.
    return undefined;
  }
}
