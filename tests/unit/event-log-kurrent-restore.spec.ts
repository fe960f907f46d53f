import { describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '#libs/event-log';
import { fill, ids } from '../support/event-log.ts';
import { aSetting } from '../support/kurrent-setting.ts';
import type { Fault } from '../support/kurrent-stand-in-faults.ts';

async function another() {
  const log = new MemoryEventLog();
  await fill(log, ['matter-a', 'matter-b'], 6, 4);
  return Array.fromAsync(log.readAll());
}

describe('taking events over into a KurrentDB', () => {
  const unclear: Fault[] = [
    'silent-append',
    'half-close-append',
    'not-leader',
    'wrong-version-after-write',
    'lost-answer',
    'poison',
  ];
  it.each(unclear)('keeps their order, each once, when the server answers with %s', async (fault) => {
    const { server, log } = await aSetting();
    const source = await another();
    server.faults.next(fault, 2);
    await log.restore(source);
    expect(ids(await Array.fromAsync(log.readAll()))).toEqual(ids(source));
  });

  it('is done by whoever tries again, after the server was killed', async () => {
    const { server, log } = await aSetting({ giveUpMs: 300 });
    const source = await another();
    server.faults.next('kill-after-write');
    await expect(log.restore(source)).rejects.toMatchObject({ code: 'unavailable' });
    await server.start();
    await log.restore(source);
    expect(ids(await Array.fromAsync(log.readAll()))).toEqual(ids(source));
  });
});
