import { type AppendRequest, type EncodedEvent, encodeAppend } from './encode.ts';
import type { Ledger } from './decide.ts';
import { EventIdTaken, RecordedEarlier, WrongRevision } from './errors.ts';
import type { Appended, Expectation, RestoredEvent } from './port.ts';

/** An event of another log whose values are JSON text already. */
export interface EncodedRestored extends EncodedEvent {
  readonly stream: string;
  readonly revision: number;
  /** When it was recorded, in milliseconds since 1970. */
  readonly at: number;
}

/** @throws TypeError for what no log could have held */
export function encodeRestored(event: RestoredEvent): EncodedRestored {
  const { stream, revision, recordedAt } = event;
  if (!Number.isSafeInteger(revision) || revision < 0) throw new TypeError('A revision is a whole number from 0.');
  const at = Date.parse(recordedAt);
  if (Number.isNaN(at) || new Date(at).toISOString() !== recordedAt)
    throw new TypeError(`A time of recording is RFC 3339 in UTC with milliseconds, not ${JSON.stringify(recordedAt)}.`);
  const [encoded] = encodeAppend(stream, before(revision), [event]).events;
  return { ...encoded, stream, revision, at };
}

/** Each restored event counts as appended alone, right after what was before it. */
export function before(revision: number): Expectation {
  return revision === 0 ? 'no-stream' : { revision: revision - 1 };
}

/** A store of rows that can take an append over from another log. */
export interface RestoreLedger extends Ledger {
  /** The newest time of recording in the log, in milliseconds; 0 for an empty one. */
  recordedUpTo(): number;
  add(request: AppendRequest, revision: number, now: number): Appended;
}

/** Adds what is not there yet. */
export function restoreInto(ledger: RestoreLedger, events: readonly EncodedRestored[]): void {
  for (const { stream, revision, at, ...event } of events) {
    const { id } = event;
    if (ledger.holds(id)) {
      const batch = ledger.batchFrom(id);
      const there = batch?.stream === stream && batch.appended.revision === revision && batch.ids.length === 1;
      if (!there) throw new EventIdTaken(id);
      continue;
    }
    const newest = ledger.newest(stream);
    if (revision !== (newest ?? -1) + 1) throw new WrongRevision(stream, newest);
    const floor = ledger.recordedUpTo();
    if (at < floor) throw new RecordedEarlier(id, at, floor);
    ledger.add({ stream, expectation: before(revision), events: [event] }, revision, at);
  }
}
