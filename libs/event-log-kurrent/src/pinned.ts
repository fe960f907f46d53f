import { createHash } from 'node:crypto';
import type { RecordedEvent } from '#libs/event-log';
import { fromServer } from './envelope.ts';
import type { Reader } from './reader.ts';
import { RunningMaximum } from './record-clock.ts';

/** An event as whoever handled it remembers it, to find out later whether the log was rolled back behind its back. */
export interface Pinned {
  readonly position: bigint;
  readonly id: string;
  /** `hashOfData` of the event. */
  readonly hash: string;
}

export function pin(event: RecordedEvent): Pinned {
  return { position: event.position, id: event.id, hash: hashOfData(event) };
}

/** SHA-256 of the data, as the JSON that this log stores, in hexadecimal. */
export function hashOfData({ data }: Pick<RecordedEvent, 'data'>): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}

/**
 * Whether the pinned event is still there, with the same id and data. Servers have been known to lose what they had
 * acknowledged, and what subscribers had been shown, when a cluster changed its leader.
 */
export async function isThere(reader: Reader, prefix: string, pinned: Pinned): Promise<boolean> {
  const found = await reader.at(pinned.position);
  if (!found || found.id !== pinned.id) return false;
  return hashOfData(fromServer(found, prefix, new RunningMaximum())) === pinned.hash;
}
