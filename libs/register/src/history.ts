import { Malformed } from '#libs/contract';
import { decodePosition, type EventLog } from '#libs/event-log';
import { pageOf, type PageQuestion } from './pages.ts';
import type { EventAnswer, ListAnswer } from './answers.ts';
import type { FiledEvent } from './shapes.ts';
import { eventAnswer, matterStream } from './stream.ts';
import { isPublicEvent, storyOf, type View } from './view.ts';

/** The events known and public at the view's clocks. */
function eventsOf(view: View): readonly FiledEvent[] {
  const { publishedBy } = view.clocks;
  if (publishedBy === null) return view.events;
  const story = storyOf(view);
  return view.events.filter((event) => isPublicEvent(event, story, publishedBy));
}

/** A page of events as recorded: read from the log once more, because a file holds them in today's schema. */
export async function historyAnswer(
  log: EventLog,
  view: View,
  question: PageQuestion,
): Promise<ListAnswer<EventAnswer>> {
  const after = positionOf(question.filter['after']);
  const page = pageOf(
    eventsOf(view).filter(({ position }) => position > after),
    question,
    view,
  );
  const items: EventAnswer[] = [];
  for await (const event of recorded(log, view.file.id, page.items)) items.push(event);
  return { ...page, items };
}

export async function* historyOf(log: EventLog, view: View): AsyncGenerator<EventAnswer, void> {
  yield* recorded(log, view.file.id, eventsOf(view));
}

async function* recorded(
  log: EventLog,
  matterId: string,
  events: readonly FiledEvent[],
): AsyncGenerator<EventAnswer, void> {
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last) return;
  const wanted = new Set(events.map(({ revision }) => revision));
  for await (const event of log.read(matterStream(matterId), { from: first.revision, to: last.revision })) {
    if (wanted.has(event.revision)) yield eventAnswer(event);
  }
}

function positionOf(token: string | undefined): bigint {
  const position = token === undefined ? -1n : decodePosition(token);
  if (position === undefined) {
    throw new Malformed([{ parameter: 'after', message: 'must be a position from an earlier answer' }]);
  }
  return position;
}
