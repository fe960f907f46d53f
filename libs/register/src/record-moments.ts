import { dateInZone, epochMs } from '#libs/calendar';
import { type Happening, kindOf, type Moment, type Moments } from './moments.ts';
import { isPublicEvent, storyOf, type View, viewOfEvents } from './view.ts';

/** By record time: what bears one `recordedAt` is one moment. The opening is what all begins from. */
export function recordMoments(end: View): Moments {
  return { before: upTo(end, 1), moments: recorded(end) };
}

function upTo({ file, events, clocks }: View, count: number): View {
  const seen = events.slice(0, count);
  return viewOfEvents(file, seen, { ...clocks, knownAt: seen.at(-1)?.recordedAt ?? clocks.knownAt });
}

function* recorded(end: View): Generator<Moment, void> {
  const { file, events, clocks } = end;
  const story = storyOf(end);
  const happenings: Happening[] = [];
  for (const [index, event] of events.entries()) {
    const kind = kindOf(event);
    if (kind === 'opened') continue;
    const view = upTo(end, index + 1);
    happenings.push({ event, kind, view, silent: !isPublicEvent(event, story, clocks.publishedBy) });
    if (events[index + 1]?.recordedAt === event.recordedAt) continue;
    const day = dateInZone(epochMs(event.recordedAt), file.record.matter.timeZone);
    yield { day, happenings: happenings.splice(0), view };
  }
}
