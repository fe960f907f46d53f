import { describe, expect, it } from '@jest/globals';
import {
  LogUnavailable,
  MemoryEventLog,
  RecordedEarlier,
  type EventLog,
  type RecordedEvent,
  type RestoredEvent,
} from '#libs/event-log';
import { anEvent, events, fill, followed, followUntil } from '../support/event-log.ts';
import type { Contract } from './event-log.contract.ts';

const MORNING = Date.UTC(2020, 0, 19, 9);

/** What another log held: several streams in turn, batches, an old clock. */
async function another(batches = 12): Promise<readonly RecordedEvent[]> {
  let now = MORNING;
  const log = new MemoryEventLog({ now: () => (now += 7) });
  await fill(log, ['matter-a', 'matter-b', 'watch-1'], batches, 3);
  await log.append('matter-c', 'no-stream', [anEvent({ text: 'ü', deep: [{ a: null }] }, { schema: 3 })]);
  return Array.fromAsync(log.readAll());
}

function placeless(all: readonly RecordedEvent[]): RestoredEvent[] {
  return all.map((recorded) => {
    const { position: _, ...event } = recorded;
    return event;
  });
}

async function content(log: EventLog): Promise<RestoredEvent[]> {
  return placeless(await Array.fromAsync(log.readAll()));
}

export function restoreContract(contract: Contract): void {
  describe('taking events over from another log', () => {
    it('keeps ids, streams, revisions, order and times of recording', async () => {
      const { log, reopen } = await contract.make();
      const source = await another();
      await log.restore(source.slice(0, 10));
      await log.restore(source.slice(10));
      expect(await content(log)).toEqual(placeless(source));
      const again = reopen ? await reopen() : log;
      expect(await content(again)).toEqual(placeless(source));
      const positions = (await Array.fromAsync(again.readAll())).map(({ position }) => position);
      expect(positions).toEqual(positions.toSorted((one, other) => Number(one - other)));
    });

    it('passes over what is there already, wherever it broke off', async () => {
      const log = await contract.log();
      const source = await another();
      await log.restore(source.slice(0, 20));
      await log.restore(source.slice(0, 5));
      await log.restore(source.slice(13, 27));
      await log.restore(source);
      await log.restore(source);
      expect(await content(log)).toEqual(placeless(source));
    });

    it('is told of by following', async () => {
      const log = await contract.log();
      const source = await another();
      const following = followUntil(log, {}, (all) => followed(all).length === source.length);
      await log.restore(source);
      expect(placeless(followed(await following))).toEqual(placeless(source));
    });

    it('goes on from there: appends follow, repeats are recognised, time does not run backwards', async () => {
      const now = MORNING - 60_000;
      const { log } = await contract.make({ now: () => now });
      const source = await another();
      await log.restore(source);
      const last = source.at(-1);
      const newest = source.findLast(({ stream }) => stream === 'matter-a');
      const batch = events(2);
      const appended = await log.append('matter-a', { revision: newest?.revision ?? 0 }, batch);
      expect(appended.recordedAt).toBe(last?.recordedAt);
      expect(await log.append('matter-a', { revision: newest?.revision ?? 0 }, batch)).toMatchObject({
        repeated: true,
      });
      if (!last) throw new Error('the other log held something');
      const { id, type, schema, data, meta } = last;
      const repeat = await log.append('matter-c', 'no-stream', [{ id, type, schema, data, meta }]);
      expect(repeat).toMatchObject({ repeated: true, revision: 0, recordedAt: last.recordedAt });
      expect(await content(log)).toHaveLength(source.length + 2);
    });

    it('refuses what is not the next of its stream', async () => {
      const log = await contract.log();
      const source = await another();
      const ofA = source.filter(({ stream }) => stream === 'matter-a');
      await expect(log.restore(ofA.slice(1))).rejects.toMatchObject({ code: 'wrong-revision', actual: null });
      await log.restore(ofA.slice(0, 3));
      await expect(log.restore(ofA.slice(4))).rejects.toMatchObject({ code: 'wrong-revision', actual: 2 });
      const stranger = ofA.slice(2, 3).map((event) => ({ ...event, id: anEvent().id }));
      await expect(log.restore(stranger)).rejects.toMatchObject({ code: 'wrong-revision', actual: 2 });
      expect(await content(log)).toEqual(placeless(ofA.slice(0, 3)));
    });

    it('refuses what was recorded before its newest event, and changes nothing', async () => {
      const { log } = await contract.make({ now: () => MORNING + 1_000_000 });
      await log.append('matter-z', 'no-stream', events(1));
      const source = await another();
      await expect(log.restore(source)).rejects.toThrow(RecordedEarlier);
      expect(await content(log)).toHaveLength(1);
    });

    it('refuses what no log could have held', async () => {
      const log = await contract.log();
      const [first] = await another();
      if (!first) throw new Error('the other log held something');
      const wrong = [
        { ...first, id: 'no-uuid' },
        { ...first, revision: -1 },
        { ...first, recordedAt: '2020-01-19' },
        { ...first, recordedAt: '2020-01-19T09:00:00Z' },
        { ...first, stream: '' },
        { ...first, data: 'x'.repeat(1024 * 1024) },
      ];
      for (const event of wrong) await expect(log.restore([event])).rejects.toThrow(TypeError);
      expect(await log.head()).toBe(0n);
    });

    it('takes a long log in one call, and large events', async () => {
      const log = await contract.log();
      const source = new MemoryEventLog({ now: () => MORNING });
      for (let batch = 0; batch < 4; batch += 1) await source.append(`matter-${batch}`, 'no-stream', events(1000));
      await source.append('matter-large', 'no-stream', [anEvent('x'.repeat(500_000)), anEvent('y'.repeat(700_000))]);
      const all = await Array.fromAsync(source.readAll());
      await log.restore(all);
      expect(await content(log)).toEqual(placeless(all));
    });

    it('is refused when the log is closed', async () => {
      const log = await contract.log();
      await log.close();
      await expect(log.restore(await another())).rejects.toThrow(LogUnavailable);
    });
  });
}
