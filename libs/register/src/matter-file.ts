import { encodePosition } from '#libs/event-log';
import { evolve, fold, type MatterRecord } from '#libs/matter';
import type { FiledEvent, MatterFile, WrittenBody } from './shapes.ts';

/** Beyond this, folding everything costs less than copying the record for each event. */
const FEW = 8;

/**
 * The file with more events; the given one stays as it was. Events it has already are left out.
 * @returns undefined where nothing is known of the matter, or where events between are missing.
 */
export function extended(
  id: string,
  file: MatterFile | undefined,
  more: readonly FiledEvent[],
): MatterFile | undefined {
  const next = file ? file.newest.revision + 1 : 0;
  const news = more.filter(({ revision }) => revision >= next);
  const last = news.at(-1);
  if (!last) return file;
  if (news.some(({ revision }, index) => revision !== next + index)) return undefined;
  const events = file ? [...file.events, ...news] : news;
  const record = folded(file, events, news);
  if (!record) return undefined;
  const { revision, position, recordedAt } = last;
  return { id, events, record, newest: { revision, position, recordedAt } };
}

function folded(
  file: MatterFile | undefined,
  events: readonly FiledEvent[],
  news: readonly FiledEvent[],
): MatterRecord | undefined {
  if (!file || news.length > FEW) return fold(events);
  let { record } = file;
  for (const event of news) record = evolve(record, event);
  return record;
}

/** Whom or what an event is about: a matter, party or entry. */
export function subjectOf(event: FiledEvent): string {
  const { data } = event;
  return 'entry' in data ? data.entry : data.id;
}

/** What a write answers, now and whenever it is repeated. */
export function writtenBody(event: FiledEvent, subject: string = subjectOf(event)): WrittenBody {
  const { id: eventId, revision, position, recordedAt, meta } = event;
  return {
    id: subject,
    eventId,
    revision,
    position: encodePosition(position),
    recordedAt,
    warnings: meta.warnings ?? [],
  };
}
