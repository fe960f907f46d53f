import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { LogUnavailable, LogUnusable, WrongRevision, type FollowMessage, type NewEvent } from '#libs/event-log';
import { anEvent, caughtUpAt, events, followed, followUntil, ids } from '../support/event-log.ts';
import { aSetting, whole } from '../support/kurrent-setting.ts';
import type { Fault } from '../support/kurrent-stand-in-faults.ts';

function reconnects(messages: readonly FollowMessage[]): number {
  return messages.filter(({ kind }) => kind === 'reconnecting').length;
}

describe('an append', () => {
  const unclear: Fault[] = [
    'silent-append',
    'half-close-append',
    'not-leader',
    'wrong-version',
    'wrong-version-after-write',
    'lost-answer',
    'poison',
  ];
  it.each(unclear)('is carried out once when the server answers with %s', async (fault) => {
    const { server, log } = await aSetting();
    server.faults.next(fault);
    const batch = events(3);
    const appended = await log.append('matter-a', 'no-stream', batch);
    expect(appended).toMatchObject({ revision: 2, repeated: false });
    server.faults.next(fault);
    const more = events(2);
    expect(await log.append('matter-a', { revision: 2 }, more)).toMatchObject({ revision: 4, repeated: false });
    server.faults.next(fault);
    const last = events(1);
    expect(await log.append('matter-a', 'stream-exists', last)).toMatchObject({ revision: 5, repeated: false });
    expect(ids(await Array.fromAsync(log.read('matter-a')))).toEqual(ids([...batch, ...more, ...last]));
  });

  it('is answered to both of two writers when the server drops the repeat of what it has not replicated yet', async () => {
    const { server, log, reports, open } = await aSetting();
    const other = await open();
    server.faults.replicatingMs = 100;
    const event = anEvent();
    const both = await Promise.all([log, other].map((each) => each.append('alert-a', 'no-stream', [event])));
    expect(both.map(({ revision }) => revision)).toEqual([0, 0]);
    expect(both.filter(({ repeated }) => repeated)).toHaveLength(1);
    expect(reports.join('\n')).toMatch(/^Appending to alert-a failed \(unclear: .*\) and is tried again\.$/);
    expect(ids(await Array.fromAsync(log.readAll()))).toEqual([event.id]);
  });

  it('survives a server that writes, dies before it answers, and comes back', async () => {
    const { server, log, reports } = await aSetting();
    await log.append('matter-a', 'no-stream', events(1));
    server.faults.next('kill-after-write');
    const appending = log.append('matter-a', { revision: 0 }, events(2));
    await pause(300);
    await server.start();
    expect(await appending).toMatchObject({ revision: 2, repeated: false });
    expect(await Array.fromAsync(log.readAll())).toHaveLength(3);
    expect(reports.length).toBeGreaterThan(0);
  });

  it('tells its caller when the server stays away, and the same call succeeds later', async () => {
    const { server, log } = await aSetting({ giveUpMs: 500 });
    server.kill();
    const batch = events(2);
    await expect(log.append('matter-a', 'no-stream', batch)).rejects.toThrow(LogUnavailable);
    await server.start();
    const later = await log.append('matter-a', 'no-stream', batch);
    expect(later.revision).toBe(1);
    expect(await Array.fromAsync(log.readAll())).toHaveLength(2);
  });

  it('is recognised as a repeat by another process, or after a restart', async () => {
    const { log, open } = await aSetting();
    const [first, second, third] = [events(2), events(1), events(2)];
    const answers = [
      await log.append('matter-a', 'no-stream', first),
      await log.append('matter-a', { revision: 1 }, second),
      await log.append('matter-a', 'stream-exists', third),
    ];
    const other = await open();
    const again = [
      await other.append('matter-a', 'no-stream', first),
      await other.append('matter-a', { revision: 1 }, second),
      await other.append('matter-a', 'stream-exists', third),
    ];
    expect(again).toEqual(answers.map((answer) => ({ ...answer, repeated: true })));
    await expect(other.append('matter-a', 'no-stream', first.slice(0, 1))).rejects.toMatchObject({
      code: 'event-id-taken',
    });
    await expect(other.append('matter-a', 'no-stream', events(1))).rejects.toThrow(WrongRevision);
    expect(await Array.fromAsync(other.readAll())).toHaveLength(5);
  });

  it('lets exactly one of two processes begin a stream, even with the same events', async () => {
    const { log, open } = await aSetting();
    const other = await open();
    for (let round = 0; round < 20; round += 1) {
      const effect = [anEvent({ round })];
      const both = await Promise.all([
        log.append(`effect-${round}`, 'no-stream', effect),
        other.append(`effect-${round}`, 'no-stream', effect),
      ]);
      expect(both.filter(({ repeated }) => repeated)).toHaveLength(1);
    }
  });

  it('that is more than the server takes is refused, and nothing is written', async () => {
    const { log } = await aSetting();
    const large = Array.from({ length: 4 }, () => anEvent('x'.repeat(400_000)));
    await expect(log.append('matter-a', 'no-stream', large)).rejects.toThrow(TypeError);
    expect(await log.head()).toBe(0n);
  });
});

describe('a follower', () => {
  const losses: Fault[] = ['break-subscription', 'end-subscription', 'stall-subscription'];
  it.each(losses)('loses and repeats nothing over %s', async (fault) => {
    const { server, log } = await aSetting();
    const batch = events(30);
    await log.append('matter-a', 'no-stream', batch);
    server.faults.next(fault, 3);
    const messages = await whole(log, 30);
    expect(ids(followed(messages))).toEqual(ids(batch));
    expect(reconnects(messages)).toBe(3);
  });

  it('catches up by itself when the server was gone, under a writer that goes on', async () => {
    const { server, log } = await aSetting({ giveUpMs: 20_000 });
    const acknowledged: NewEvent[] = [];
    const filtered = whole(log, 150, ['matter-']);
    const following = whole(log, 150);
    const writing = (async () => {
      for (let revision = -1; revision < 149; revision += 1) {
        const batch = events(1);
        await log.append('matter-a', revision < 0 ? 'no-stream' : { revision }, batch);
        acknowledged.push(...batch);
      }
    })();
    for (let outage = 0; outage < 3; outage += 1) {
      await pause(60);
      server.kill();
      await pause(150);
      await server.start();
    }
    await writing;
    for (const messages of await Promise.all([following, filtered])) {
      expect(ids(followed(messages))).toEqual(ids(acknowledged));
    }
  });

  it('takes a clean close by the server for what it is, again and again', async () => {
    const { server, log } = await aSetting();
    await log.append('matter-a', 'no-stream', events(1));
    let closed = 0;
    const messages = await followUntil(log, {}, (all) => {
      if (all.at(-1)?.kind !== 'caughtUp') return false;
      if (++closed <= 3) setTimeout(() => server.closeCleanly(), 20);
      return closed > 3;
    });
    expect(reconnects(messages)).toBe(3);
    expect(followed(messages)).toHaveLength(1);
  });

  it('hands out once what the server delivers twice', async () => {
    const { server, log } = await aSetting();
    server.faults.duplicate = true;
    const batch = events(100);
    await log.append('matter-a', 'no-stream', batch);
    const messages = await followUntil(log, {}, caughtUpAt(await log.head()));
    expect(ids(followed(messages))).toEqual(ids(batch));
  });

  it('whose consumer throws leaves nothing behind on the server', async () => {
    const { server, log } = await aSetting();
    await log.append('matter-a', 'no-stream', events(10));
    const consuming = (async () => {
      for await (const message of log.follow({ signal: new AbortController().signal })) {
        if (message.kind === 'event' && message.event.revision === 3) throw new Error('no more');
      }
    })();
    await expect(consuming).rejects.toThrow('no more');
    await pause(100);
    expect(server.subscriptions).toBe(0);
    expect(followed(await whole(log, 10))).toHaveLength(10);
  });

  it('stops with a plain sentence at a message that cannot be parsed', async () => {
    const { server, log } = await aSetting();
    server.faults.next('garbled', 1000);
    const following = Array.fromAsync(log.follow({ signal: new AbortController().signal }));
    await expect(following).rejects.toThrow(LogUnusable);
    await expect(following).rejects.toThrow(/do not understand each other/);
  });

  it('is told of a silence, and goes on when the server speaks again', async () => {
    const { server, log } = await aSetting();
    await log.append('matter-a', 'no-stream', events(5));
    server.faults.next('silent-read', 2);
    expect(followed(await whole(log, 5))).toHaveLength(5);
  });
});
