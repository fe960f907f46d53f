import { Feed } from 'feed';
import type { Json, RecordedEvent } from '#libs/event-log';
import { html, oneLine } from './plain-text.ts';

/** An event of a matter, as recorded. */
export type FeedEvent = Pick<RecordedEvent, 'id' | 'type' | 'recordedAt' | 'data'>;

export interface FeedAbout {
  readonly matter: { readonly id: string; readonly title: string };
  /** What the record held then. */
  readonly asOf: string;
  /** Where the matter, and this feed, can be read. */
  readonly link: string;
  readonly self: string;
  /** Where the matter can be read as it was known then. */
  readonly asKnown: (recordedAt: string) => string;
}

/** The newest; a feed reader has the others. */
const MOST_ENTRIES = 1000;

/**
 * What was recorded about a matter, as Atom (RFC 4287): one entry for each event, the newest first. The same record gives
 * the same bytes.
 */
export function recordFeed(events: readonly FeedEvent[], about: FeedAbout): string {
  const { matter, asOf, link, self, asKnown } = about;
  const feed = new Feed({
    id: `urn:inforce:matter:${matter.id}`,
    title: oneLine(matter.title),
    description: `What was recorded, as of ${asOf}`,
    link,
    feed: self,
    updated: new Date(events.at(-1)?.recordedAt ?? asOf),
    author: { name: 'Inforce' },
    generator: 'Inforce',
  });
  for (const event of events.slice(-MOST_ENTRIES).toReversed()) {
    feed.addItem({
      id: `urn:uuid:${event.id}`,
      title: html(oneLine(titleOf(event))),
      link: asKnown(event.recordedAt),
      date: new Date(event.recordedAt),
      content: contentOf(event),
    });
  }
  return feed.atom1();
}

function titleOf({ type, data }: FeedEvent): string {
  switch (type) {
    case 'MatterOpened':
      return `Matter opened: ${textOf(data, 'title')}`;
    case 'PartyAdded':
      return `Party added: ${textOf(data, 'name')}`;
    case 'EntryCorrected':
      return `Correction of ${textOf(data, 'entry')}: ${textOf(data, 'reason')}`;
    case 'EntryRetracted':
      return `Retraction of ${textOf(data, 'entry')}: ${textOf(data, 'reason')}`;
    default:
      return textOf(data, 'title') || type;
  }
}

function contentOf({ type, data, recordedAt }: FeedEvent): string {
  const citation = textOf(fieldOf(data, 'instrument'), 'citation');
  const facts = [
    ['Kind', type],
    ['Done on', textOf(data, 'occurredOn')],
    ['By', textOf(fieldOf(data, 'author'), 'name')],
    ['Citation', citation],
    ['Recorded at', recordedAt],
  ].filter(([, value]) => value !== '');
  const sources = fieldOf(data, 'sources');
  const cited = Array.isArray(sources) ? sources.map((source: Json) => `<li>${citing(source)}</li>`) : [];
  return [
    ...facts.map(([name = '', value = '']) => `<p>${html(name)}: ${html(value)}</p>`),
    ...(cited.length > 0 ? [`<ul>${cited.join('')}</ul>`] : []),
  ].join('');
}

function citing(source: Json): string {
  const words = html([textOf(source, 'title'), textOf(source, 'publisher')].filter((each) => each !== '').join(', '));
  const url = textOf(source, 'url');
  // A source's address is what somebody typed: only the web is linked to.
  return /^https?:\/\//i.test(url) ? `<a href="${html(url)}">${words}</a>` : words;
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? Object(value)[name] : undefined;
}

function textOf(value: Json | undefined, name: string): string {
  const text = fieldOf(value, name);
  return typeof text === 'string' ? text : '';
}
