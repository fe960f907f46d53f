import { type Deadline, deadlinesOf, inLegalOrder, type RecordedEntry, Roster, segmentsOf } from '#libs/matter';
import { encodePosition } from '#libs/event-log';
import { NotFound, UnknownParty } from './errors.ts';
import { pageOf, type PageQuestion } from './pages.ts';
import type { CorrectionAnswer, EntryAnswer, ListAnswer, TimelineAnswer } from './answers.ts';
import type { MatterFile } from './shapes.ts';
import { whoOf } from './status.ts';
import { storyOf, type View } from './view.ts';

function entryAnswer(file: MatterFile, recorded: RecordedEntry): EntryAnswer {
  const { entry, revision, recordedAt, state, corrections, retraction } = recorded;
  const position = file.events[revision]?.position ?? file.newest.position;
  return {
    ...entry,
    revision,
    position: encodePosition(position),
    recordedAt,
    state,
    corrections: corrections.map(correctionAnswer),
    ...(retraction && { retraction }),
  };
}

function correctionAnswer({ correction, ...place }: RecordedEntry['corrections'][number]): CorrectionAnswer {
  const { reason, changes, sources } = correction;
  return { ...place, reason, changes, ...(sources && { sources }) };
}

/** Every entry as believed, in order of recording; those believed to be retracted too, and marked so. */
export function entriesAnswer(view: View, question: PageQuestion): ListAnswer<EntryAnswer> {
  const page = pageOf([...storyOf(view).entries.values()], question, view);
  return { ...page, items: page.items.map((recorded) => entryAnswer(view.file, recorded)) };
}

/** @throws NotFound when the entry was not recorded, or not public, at the view's clocks. */
export function entryAnswerOf(view: View, entryId: string): EntryAnswer {
  const recorded = storyOf(view).entries.get(entryId);
  if (recorded) return entryAnswer(view.file, recorded);
  const { knownAt, publishedBy } = view.clocks;
  const then = `as known at ${knownAt}${publishedBy === null ? '' : ` and published by ${publishedBy}`}`;
  throw new NotFound('unknown-entry', `The matter ${view.file.id} has no entry ${entryId}, ${then}.`);
}

/**
 * The believed entries in legal order, page by page, and with every page all segments and headlines. `from` and `to`
 * keep the entries whose act lies within, and the segments that overlap; these stay whole.
 */
export function timelineAnswer(view: View, question: PageQuestion): TimelineAnswer {
  const { matter, entries } = view.belief;
  const { from = '', to = '~', ...who } = question.filter;
  const overlaps = (each: { readonly from: string; readonly to: string | null }): boolean =>
    each.from <= to && (each.to ?? '~') >= from;
  const acts = inLegalOrder(entries, matter.timeZone).filter(
    ({ entry }) => entry.occurredOn >= from && entry.occurredOn <= to,
  );
  const page = pageOf(acts, question, view);
  const story = storyOf(view).entries;
  const { segments, headlines } = segmentsOf(matter, entries, whoOf(matter, who));
  return {
    ...page,
    items: page.items.flatMap(({ entry }) => {
      const recorded = story.get(entry.id);
      return recorded ? [entryAnswer(view.file, recorded)] : [];
    }),
    segments: segments.filter(overlaps),
    headlines: headlines.filter(overlaps),
  };
}

/** By due date. `party`: what any of these, a class above one or a member of one is obligated to. */
export function deadlinesAnswer(view: View, question: PageQuestion): ListAnswer<Deadline> {
  const { matter, entries } = view.belief;
  const states = question.filter['state']?.split(',');
  const parties = question.filter['party']?.split(',');
  const roster = new Roster(matter.parties);
  const unknown = parties?.find((party) => !roster.has(party));
  if (unknown !== undefined) throw new UnknownParty(unknown, { parameter: 'party' });
  const concerns = ({ obligated }: Deadline, party: string): boolean =>
    roster.covers(obligated, party) || obligated.some((id) => roster.above(id).has(party));
  const deadlines = deadlinesOf(matter, entries, { at: view.clocks.at }).filter(
    (deadline) =>
      (states?.includes(deadline.state) ?? true) && (parties?.some((party) => concerns(deadline, party)) ?? true),
  );
  return pageOf(deadlines, question, view);
}
