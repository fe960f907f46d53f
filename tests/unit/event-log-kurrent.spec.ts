import { describe, expect, it } from '@jest/globals';
import { type EventLog, LogUnavailable, LogUnusable, pin, WrongRevision } from '#libs/event-log';
import { KurrentEventLog } from '#libs/event-log-kurrent';
import { anEvent, events, followed } from '../support/event-log.ts';
import { quick } from '../support/kurrent-log.ts';
import { aSetting, whole } from '../support/kurrent-setting.ts';

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
    await expect(KurrentEventLog.open(nobody)).rejects.toThrow(LogUnavailable);
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
