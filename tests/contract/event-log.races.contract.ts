import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { EventLog, FollowMessage, RecordedEvent } from '#libs/event-log';
import { anEvent, events, followed, followUntil, ids } from '../support/event-log.ts';
import type { Contract } from './event-log.contract.ts';

/** How many events each batch of one writer carries, and whether it rests after it. */
const aWriter = fc.array(fc.record({ size: fc.integer({ min: 1, max: 8 }), rest: fc.boolean() }), {
  minLength: 10,
  maxLength: 20,
});
const aFollower = fc.record({
  startsAfter: fc.integer({ min: 0, max: 3 }),
  slow: fc.integer({ min: 1, max: 40 }),
  prefix: fc.constantFrom('', 'matter-', 'watch-a'),
});

export function racesContract(contract: Contract): void {
  describe('appending and following at once', () => {
    it('loses no event, repeats none, and lets no control message overtake one', async () => {
      let total = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(aWriter, { minLength: 2, maxLength: 6 }),
          fc.array(aFollower, { minLength: 1, maxLength: 4 }),
          async (writers, followers) => {
            const log = await contract.log();
            const following = followers.map((follower) => follow(log, follower));
            await Promise.all(writers.map((batches, index) => write(log, index, batches)));
            await log.append('matter-end', 'no-stream', [anEvent({}, { type: 'Finished' })]);
            await log.append('watch-a-end', 'no-stream', [anEvent({}, { type: 'Finished' })]);
            const all = await Array.fromAsync(log.readAll());
            for (const [index, messages] of (await Promise.all(following)).entries()) {
              const { prefix } = followers[index] ?? { prefix: '' };
              check(
                all.filter(({ stream }) => stream.startsWith(prefix)),
                messages,
              );
            }
            total += all.length;
          },
        ),
        { numRuns: 40 },
      );
      expect(total).toBeGreaterThan(4000);
      // A few thousand appends one after the other: on a cluster, each of them waits for another node.
    }, 120_000);
  });
}

interface Follower {
  readonly startsAfter: number;
  readonly slow: number;
  readonly prefix: string;
}

async function follow(log: EventLog, { startsAfter, slow, prefix }: Follower): Promise<FollowMessage[]> {
  await pause(startsAfter);
  const end = prefix === 'matter-' ? 'matter-end' : 'watch-a-end';
  let taken = 0;
  const pace = async (): Promise<void> => {
    if (++taken % slow === 0) await nextTurn();
  };
  return followUntil(log, { pace, ...(prefix ? { prefixes: [prefix] } : {}) }, (messages) => {
    const last = messages.at(-1);
    return last?.kind === 'event' && last.event.stream === end;
  });
}

/** Writers share three streams, so they also meet each other's revisions. */
async function write(log: EventLog, index: number, batches: readonly { size: number; rest: boolean }[]): Promise<void> {
  const stream = ['matter-a', 'matter-b', 'watch-a'][index % 3] ?? '';
  for (const { size, rest } of batches) {
    const batch = events(size, { writer: index });
    await log
      .append(stream, 'stream-exists', batch)
      .catch(() => log.append(stream, 'no-stream', batch))
      .catch(() => log.append(stream, 'stream-exists', batch));
    if (rest) await nextTurn();
  }
}

function check(expected: readonly RecordedEvent[], messages: readonly FollowMessage[]): void {
  expect(ids(followed(messages))).toEqual(ids(expected));
  let seen = 0;
  for (const message of messages) {
    if (message.kind === 'event') seen += 1;
    // "Everything up to here was yielded", and nothing after it.
    const due = 'position' in message ? expected.filter(({ position }) => position <= message.position).length : seen;
    expect(seen).toBe(due);
  }
}
