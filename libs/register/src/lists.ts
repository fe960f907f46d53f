import {
  believe,
  type Deadline,
  deadlinesOf,
  inLegalOrder,
  type RecordedEntry,
  Roster,
  segmentsOf,
} from '#libs/matter';
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
  const wanted = { state: question.filter['state']?.split(','), party: question.filter['party']?.split(',') };
  const roster = new Roster(matter.parties);
  const unknown = wanted.party?.find((party) => !roster.has(party));
  if (unknown !== undefined) throw new UnknownParty(unknown, { parameter: 'party' });
  return pageOf(matching(deadlinesOf(matter, entries, { at: view.clocks.at }), wanted, roster), question, view);
}

/**
 * What a retracted entry had set and nothing that is believed sets any more, as withdrawn: lists have it no longer, but whoever
 * was shown it must not lose it without a word.
 */
export function takenBack({ belief: { matter, entries }, events, clocks }: View, wanted: Wanted): readonly Deadline[] {
  const kept = events.filter(({ type }) => type !== 'EntryRetracted');
  const before = kept.length < events.length ? believe(kept, beliefClocks(clocks)) : undefined;
  if (!before) return [];
  const { at } = clocks;
  const still = new Set(deadlinesOf(matter, entries, { at }).map(({ id }) => id));
  const gone = deadlinesOf(before.matter, before.entries, { at }).filter(({ id }) => !still.has(id));
  return matching(
    gone.map((deadline) => ({ ...deadline, state: 'withdrawn' })),
    wanted,
    new Roster(matter.parties),
  );
}

function beliefClocks({ publishedBy }: View['clocks']): Parameters<typeof believe>[1] {
  return publishedBy === null ? {} : { publishedBy };
}

/** A list's filters; absent: no bound by it. */
export interface Wanted {
  readonly state?: readonly string[] | undefined;
  readonly party?: readonly string[] | undefined;
}

function matching(deadlines: readonly Deadline[], { state, party }: Wanted, roster: Roster): readonly Deadline[] {
  const concerns = ({ obligated }: Deadline, id: string): boolean =>
    roster.covers(obligated, id) || obligated.some((each) => roster.above(each).has(id));
  return deadlines.filter(
    (deadline) =>
      (state?.includes(deadline.state) ?? true) && (party?.some((each) => concerns(deadline, each)) ?? true),
  );
}
