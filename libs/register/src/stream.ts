import { encodePosition, type RecordedEvent } from '#libs/event-log';
import type { EventAnswer } from './shapes.ts';

/** The stream of a matter's events. */
export function matterStream(id: string): string {
  return `matter-${id}`;
}

/** An event as the outside sees it: as recorded, its position a token. */
export function eventAnswer(event: RecordedEvent): EventAnswer {
  const { id, stream, revision, position, type, schema, recordedAt, data, meta } = event;
  return { id, stream, revision, position: encodePosition(position), type, schema, recordedAt, data, meta };
}
