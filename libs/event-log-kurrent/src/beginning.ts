import { jsonEvent, NO_STREAM } from '@kurrent/kurrentdb-client';
import { Attempts, within } from './attempts.ts';
import type { ClientHolder } from './clients.ts';
import { positionOf } from './envelope.ts';
import { classify } from './failure.ts';
import { LOOK_BACK, markOf, type Reader, type Shared } from './reader.ts';

/**
 * The position that a log begins after. Whoever opens it first marks it outside the log: on a server that others have
 * filled, finding out that there is nothing of ours would mean to look through everything. There is one more mark
 * than events are ever looked for backwards: a server goes on until it finds one more than it was asked for.
 */
export async function beginningOf(writes: ClientHolder, reader: Reader, shared: Shared): Promise<bigint> {
  const { prefix, patience } = shared;
  const stream = markOf(prefix);
  const what = `Marking the beginning of ${prefix}`;
  const attempts = new Attempts(what, patience);
  for (;;) {
    const mark = await reader.lastOf(stream);
    if (mark) return positionOf(mark);
    const client = writes.get();
    try {
      const marks = Array.from({ length: LOOK_BACK + 1 }, () => jsonEvent({ type: 'LogBegun', data: {} }));
      await within(patience.deadlineMs, what, client.appendToStream(stream, marks, { streamState: NO_STREAM }));
    } catch (error) {
      const failure = classify(error);
      // Another process was first: its marks are as good.
      if (failure.kind === 'wrong-revision') continue;
      if (failure.kind !== 'not-leader') writes.discard(client, patience.deadlineMs);
      await attempts.next(error, failure);
    }
  }
}
