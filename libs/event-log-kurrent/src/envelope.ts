import {
  binaryEvent,
  type BinaryEventType,
  type EventData,
  type RecordedEvent as Recorded,
} from '@kurrent/kurrentdb-client';
import {
  decodeJson,
  isUuid,
  LogUnusable,
  type AppendRequest,
  type EncodedEvent,
  type EncodedRestored,
  type Expectation,
  type Json,
  type RecordedEvent,
} from '#libs/event-log';
import type { RunningMaximum } from './record-clock.ts';

/**
 * Our metadata of an event as it is stored, in JSON. Its keys are short and its defaults left out because a server
 * takes 1 MiB for a whole append, metadata included (MaxAppendSize).
 */
export interface Envelope {
  /** When it was recorded, in milliseconds since 1970. */
  readonly at: number;
  /** Index in its batch and size of the batch; absent: alone. */
  readonly b?: readonly [number, number];
  /** On a batch's first event: the mark of the call that wrote it. */
  readonly w?: string;
  /** On a batch's first event: it was appended under `stream-exists`. */
  readonly x?: 1;
  /** The schema, unless it is 1. */
  readonly s?: number;
  /** The writer's own metadata. */
  readonly m: Json;
}

/** Where and how an event was written, as far as a repeat must be told apart from a coincidence. */
export interface Place {
  readonly id: string;
  readonly revision: number;
  readonly position: bigint;
  readonly at: number;
  readonly index: number;
  readonly size: number;
  readonly mark: string | undefined;
  readonly existed: boolean;
}

const encoder = new TextEncoder();

/** The batch as it goes to the server: bytes that we made, so that no serialiser of the client's can fail on them. */
export function toServer(
  { events, expectation }: AppendRequest,
  at: number,
  mark: string,
): EventData<BinaryEventType>[] {
  const existed = expectation === 'stream-exists' ? ',"x":1' : '';
  return events.map((event, index) => {
    const batch = events.length > 1 ? `,"b":[${index},${events.length}]` : '';
    const first = index === 0 ? `,"w":"${mark}"${existed}` : '';
    const schema = event.schema === 1 ? '' : `,"s":${event.schema}`;
    const metadata = encoder.encode(`{"at":${at}${batch}${first}${schema},"m":${event.meta}}`);
    return binaryEvent({ id: event.id, type: event.type, data: encoder.encode(event.data), metadata });
  });
}

/** An event of another log: as if it had been appended alone, when it was recorded there. */
export function restoredToServer({ id, type, schema, data, meta, at }: EncodedRestored): EventData<BinaryEventType> {
  const version = schema === 1 ? '' : `,"s":${schema}`;
  const metadata = encoder.encode(`{"at":${at}${version},"m":${meta}}`);
  return binaryEvent({ id, type, data: encoder.encode(data), metadata });
}

/** What of an append counts against the server's limit, in bytes. */
export function sizeOf(events: readonly EncodedEvent[]): number {
  return events.reduce((sum, { data, meta }) => sum + Buffer.byteLength(data) + Buffer.byteLength(meta), 0);
}

/** @throws LogUnusable for an event under our prefix that this program did not write. */
export function envelopeOf(event: Recorded): Envelope {
  const envelope: unknown = event.metadata;
  if (isEnvelope(envelope)) return envelope;
  throw new LogUnusable(
    `Event ${event.id} in stream ${event.streamId} was not written by this program; give the log a prefix of its own.`,
  );
}

/** The event as the port shows it. `prefix` is what our streams are called by on a shared server. */
export function fromServer(event: Recorded, prefix: string, times: RunningMaximum): RecordedEvent {
  const { at, s = 1, m } = envelopeOf(event);
  return {
    id: event.id,
    type: event.type,
    schema: s,
    data: dataOf(event),
    meta: m,
    stream: event.streamId.slice(prefix.length),
    revision: Number(event.revision),
    position: positionOf(event),
    recordedAt: times.text(at),
  };
}

export function placeOf(event: Recorded): Place {
  const { at, b = [0, 1], w, x } = envelopeOf(event);
  const [index, size] = b;
  const { id } = event;
  return {
    id,
    revision: Number(event.revision),
    position: positionOf(event),
    at,
    index,
    size,
    mark: w,
    existed: x === 1,
  };
}

// Commit and prepare position are the same for all that is written without an explicit transaction, and there is no
// other way to write over gRPC. A subscription resumed from the commit position in both places is exact for our events.
export function positionOf({ position, id }: Recorded): bigint {
  if (!position) throw new LogUnusable(`The server gives event ${id} no position.`);
  return position.commit;
}

/** The expectation under which a batch was written, given its first event. */
export function expectationOf({ revision, existed }: Pick<Place, 'revision' | 'existed'>): Expectation {
  if (existed) return 'stream-exists';
  return revision === 0 ? 'no-stream' : { revision: revision - 1 };
}

function dataOf(event: Recorded): Json {
  if (!event.isJson && ArrayBuffer.isView(event.data)) {
    const { buffer, byteOffset, byteLength } = event.data;
    try {
      return decodeJson(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'));
    } catch (error) {
      throw new LogUnusable(`Event ${event.id} is damaged: its data is not JSON.`, { cause: error });
    }
  }
  throw new LogUnusable(`Event ${event.id} in stream ${event.streamId} was not written by this program.`);
}

function isEnvelope(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'number' && 'm' in value;
}

/** Ids are ours, but another writer may have put anything into a stream. */
export function isOurs(event: Recorded): boolean {
  return isUuid(event.id) && isEnvelope(event.metadata);
}
