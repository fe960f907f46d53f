import { epochMs, isCivilDate } from '#libs/calendar';
import { Malformed } from '#libs/contract';
import { type Belief, changesBetween, deadlineChanges, deadlinesOf, interpret } from '#libs/matter';
import { NotFound } from './errors.ts';
import type { DiffAnswer, EntryChange } from './answers.ts';
import type { DiffAsked, FiledEvent, MatterFile } from './shapes.ts';
import { whoOf } from './status.ts';
import { isPublicEvent, storyOf, type View, viewOf } from './view.ts';

/** What changed in belief from one state of knowledge to a later one. Before the matter was opened all is new. */
export function diffAnswer(file: MatterFile, asked: DiffAsked, now: number): { view: View; body: DiffAnswer } {
  const { knownFrom, knownTo, at, publishedBy } = asked;
  const kept = { ...(at !== undefined && { at }), ...(publishedBy !== undefined && { publishedBy }) };
  const after = viewOf(file, { ...kept, ...(knownTo !== undefined && { knownAt: knownTo }) }, now);
  const before = earlier(file, { ...kept, at: after.clocks.at, knownAt: knownFrom }, now);
  if (knownTo !== undefined && (isAfter(knownFrom, knownTo) || (before && before.revision > after.revision))) {
    throw new Malformed([{ parameter: 'knownFrom', message: 'must not be after knownTo' }]);
  }
  const who = whoOf(after.belief.matter, asked);
  const query = { at: after.clocks.at, ...who };
  const [was, is] = [beliefBefore(before, after, Object.values(who)), after.belief];
  const seen = before?.events.length ?? 0;
  const body = {
    clocks: { ...after.clocks, knownFrom, knownTo: after.clocks.knownAt },
    entries: entryChanges(after, after.events.slice(seen)),
    changes: changesBetween(interpret(was.matter, was.entries, query), interpret(is.matter, is.entries, query)),
    deadlines: deadlineChanges(
      deadlinesOf(was.matter, was.entries, { at: query.at }),
      deadlinesOf(is.matter, is.entries, { at: query.at }),
    ),
  };
  return { view: after, body };
}

/** Whether both are days or both instants, and out of order; a day and an instant are told apart by their events. */
function isAfter(from: string, to: string): boolean {
  if (isCivilDate(from) !== isCivilDate(to)) return false;
  return isCivilDate(from) ? from > to : epochMs(from) > epochMs(to);
}

function earlier(file: MatterFile, clocks: Parameters<typeof viewOf>[1], now: number): View | undefined {
  try {
    return viewOf(file, clocks, now);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** The parties asked about must be in the matter: before they were added, the later matter stands in. */
function beliefBefore(before: View | undefined, after: View, who: readonly string[]): Belief {
  const entries = before?.belief.entries ?? [];
  const had = before?.belief.matter.parties ?? [];
  const complete = before && who.every((id) => had.some((party) => party.id === id));
  return { matter: complete ? before.belief.matter : after.belief.matter, entries };
}

function entryChanges(after: View, events: readonly FiledEvent[]): readonly EntryChange[] {
  const story = storyOf(after);
  return events.flatMap((event): EntryChange[] => {
    if (!isPublicEvent(event, story, after.clocks.publishedBy)) return [];
    switch (event.type) {
      case 'MatterOpened':
      case 'PartyAdded':
        return [];
      case 'EntryCorrected':
        return [{ entry: event.data.entry, change: 'corrected', eventId: event.id }];
      case 'EntryRetracted':
        return [{ entry: event.data.entry, change: 'retracted', eventId: event.id }];
      default:
        return [{ entry: event.data.id, change: 'recorded', eventId: event.id }];
    }
  });
}
