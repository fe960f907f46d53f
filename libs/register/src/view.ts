import { addDays, type CivilDate, dateInZone, epochMs, instantOf, startOfDay } from '#libs/calendar';
import { encodePosition } from '#libs/event-log';
import { type Belief, believe, fold, type MatterRecord, publicFrom, recordedBy } from '#libs/matter';
import { NotFound } from './errors.ts';
import type { Answered, Clocks } from './answers.ts';
import type { ClockQuery, FiledEvent, MatterFile } from './shapes.ts';

/** A matter as one question sees it: what was known and public at its clocks. */
export interface View {
  readonly file: MatterFile;
  readonly clocks: Clocks;
  /** The events recorded by `clocks.knownAt`; at least the opening. */
  readonly events: readonly FiledEvent[];
  readonly belief: Belief;
  /** Of the newest of `events`. */
  readonly position: string;
  readonly revision: number;
  readonly validUntil: number | null;
}

/**
 * Resolves the clocks (MODEL §2). `upTo`: no event after this revision, as a list goes on after its first page.
 * @throws NotFound when nothing was known of the matter then.
 */
export function viewOf(file: MatterFile, asked: ClockQuery, now: number, upTo = file.newest.revision): View {
  const { timeZone } = file.record.matter;
  const { knownAt, publishedBy } = asked;
  const within = upTo >= file.newest.revision ? file.events : file.events.slice(0, upTo + 1);
  const events =
    knownAt === undefined ? within : within.filter(({ recordedAt }) => recordedBy(recordedAt, knownAt, timeZone));
  const newest = events.at(-1);
  if (!newest) {
    const detail = `The matter ${file.id} was opened at ${file.record.opened.recordedAt}; nothing was known of it at ${knownAt}.`;
    throw new NotFound('unknown-matter', detail);
  }
  const today = dateInZone(now, timeZone);
  return {
    file,
    clocks: { at: asked.at ?? today, knownAt: knownAt ?? newest.recordedAt, publishedBy: publishedBy ?? null },
    events,
    belief: beliefOf(file, events, publishedBy),
    position: encodePosition(newest.position),
    revision: newest.revision,
    // With `at` left out the answer prints today, and nothing on its calendar comes before tomorrow.
    validUntil: asked.at === undefined ? startOf(addDays(today, 1), timeZone) : null,
  };
}

/** The view of some of a matter's first events, at clocks that are known to be theirs: nothing is looked up. */
export function viewOfEvents(file: MatterFile, events: readonly FiledEvent[], clocks: Clocks): View {
  const newest = events.at(-1) ?? file.newest;
  return {
    file,
    clocks,
    events,
    belief: beliefOf(file, events, clocks.publishedBy ?? undefined),
    position: encodePosition(newest.position),
    revision: newest.revision,
    validUntil: null,
  };
}

function startOf(day: CivilDate, timeZone: string): number {
  return epochMs(instantOf(startOfDay(day), timeZone));
}

const MOST_BELIEFS = 16;
const beliefs = new WeakMap<MatterFile, Map<string, Belief>>();

/** A pure memo: one list of entries for one belief, so that what is prepared for a question serves the next one, too. */
function beliefOf(file: MatterFile, events: readonly FiledEvent[], publishedBy: CivilDate | undefined): Belief {
  const known = beliefs.get(file) ?? new Map<string, Belief>();
  beliefs.set(file, known);
  const key = `${events.length} ${publishedBy ?? ''}`;
  const belief = known.get(key) ?? believe(events, publishedBy === undefined ? {} : { publishedBy });
  if (!belief) throw new Error(`The stream of ${file.id} does not begin with its opening.`);
  if (known.size >= MOST_BELIEFS) known.clear();
  known.set(key, belief);
  return belief;
}

/** The record at the view's clocks: the believed entries, and those believed to be retracted, with their story. */
export function storyOf({ file, events, clocks: { publishedBy } }: View): MatterRecord {
  if (publishedBy === null && events.length === file.events.length) return file.record;
  const story = fold(events.filter((event) => isPublic(event, publishedBy)));
  if (!story) throw new Error(`The stream of ${file.id} does not begin with its opening.`);
  if (publishedBy === null) return story;
  // Where an entry's sources were corrected, the corrected ones say when it was public.
  const entries = [...story.entries].filter(([, { entry }]) => publicFrom(entry) <= publishedBy);
  return { ...story, entries: new Map(entries) };
}

/** Whether a correction or retraction was public: one without sources corrects our own record, and always counts. */
function isPublic(event: FiledEvent, publishedBy: CivilDate | null): boolean {
  if (publishedBy === null || (event.type !== 'EntryCorrected' && event.type !== 'EntryRetracted')) return true;
  return publicDayOf(event) <= publishedBy;
}

const ALWAYS = '0001-01-01';

/** The day from which a correction or retraction counts; before all others where it has no sources. */
export function publicDayOf({ data }: FiledEvent): CivilDate {
  return publicFrom({ sources: ('sources' in data ? data.sources : undefined) ?? [], occurredOn: ALWAYS });
}

/** Whether an event, be it an entry or what became of one, was public. */
export function isPublicEvent(event: FiledEvent, story: MatterRecord, publishedBy: CivilDate | null): boolean {
  if (publishedBy === null || event.type === 'MatterOpened' || event.type === 'PartyAdded') return true;
  const entry = 'entry' in event.data ? event.data.entry : event.data.id;
  return story.entries.has(entry) && isPublic(event, publishedBy);
}

/** A body with what an answer cache must know of it. */
export function answered<Body>({ file, validUntil }: View, body: Body): Answered<Body> {
  return { body, revision: file.newest.revision, position: file.newest.position, validUntil };
}
