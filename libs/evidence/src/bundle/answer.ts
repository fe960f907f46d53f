import { believe, entryTypes, interpret, type RecordedMatterEvent, recordedBy } from '#libs/matter';
import { BundleFault, type BundleClocks, type BundledAnswer, type BundleEvent } from './bundle.ts';

export interface Asked {
  readonly matter: string;
  readonly clocks: BundleClocks;
  readonly party: string | null;
  readonly enforcer: string | null;
}

const records: ReadonlySet<string> = new Set(['MatterOpened', 'PartyAdded', 'EntryCorrected', 'EntryRetracted']);

/** The answer that these events give, and nothing but these events, as plain JSON. @throws BundleFault */
export function answerFrom(events: readonly BundleEvent[], asked: Asked): BundledAnswer {
  try {
    const answer: BundledAnswer = JSON.parse(JSON.stringify(computed(events, asked)));
    return answer;
  } catch (error) {
    if (error instanceof BundleFault) throw error;
    // Whoever signs for nonsense gets no answer from it.
    fault(
      '/answer',
      `These events and clocks give no answer: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function computed(events: readonly BundleEvent[], asked: Asked): BundledAnswer {
  const { matter: id, clocks, party, enforcer } = asked;
  const { knownAt, publishedBy } = clocks;
  const read = events.map(ofMatter);
  const [opening] = read;
  if (opening?.type !== 'MatterOpened') fault('/events/0/event/type', 'The first event does not open a matter.');
  const seen = read.filter(({ recordedAt }) => recordedBy(recordedAt, knownAt, opening.data.timeZone));
  const belief = believe(seen, publishedBy === null ? {} : { publishedBy });
  if (!belief) fault('/clocks/knownAt', `Nothing was known of the matter at ${knownAt}.`);
  const who = { ...(party !== null && { party }), ...(enforcer !== null && { enforcer }) };
  for (const [name, each] of Object.entries(who)) {
    if (!belief.matter.parties.some((known) => known.id === each))
      fault(`/answer/${name}`, `The matter has no party ${each}.`);
  }
  const status = interpret(belief.matter, belief.entries, { at: clocks.at, ...who });
  return { matter: id, party, enforcer, clocks, ...status, position: events[seen.length - 1]?.position ?? '' };
}

function ofMatter(event: BundleEvent, index: number): RecordedMatterEvent {
  const { type, schema } = event;
  if (schema !== 1 || !(records.has(type) || Object.hasOwn(entryTypes, type)))
    fault(`/events/${index}/event/type`, `${type}, schema ${schema}, is for a newer verifier than this one.`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- signed for, and so written by the register, parsed
  return event as unknown as RecordedMatterEvent;
}

function fault(place: string, message: string): never {
  throw new BundleFault('unproven', place, message);
}
