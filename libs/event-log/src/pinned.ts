import { createHash } from 'node:crypto';
import type { RecordedEvent } from './port.ts';

/**
 * An event as whoever handled it remembers it, to find out later whether the log was put back behind its back: the
 * position, the id and the hash must still be found at this place of its stream.
 */
export interface Pinned {
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly id: string;
  /** `hashOfData` of the event. */
  readonly hash: string;
}

export function pin({ stream, revision, position, id, data }: RecordedEvent): Pinned {
  return { stream, revision, position, id, hash: hashOfData({ data }) };
}

/** SHA-256 of the data as JSON text, in hexadecimal. */
export function hashOfData({ data }: Pick<RecordedEvent, 'data'>): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}

/** Whether this is the pinned event, where it was. */
export function isPinned(event: RecordedEvent, { position, id, hash }: Pinned): boolean {
  return event.id === id && event.position === position && hashOfData(event) === hash;
}
