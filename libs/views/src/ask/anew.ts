import { dateInZone } from '#libs/calendar';
import { believe, type Belief, type Deadline, deadlinesOf, type Headline, interpret, recordedBy } from '#libs/matter';
import { unworkable } from '../derive/derive.ts';
import type { Histories, History, Until } from '../derive/histories.ts';
import { MATTER_STREAMS } from '../derive/read-event.ts';
import type { Clocks } from './clocks.ts';

/** A matter as believed at clocks other than now, interpreted from its events. */
export interface Anew {
  readonly revision: number;
  readonly parties: Belief['matter']['parties'];
  headline(): Headline;
  deadlines(): readonly Deadline[];
}

/** Undefined when nothing was known of the matter then. */
export async function anew(histories: Histories, id: string, until: Until, clocks: Clocks): Promise<Anew | undefined> {
  const history = await histories.read(`${MATTER_STREAMS}${id}`, until);
  if (!history) return undefined;
  const { knownAt, publishedBy } = clocks;
  const belief = believed(history, {
    ...(knownAt !== undefined && { knownAt }),
    ...(publishedBy !== undefined && { publishedBy }),
  });
  if (!belief) return undefined;
  const { matter, entries } = belief;
  const at = clocks.at ?? dateInZone(clocks.now, matter.timeZone);
  const known = history.events.findLast(({ recordedAt }) => recordedBy(recordedAt, knownAt, matter.timeZone));
  return {
    revision: knownAt === undefined ? history.revision : (known?.revision ?? 0),
    parties: matter.parties,
    headline: () => orElse(() => interpret(matter, entries, { at }).headline, unworkable),
    deadlines: () =>
      orElse(
        () => deadlinesOf(matter, entries, { at }),
        () => [],
      ),
  };
}

function believed({ events }: History, clocks: Parameters<typeof believe>[1]): Belief | undefined {
  return orElse(
    () => believe(events, clocks),
    () => undefined,
  );
}

function orElse<Result>(work: () => Result, otherwise: (reason: string) => Result): Result {
  try {
    return work();
  } catch (error) {
    return otherwise(error instanceof Error ? error.message : String(error));
  }
}
