import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type EventLog, LogUnusable, pin, WrongRevision } from '#libs/event-log';
import { KurrentEventLog } from '#libs/event-log-kurrent';
import { anEvent, events, followed } from '../support/event-log.ts';
import { quick } from '../support/kurrent-log.ts';
import { aSetting, whole } from '../support/kurrent-setting.ts';
import type { KurrentStandIn } from '../support/kurrent-stand-in.ts';

describe('the log in KurrentDB', () => {
  it('finds its node by gossip', async () => {
    const { server, open } = await aSetting();
    const log = await open({ connectionString: quick(server.gossipConnectionString) });
    await log.append('matter-a', 'no-stream', events(2));
    expect(followed(await whole(log, 2))).toHaveLength(2);
  });

  it('says at opening what is wrong with a connection string, and does not repeat it', async () => {
    const opening = KurrentEventLog.open({ connectionString: 'http://admin:secret@host' });
    await expect(opening).rejects.toThrow(LogUnusable);
    await expect(opening).rejects.not.toThrow(/secret/);
  });

  it('is unavailable at opening when no server answers', async () => {
    const nobody = { connectionString: quick('kurrentdb://127.0.0.1:9?tls=false'), deadlineMs: 300, giveUpMs: 300 };
    await expect(KurrentEventLog.open(nobody)).rejects.toThrow(
      expect.objectContaining({ name: 'LogUnavailable', message: expect.stringMatching(/If it runs, look at .* tls/) }),
    );
  });

  it('probes by appending and reading, outside the log', async () => {
    const { server, log } = await aSetting();
    expect(await log.probe()).toMatchObject({ ok: true });
    expect(await log.head()).toBe(0n);
    server.faults.next('silent-append');
    expect(await log.probe()).toMatchObject({ ok: false, reason: expect.stringContaining('longer than 400 ms') });
    server.kill();
    expect(await log.probe()).toMatchObject({ ok: false });
  });

  it('lets one of two replicas that race be first with an effect, and tells the other', async () => {
    const { log, open } = await aSetting({ deadlineMs: 5000 });
    const other = await open();
    const effects = Array.from({ length: 200 }, (_, index) => `effect-${index}`);
    const raced = await Promise.all(
      effects.map(async (effect, index) => {
        const racers = index % 2 === 0 ? [log, other] : [other, log];
        return Promise.all(racers.map((replica) => raise(replica, effect)));
      }),
    );
    expect(raced.filter((both) => both.includes('first') && both.includes('late'))).toHaveLength(200);
    const happened = await Array.fromAsync(log.readAll());
    expect(new Set(happened.map(({ stream }) => stream)).size).toBe(200);
    expect(happened).toHaveLength(200);
  });

  it('notices that the server lost what it had acknowledged', async () => {
    const { server, log } = await aSetting();
    await log.append('matter-a', 'no-stream', events(3));
    const [first, , last] = (await Array.fromAsync(log.readAll())).map(pin);
    if (!first || !last) throw new Error('three events were appended');
    server.log.rollBack(1);
    expect(await log.holds(last)).toBe(false);
    expect(await log.holds(first)).toBe(true);
  });

  it('does not look through what others wrote to the server before it or besides it', async () => {
    const { server, open } = await aSetting();
    const crowd = (streams: number): void => {
      for (let stream = 0; stream < streams; stream += 1) others(server, 1000);
    };
    crowd(5);
    server.log.lookedAt = 0;
    const log = await open({ prefix: 'late.' });
    await log.append('matter-a', 'no-stream', events(2));
    const [first] = await Array.fromAsync(log.readAll());
    await Array.fromAsync(log.readAll({ after: first?.position ?? 0n }));
    expect(followed(await whole(log, 2))).toHaveLength(2);
    expect(server.log.lookedAt).toBeLessThan(1000);
    // A follower passes over what others write, and then the newest event is found without going through it again.
    const stop = new AbortController();
    const following = Array.fromAsync(log.follow({ signal: stop.signal }));
    await pause(200);
    crowd(5);
    await pause(500);
    server.log.lookedAt = 0;
    await log.head();
    expect(server.log.lookedAt).toBeLessThan(2000);
    stop.abort();
    expect(followed(await following)).toHaveLength(2);
  });

  it.each<[string, (server: KurrentStandIn) => Promise<void> | void]>([
    ['rests', () => {}],
    ['rests, and whose reads are broken off', (server) => server.breakReads()],
    [
      'rests, and whose server goes and comes back',
      async (server) => {
        server.kill();
        await server.start();
      },
    ],
  ])('reads the whole log to a reader that %s', async (_, trouble) => {
    const { server, log } = await aSetting();
    for (let batch = 0; batch < 10; batch += 1) await log.append(`matter-${batch}`, 'no-stream', events(1000));
    const read: string[] = [];
    for await (const { id } of log.readAll()) {
      read.push(id);
      if (read.length % 1024 === 3) await pause(20);
      if (read.length % 3000 === 0) await trouble(server);
    }
    expect(read).toEqual(server.log.events.filter(({ stream }) => stream.startsWith('inforce.')).map(({ id }) => id));
    expect(read).toHaveLength(10_000);
  });

  it('gives a follower back its connection when it is cancelled, and not only when it asks again', async () => {
    const { server, log } = await aSetting();
    await log.append('matter-a', 'no-stream', events(5));
    const stop = new AbortController();
    const following = log.follow({ signal: stop.signal })[Symbol.asyncIterator]();
    await following.next();
    expect(server.subscriptions).toBe(1);
    stop.abort();
    for (let wait = 0; wait < 100 && server.subscriptions > 0; wait += 1) await pause(10);
    expect(server.subscriptions).toBe(0);
    expect(await following.next()).toMatchObject({ done: true });
  });
});

/** What must happen once begins a stream: whoever begins it does it. */
async function raise(replica: EventLog, effect: string): Promise<'first' | 'late'> {
  try {
    const { repeated } = await replica.append(effect, 'no-stream', [anEvent({ effect })]);
    return repeated ? 'late' : 'first';
  } catch (error) {
    if (error instanceof WrongRevision && error.actual === 0) return 'late';
    throw error;
  }
}

describe('recordedAt, of processes whose clocks differ', () => {
  it('never goes backwards in the log, and a stream read by itself shows what its writers knew', async () => {
    const { log: ahead, open } = await aSetting({ now: eleven });
    const behind = await open({ now: ten });
    await ahead.append('matter-a', 'no-stream', events(1));
    // It has seen nothing of that yet.
    await behind.append('matter-b', 'no-stream', events(1));
    expect(times(await Array.fromAsync(behind.readAll()))).toEqual([11, 11]);
    expect(times(await Array.fromAsync(ahead.read('matter-b')))).toEqual([10]);
  });

  it.each<[string, (log: KurrentEventLog) => Promise<unknown>]>([
    ['followed', (log) => whole(log, 1)],
    ['read the log', (log) => Array.fromAsync(log.readAll())],
    ['read the stream', (log) => Array.fromAsync(log.read('matter-a'))],
    ['asked for the head', (log) => log.head()],
  ])('is the same from the log and from a stream once the writer has %s', async (_, look) => {
    const { log: ahead, open } = await aSetting({ now: eleven });
    const behind = await open({ now: ten });
    await ahead.append('matter-a', 'no-stream', events(1));
    await look(behind);
    await behind.append('matter-b', 'no-stream', events(1));
    expect(times(await Array.fromAsync(ahead.readAll()))).toEqual([11, 11]);
    expect(times(await Array.fromAsync(ahead.read('matter-b')))).toEqual([11]);
  });
});

function ten(): number {
  return Date.parse('2026-03-02T10:00:00Z');
}

function eleven(): number {
  return ten() + 60 * 60 * 1000;
}

function times(recorded: readonly { readonly recordedAt: string }[]): number[] {
  return recorded.map(({ recordedAt }) => new Date(recordedAt).getUTCHours());
}

/** Another program's events, in a stream of their own. */
function others(server: KurrentStandIn, count: number): void {
  const [contentType, data, metadata] = ['application/json', Buffer.from('{}'), Buffer.from('{}')];
  const proposed = Array.from({ length: count }, () => {
    return { id: crypto.randomUUID(), type: 'Other', contentType, data, metadata };
  });
  server.log.write(`other-${crypto.randomUUID()}`, 'no-stream', proposed);
}
