import { describe, expect, it } from '@jest/globals';
import { EventIdTaken, LogUnavailable, WrongRevision, type EventLog } from '#libs/event-log';
import { anEvent, events, ids } from '../support/event-log.ts';
import type { Contract } from './event-log.contract.ts';

export function appendContract(contract: Contract): void {
  describe('appending', () => {
    it('numbers revisions in the stream from 0 and positions upwards', async () => {
      const log = await contract.log();
      const first = await log.append('matter-a', 'no-stream', events(2));
      const second = await log.append('matter-a', { revision: 1 }, events(3));
      expect([first.revision, second.revision]).toEqual([1, 4]);
      expect(second.position).toBeGreaterThan(first.position);
      expect(await log.head()).toBe(second.position);
      expect(first.repeated).toBe(false);
    });

    it('answers with the place and time of the last event', async () => {
      const log = await contract.log();
      const appended = await log.append('matter-a', 'no-stream', events(3));
      const last = (await Array.fromAsync(log.read('matter-a'))).at(-1);
      expect(last).toMatchObject({
        revision: appended.revision,
        position: appended.position,
        recordedAt: appended.recordedAt,
      });
    });

    it('answers the first result again when the same events come twice', async () => {
      const log = await contract.log();
      const batch = events(3);
      const first = await log.append('matter-a', 'no-stream', batch);
      await log.append('matter-a', { revision: 2 }, events(1));
      expect(await log.append('matter-a', 'no-stream', batch)).toEqual({ ...first, repeated: true });
      const more = events(2);
      const second = await log.append('matter-a', 'stream-exists', more);
      expect(await log.append('matter-a', 'stream-exists', more)).toEqual({ ...second, repeated: true });
      expect(await count(log)).toBe(6);
    });

    it('appends once when the same events are sent twice at the same time', async () => {
      const log = await contract.log();
      const batch = events(2);
      const both = await Promise.all([
        log.append('matter-a', 'no-stream', batch),
        log.append('matter-a', 'no-stream', batch),
      ]);
      expect(both.map(({ repeated }) => repeated)).toEqual(expect.arrayContaining([false, true]));
      expect(both[0].position).toBe(both[1].position);
      expect(await count(log)).toBe(2);
    });

    it('refuses known events under another expectation, in another order or stream, or in other company', async () => {
      const log = await contract.log();
      const [a, b, c] = [anEvent(), anEvent(), anEvent()];
      await log.append('matter-a', 'no-stream', [a, b]);
      await log.append('matter-a', { revision: 1 }, [c]);
      const refused = [
        log.append('matter-a', 'stream-exists', [a, b]),
        log.append('matter-a', { revision: 2 }, [a, b]),
        log.append('matter-a', 'no-stream', [b, a]),
        log.append('matter-b', 'no-stream', [a, b]),
        log.append('matter-a', 'no-stream', [a]),
        log.append('matter-a', { revision: 0 }, [b]),
        log.append('matter-a', 'no-stream', [a, b, c]),
        log.append('matter-a', 'no-stream', [a, b, anEvent()]),
        log.append('matter-a', { revision: 2 }, [anEvent(), c]),
      ];
      for (const outcome of await Promise.allSettled(refused)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(EventIdTaken) });
      }
      expect(ids(await Array.fromAsync(log.readAll()))).toEqual(ids([a, b, c]));
    });

    it('refuses a wrong revision and names the actual one', async () => {
      const log = await contract.log();
      await expect(log.append('matter-a', { revision: 0 }, events(1))).rejects.toMatchObject({ actual: null });
      await log.append('matter-a', 'no-stream', events(2));
      const wrong = log.append('matter-a', { revision: 0 }, events(1));
      await expect(wrong).rejects.toBeInstanceOf(WrongRevision);
      await expect(wrong).rejects.toMatchObject({ code: 'wrong-revision', stream: 'matter-a', actual: 1 });
      await expect(log.append('matter-a', { revision: 2 }, events(1))).rejects.toMatchObject({ actual: 1 });
    });

    it('holds a writer to no-stream and stream-exists', async () => {
      const log = await contract.log();
      await expect(log.append('matter-a', 'stream-exists', events(1))).rejects.toMatchObject({ actual: null });
      await log.append('matter-a', 'no-stream', events(1));
      await expect(log.append('matter-a', 'no-stream', events(1))).rejects.toMatchObject({ actual: 0 });
      expect((await log.append('matter-a', 'stream-exists', events(1))).revision).toBe(1);
    });

    it('appends all events of a batch or none', async () => {
      const log = await contract.log();
      const known = anEvent();
      await log.append('matter-a', 'no-stream', [known]);
      await expect(log.append('matter-b', 'no-stream', [anEvent(), anEvent(), known])).rejects.toThrow(EventIdTaken);
      expect(await Array.fromAsync(log.read('matter-b'))).toEqual([]);
      expect(await count(log)).toBe(1);
    });

    it('lets one of many writers win a revision, and tells the others', async () => {
      const log = await contract.log();
      const writers = Array.from({ length: 20 }, () => log.append('matter-a', 'no-stream', events(2)));
      const neighbours = Array.from({ length: 20 }, (_, index) =>
        log.append(`matter-${index}`, 'no-stream', events(1)),
      );
      const outcomes = await Promise.allSettled(writers);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const losers = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      expect(losers).toEqual(losers.map(() => expect.objectContaining({ code: 'wrong-revision', actual: 1 })));
      // A refusal does not touch whoever was committed beside it.
      expect((await Promise.all(neighbours)).every(({ revision }) => revision === 0)).toBe(true);
    });

    it('keeps the order of appends sent without waiting', async () => {
      const log = await contract.log();
      const batch = events(200);
      const sent = batch.map((event, index) =>
        log.append('matter-a', index === 0 ? 'no-stream' : { revision: index - 1 }, [event]),
      );
      await Promise.all(sent);
      expect(ids(await Array.fromAsync(log.readAll()))).toEqual(ids(batch));
    });

    it('finishes what was sent before it closed, and refuses everything after', async () => {
      const log = await contract.log();
      const sent = log.append('matter-a', 'no-stream', events(2));
      await log.close();
      expect((await sent).revision).toBe(1);
      await expect(log.append('matter-a', { revision: 1 }, events(1))).rejects.toThrow(LogUnavailable);
      await expect(log.head()).rejects.toThrow(LogUnavailable);
      await expect(Array.fromAsync(log.readAll())).rejects.toThrow(LogUnavailable);
      await expect(Array.fromAsync(log.read('matter-a'))).rejects.toThrow(LogUnavailable);
      const { signal } = new AbortController();
      await expect(Array.fromAsync(log.follow({ signal }))).rejects.toThrow(LogUnavailable);
      await log.close();
    });
  });
}

async function count(log: EventLog): Promise<number> {
  return (await Array.fromAsync(log.readAll())).length;
}
