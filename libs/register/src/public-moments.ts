import { addDays, type CivilDate, isCivilDate } from '#libs/calendar';
import { type Entry, inLegalOrder } from '#libs/matter';
import { type Happening, kindOf, type Moment, type Moments } from './moments.ts';
import type { FiledEvent } from './shapes.ts';
import { publicDayOf, type View, viewOfEvents } from './view.ts';

/** By public time: what became public on one day is one moment. All of it was recorded by the end's `knownAt`. */
export function publicMoments(end: View): Moments {
  const days = publicDays(end);
  const first = days[0];
  const before = on(end, first === undefined ? end.clocks.publishedBy : addDays(first, -1));
  return { before, moments: published(end, before, days) };
}

function on({ file, events, clocks }: View, publishedBy: CivilDate | null): View {
  return viewOfEvents(file, events, { ...clocks, publishedBy });
}

/** Every day on which something may have become public, or ceased to be: one on which nothing did makes no moment. */
function publicDays({ events, clocks: { publishedBy } }: View): readonly CivilDate[] {
  const days = new Set<CivilDate>();
  const add = (day: unknown): void => {
    if (isCivilDate(day) && (publishedBy === null || day <= publishedBy)) days.add(day);
  };
  for (const { data } of events) {
    const changes = 'changes' in data ? data.changes : {};
    if ('occurredOn' in data) add(data.occurredOn);
    add(changes['occurredOn']);
    for (const sources of ['sources' in data ? data.sources : [], changes['sources']]) {
      if (!Array.isArray(sources)) continue;
      for (const source of sources as readonly { readonly publishedOn?: unknown }[]) add(source.publishedOn);
    }
  }
  return [...days].toSorted();
}

function* published(end: View, before: View, days: readonly CivilDate[]): Generator<Moment, void> {
  let previous = before;
  for (const day of days) {
    const view = on(end, day);
    const happenings = between(previous, view, day);
    if (happenings.length === 0) continue;
    yield { day, happenings, view };
    previous = view;
  }
}

/** What a day made public: acts in legal order, then what corrected or retracted earlier ones. */
function between(previous: View, view: View, day: CivilDate): readonly Happening[] {
  const now = byId(view.belief.entries);
  const entries = byId(previous.belief.entries);
  const found: Pick<Happening, 'event' | 'kind'>[] = [];
  const appeared = new Map<string, FiledEvent>();
  for (const event of view.events) {
    const kind = kindOf(event);
    if (kind === 'recorded') {
      const id = entryOf(event);
      if (now.has(id) && !entries.has(id)) appeared.set(id, event);
      continue;
    }
    const id = entryOf(event);
    if (kind === 'opened' || kind === 'party-added' || publicDayOf(event) !== day || !entries.has(id)) continue;
    if (now.has(id) ? kind === 'corrected' : isLast(event, view.events, day)) found.push({ event, kind });
  }
  const acts = inLegalOrder(
    [...appeared.keys()].flatMap((id) => now.get(id) ?? []),
    view.belief.matter.timeZone,
  );
  const recorded = acts.flatMap(({ entry }) => {
    const event = appeared.get(entry.id);
    return event ? [{ event, kind: 'recorded' as const }] : [];
  });
  return inTurn([...recorded, ...found], entries, now, view);
}

/** Each with the belief as it then was: the day's earlier news taken in, its later news not yet. */
function inTurn(
  news: readonly Pick<Happening, 'event' | 'kind'>[],
  before: ReadonlyMap<string, Entry>,
  now: ReadonlyMap<string, Entry>,
  view: View,
): readonly Happening[] {
  const entries = new Map(before);
  return news.map(({ event, kind }, index) => {
    const id = entryOf(event);
    const entry = now.get(id);
    if (entry) entries.set(id, entry);
    else entries.delete(id);
    const belief = index === news.length - 1 ? view.belief : { ...view.belief, entries: [...entries.values()] };
    return { event, kind, view: { ...view, belief }, silent: false };
  });
}

/** Of all that said on this day that an entry is no longer to be believed, the last one. */
function isLast(event: FiledEvent, events: readonly FiledEvent[], day: CivilDate): boolean {
  const same = events.filter(
    (other) => entryOf(other) === entryOf(event) && kindOf(other) !== 'recorded' && publicDayOf(other) === day,
  );
  return same.at(-1) === event;
}

const byId = (entries: readonly Entry[]): ReadonlyMap<string, Entry> =>
  new Map(entries.map((entry) => [entry.id, entry]));

function entryOf({ data }: FiledEvent): string {
  return 'entry' in data ? data.entry : data.id;
}
