import { randomUUID } from 'node:crypto';
import { ANY, BACKWARDS, END, jsonEvent } from '@kurrent/kurrentdb-client';
import { within } from './attempts.ts';
import { ClientHolder } from './clients.ts';
import { classify } from './failure.ts';
import type { Shared } from './reader.ts';

export type Health =
  | { readonly ok: true; readonly appendMs: number; readonly readMs: number }
  | { readonly ok: false; readonly reason: string };

/** Of its own probes the stream keeps this many. */
const KEEP = 8;

/**
 * Appends an event outside our streams and reads it back, over a client object made for it: a look at a connection that
 * has long been standing would not show that nobody new can get in.
 */
export async function probe(connectionString: string, { prefix, patience }: Shared): Promise<Health> {
  const holder = new ClientHolder(connectionString);
  // Its name does not begin with the prefix, so that it is no part of the log.
  const stream = `health-of-${prefix}`;
  const id = randomUUID();
  const client = holder.get();
  const inTime = <Result>(what: string, call: Promise<Result>): Promise<Result> =>
    within(patience.deadlineMs, what, call);
  try {
    const begun = performance.now();
    const appended = await inTime(
      'Appending',
      client.appendToStream(stream, jsonEvent({ id, type: 'Probed', data: {} }), { streamState: ANY }),
    );
    const written = performance.now();
    if (appended.nextExpectedRevision === 0n) {
      await inTime('Limiting the probes', client.setStreamMetadata(stream, { maxCount: KEEP }));
    }
    const reading = client.readStream(stream, { fromRevision: END, direction: BACKWARDS, maxCount: KEEP });
    const found = await inTime('Reading', Array.fromAsync(reading));
    if (!found.some(({ event }) => event?.id === id)) return { ok: false, reason: 'what was appended is not read' };
    return { ok: true, appendMs: written - begun, readMs: performance.now() - written };
  } catch (error) {
    return { ok: false, reason: classify(error).reason };
  } finally {
    await holder.close();
  }
}
