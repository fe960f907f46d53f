import { describe, expect, it } from '@jest/globals';
import { LogUnavailable, LogUnusable, pin } from '#libs/event-log';
import { KurrentEventLog } from '#libs/event-log-kurrent';
import { events, followed } from '../support/event-log.ts';
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
