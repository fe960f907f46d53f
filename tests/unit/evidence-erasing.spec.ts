import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EventLog, MemoryEventLog } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { audit, ErasureRefused, Erasing, toBase64 } from '#libs/evidence';
import { aDirectory } from '../support/event-log-files.ts';
import { anEvent, aSealing, must, OtherLog, type Sealing } from '../support/evidence.ts';

const salted = toBase64(new Uint8Array(32).fill(5));
const SEALED = 'c2VhbGVkIGFkZHJlc3M=';
const data = {
  name: 'a watch',
  channel: { kind: 'email', to: { salted, sealed: SEALED } },
  'a/b': [{ salted, sealed: SEALED }],
};

let directory: Awaited<ReturnType<typeof aDirectory>>;
beforeAll(async () => {
  directory = await aDirectory();
});
afterAll(() => directory.remove());

async function withPrivate(log: EventLog): Promise<{ sealing: Sealing; erasing: Erasing; event: string }> {
  const sealing = aSealing(log);
  const event = anEvent('', data);
  await log.append('watch-1', 'no-stream', [event]);
  await sealing.sealer.seal();
  return { sealing, erasing: new Erasing({ ...sealing, now: Date.now }), event: event.id };
}

const dataOf = async (log: EventLog): Promise<unknown> => must((await Array.fromAsync(log.read('watch-1')))[0]).data;

describe('a private value that is erased', () => {
  it('is gone from the file, and every proof stays', async () => {
    const file = join(directory.path, 'events.db');
    const log = await SqliteEventLog.open({ file });
    const { sealing, erasing, event } = await withPrivate(log);
    const before = must(sealing.evidence.store.newest);
    for (const pointer of ['/channel/to', '/a~1b/0'])
      expect(await erasing.erase({ event, pointer, reason: 'asked to', actor: 'key:1' })).toMatchObject({
        removed: true,
      });
    expect(await dataOf(log)).toEqual({
      name: 'a watch',
      channel: { kind: 'email', to: { salted } },
      'a/b': [{ salted }],
    });
    await sealing.sealer.seal();
    expect(sealing.evidence.store.root(before.size)).toEqual(before.root);
    const { store } = sealing.evidence;
    expect(await audit({ log, store, outside: [{ name: 'before', note: before.note }] })).toMatchObject({
      intact: true,
      erased: 2,
      outside: 1,
    });
    await expect(log.append('watch-1', { revision: 0 }, [anEvent('goes on')])).resolves.toBeDefined();
    await sealing.close();
    await log.close();
    for (const part of ['events.db', 'events.db-wal'])
      expect((await readFile(join(directory.path, part)).catch(() => Buffer.alloc(0))).includes(SEALED)).toBe(false);
  });

  it('is told of once: that, where, when, by whom and why', async () => {
    const log = await SqliteEventLog.open({ file: join(directory.path, 'once.db') });
    const { sealing, erasing, event } = await withPrivate(log);
    const asked = { event, pointer: '/channel/to', reason: 'asked to', actor: 'key:1' };
    const first = await erasing.erase(asked);
    expect(await erasing.erase(asked)).toEqual(first);
    const told = await Array.fromAsync(log.read('evidence-erasures'));
    expect(told).toMatchObject([
      {
        type: 'PrivateErased',
        data: { event, stream: 'watch-1', revision: 0, pointer: '/channel/to', salted, reason: 'asked to' },
        meta: { actor: 'key:1' },
      },
    ]);
    await sealing.close();
    await log.close();
  });

  it('is put on record even where the store cannot take it away, and that is said', async () => {
    const log = new MemoryEventLog();
    const { sealing, erasing, event } = await withPrivate(log);
    const erased = await erasing.erase({ event, pointer: '/channel/to', reason: 'asked to', actor: 'key:1' });
    expect(erased.removed).toBe(false);
    expect(await Array.fromAsync(log.read('evidence-erasures'))).toHaveLength(1);
    await sealing.close();
  });

  it.each(['/channel', '/channel/to/salted', '/nothing', '/name', 'channel/to'])('cannot be %s', async (pointer) => {
    const log = new MemoryEventLog();
    const { sealing, erasing, event } = await withPrivate(log);
    const asked = { event, pointer, reason: 'asked to', actor: 'key:1' };
    await expect(erasing.erase(asked)).rejects.toThrow(ErasureRefused);
    await expect(erasing.erase({ ...asked, event: '0197aaaa-0000-7000-8000-000000000000' })).rejects.toThrow(
      ErasureRefused,
    );
    expect(await Array.fromAsync(log.read('evidence-erasures'))).toEqual([]);
    await sealing.close();
  });

  it('is found out when nobody said a word of it', async () => {
    const log = new MemoryEventLog();
    const { sealing } = await withPrivate(log);
    const events = await Array.fromAsync(log.readAll());
    const [first, ...rest] = events;
    const silently = { ...must(first), data: { ...data, channel: { kind: 'email', to: { salted } } } };
    const report = await audit({ log: new OtherLog([silently, ...rest]), store: sealing.evidence.store });
    expect(report).toMatchObject({ intact: false, erased: 1 });
    expect(report.findings).toMatchObject([{ kind: 'log', index: 0, position: '1' }]);
    await sealing.close();
  });

  it('is the only thing about an event that the file lets go of', async () => {
    const log = await SqliteEventLog.open({ file: join(directory.path, 'only.db') });
    const { sealing } = await withPrivate(log);
    for (const pointer of ['/name', '', '/channel', '/channel/to/sealed'])
      expect(await log.eraseSealed({ stream: 'watch-1', revision: 0, pointer })).toBe(false);
    expect(await log.eraseSealed({ stream: 'watch-1', revision: 9, pointer: '/channel/to' })).toBe(false);
    expect(await dataOf(log)).toEqual(data);
    await sealing.close();
    await log.close();
  });
});
