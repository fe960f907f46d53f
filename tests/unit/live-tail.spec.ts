import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '#libs/event-log';
import { Lifetime } from '../../apps/api/src/composition/lifetime.ts';
import { LiveTail, type TailOptions } from '../../apps/api/src/events/live-tail.ts';
import { anEvent, events } from '../support/event-log.ts';
import { DelegatingLog } from '../support/views.ts';

let log: MemoryEventLog;
let lifetime: Lifetime;
let tail: LiveTail;
beforeEach(() => {
  log = new MemoryEventLog();
  lifetime = new Lifetime();
  tail = new LiveTail(log, lifetime);
});
afterEach(() => lifetime.end());

/** Positions, as far as so many; `pace` after each. */
async function taken(
  count: number,
  options: Partial<TailOptions> = {},
  pace = async (): Promise<unknown> => undefined,
): Promise<bigint[]> {
  const stop = new AbortController();
  const positions: bigint[] = [];
  for await (const { position, text } of tail.frames({ after: 0n, ...options, signal: stop.signal })) {
    expect(text).toMatch(new RegExp(`^id: ${position}\\ndata: \\{.*"position":"${position}".*\\}\\n\\n$`));
    positions.push(position);
    if (positions.length === count) stop.abort();
    await pace();
  }
  return positions;
}

async function positionsIn(prefix: string, after = 0n): Promise<bigint[]> {
  const all = await Array.fromAsync(log.readAll({ after, filter: { streamPrefixes: [prefix] } }));
  return all.map(({ position }) => position);
}

describe('the live tail of the log', () => {
  it('gives everybody every event of theirs once, in order, however far behind and however slow', async () => {
    await log.append('matter-a', 'no-stream', events(1500));
    await log.append('watch-1', 'no-stream', events(10));
    await log.append('matter-b', 'no-stream', events(500));
    const fast = taken(5000);
    const slow = taken(5000, {}, nextTurn);
    const late = taken(3000, { after: 2010n });
    const ofB = taken(1000, { stream: 'matter-b' });
    for (let revision = 1499; revision < 3999; revision += 1) {
      await log.append('matter-a', { revision }, [anEvent({ text: 'x'.repeat(100) })]);
      if (revision % 5 === 0) await log.append('matter-b', { revision: 499 + (revision - 1500) / 5 }, [anEvent()]);
      if (revision % 50 === 0) await nextTurn();
    }
    const all = await positionsIn('matter-');
    expect(all).toHaveLength(5000);
    expect(await fast).toEqual(all);
    expect(await slow).toEqual(all);
    expect(await late).toEqual(all.slice(2000));
    expect(await ofB).toEqual(await positionsIn('matter-b'));
  });

  it('tells a matter from another one whose name begins alike', async () => {
    await log.append('matter-us', 'no-stream', events(1));
    await log.append('matter-us-tiktok', 'no-stream', events(2));
    const following = taken(2, { stream: 'matter-us' });
    await log.append('matter-us', { revision: 0 }, events(1));
    expect(await following).toEqual([1n, 4n]);
  });

  it('ends when the log can no longer be followed, and begins again for whoever comes back', async () => {
    let broken = true;
    tail = new LiveTail(
      new (class extends DelegatingLog {
        override follow(options: Parameters<DelegatingLog['follow']>[0]): ReturnType<DelegatingLog['follow']> {
          if (broken) throw new Error('the server is of another kind');
          return super.follow(options);
        }
      })(log),
      lifetime,
    );
    expect(await taken(1)).toEqual([]);
    broken = false;
    const following = taken(1);
    await log.append('matter-a', 'no-stream', events(1));
    expect(await following).toEqual([1n]);
  });
});
