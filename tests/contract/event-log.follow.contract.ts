import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import type { EventLog, FollowMessage } from '#libs/event-log';
import { caughtUpAt, events, fill, followed, followUntil, ids } from '../support/event-log.ts';
import type { Contract } from './event-log.contract.ts';

export function followContract(contract: Contract): void {
  describe('following', () => {
    it('is caught up at once on an empty log', async () => {
      const log = await contract.log();
      const messages = await followUntil(log, {}, ({ length }) => length === 1);
      expect(messages).toEqual([{ kind: 'caughtUp', position: 0n }]);
    });

    it('yields the past, says it caught up, and then yields what is appended', async () => {
      const log = await contract.log();
      await fill(log, ['matter-a'], 3);
      const past = await log.head();
      const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
      const following = followUntil(log, {}, (all) => {
        if (all.at(-1)?.kind === 'caughtUp') resolve();
        return followed(all).length === 5;
      });
      await caughtUp;
      await log.append('matter-a', { revision: 2 }, events(2));
      const messages = await following;
      expect(followed(messages)).toEqual(await Array.fromAsync(log.readAll()));
      expect(messages[3]).toEqual({ kind: 'caughtUp', position: past });
    });

    it('says it caught up each time it reaches the head', async () => {
      const log = await contract.log();
      await fill(log, ['matter-a'], 1);
      let heads = 0;
      const messages = await followUntil(log, {}, (all) => {
        if (all.at(-1)?.kind === 'caughtUp' && ++heads < 4) void log.append('matter-a', 'stream-exists', events(1));
        return heads === 4;
      });
      const kinds = messages.map(({ kind }) => kind);
      expect(kinds).toEqual(Array.from({ length: 4 }, () => ['event', 'caughtUp']).flat());
    });

    it('resumes after any position', async () => {
      const log = await contract.log();
      await fill(log, ['matter-a', 'matter-b'], 12);
      const all = await Array.fromAsync(log.readAll());
      const head = await log.head();
      for (const [index, { position }] of all.entries()) {
        const messages = await followUntil(log, { after: position }, caughtUpAt(head));
        expect(followed(messages)).toEqual(all.slice(index + 1));
      }
    });

    it('reports progress over events that the filter passes over', async () => {
      const log = await contract.log();
      await log.append('watch-1', 'no-stream', events(1));
      await log.append('matter-a', 'no-stream', events(9000));
      const { position: last } = await log.append('watch-1', { revision: 0 }, events(1));
      const { position: head } = await log.append('matter-a', { revision: 8999 }, events(9000));
      const messages = await followUntil(log, { prefixes: ['watch-'] }, caughtUpAt(head));
      expect(followed(messages).map(({ stream }) => stream)).toEqual(['watch-1', 'watch-1']);
      const between = messages.filter((message) => message.kind === 'checkpoint' && message.position < last);
      expect(between.length).toBeGreaterThanOrEqual(1);
      expect(messages.at(-1)).toEqual({ kind: 'caughtUp', position: head });
      expect(inOrder(messages)).toBe(true);
    });

    it('says that it fell behind when more waits than it can take at once', async () => {
      const log = await contract.log();
      await fill(log, ['matter-a'], 1);
      let told = false;
      const messages = await followUntil(
        log,
        {
          pace: async () => {
            if (told) return;
            told = true;
            await pause(10);
            await log.append('matter-b', 'no-stream', events(4000));
          },
        },
        (all) => followed(all).length === 4001,
      );
      const kinds = messages.map(({ kind }) => kind).filter((kind, index, all) => kind !== all[index - 1]);
      expect(kinds.slice(0, 4)).toEqual(['event', 'caughtUp', 'fellBehind', 'event']);
      expect(followed(messages)).toHaveLength(4001);
    });

    it('holds a page for a slow reader, not the log', async () => {
      const log = await contract.log();
      // 10,000 events of 2,000 characters: 20 MB and more once decoded.
      for (let batch = 0; batch < 20; batch += 1) {
        await log.append(`matter-${batch}`, 'no-stream', events(500, { text: `${batch}-`.padEnd(2000, 'x') }));
      }
      const head = await log.head();
      const before = heapInUse();
      const stop = new AbortController();
      let seen = 0;
      for await (const message of log.follow({ signal: stop.signal })) {
        if (message.kind === 'caughtUp' && message.position === head) stop.abort();
        if (message.kind !== 'event') continue;
        seen += 1;
        if (seen > 1) continue;
        await pause(100);
        expect(heapInUse() - before).toBeLessThan(8 * 1024 * 1024);
      }
      expect(seen).toBe(10_000);
      // Twenty megabytes over gRPC and back take seconds, and several times that beside other work.
    }, 120_000);

    it('ends promptly when cancelled, waiting or not', async () => {
      const log = await contract.log();
      await fill(log, ['matter-a'], 5);
      expect(await Array.fromAsync(log.follow({ signal: AbortSignal.abort() }))).toEqual([]);
      const stop = new AbortController();
      const { waiting, caughtUp } = watching(log, stop.signal);
      await caughtUp;
      const asked = performance.now();
      stop.abort();
      expect(await waiting).toHaveLength(6);
      expect(performance.now() - asked).toBeLessThan(1000);
      const first = await followUntil(log, {}, ({ length }) => length === 2);
      expect(first.map(({ kind }) => kind)).toEqual(['event', 'event']);
    });

    it('ends when the log closes', async () => {
      const log = await contract.log();
      await fill(log, ['matter-a'], 2);
      const { waiting, caughtUp } = watching(log, new AbortController().signal);
      await caughtUp;
      await log.close();
      expect(followed(await waiting)).toHaveLength(2);
    });

    it('serves several followers, each at its own pace', async () => {
      const log = await contract.log();
      await fill(log, ['matter-a', 'matter-b'], 20);
      const paces = [undefined, () => pause(1), () => Promise.resolve()];
      const followers = paces.map((pace) =>
        followUntil(log, pace ? { pace } : {}, (all) => followed(all).length === 60),
      );
      await fill(log, ['matter-c'], 40);
      const expected = ids(await Array.fromAsync(log.readAll()));
      for (const messages of await Promise.all(followers)) expect(ids(followed(messages))).toEqual(expected);
    });
  });
}

/** All that a follower is told until it ends, and a promise of the moment at which it first caught up. */
function watching(log: EventLog, signal: AbortSignal): { waiting: Promise<FollowMessage[]>; caughtUp: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const waiting = (async () => {
    const messages: FollowMessage[] = [];
    for await (const message of log.follow({ signal })) {
      messages.push(message);
      if (message.kind === 'caughtUp') resolve();
    }
    return messages;
  })();
  return { waiting, caughtUp: promise };
}

function inOrder(messages: readonly FollowMessage[]): boolean {
  let reached = 0n;
  return messages.every((message) => {
    if (message.kind === 'fellBehind' || message.kind === 'reconnecting') return true;
    const { position } = message.kind === 'event' ? message.event : message;
    const ok = message.kind === 'event' ? position > reached : position >= reached;
    reached = position;
    return ok;
  });
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function heapInUse(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
