import { describe, expect, it } from '@jest/globals';
import { pin, type RecordedEvent } from '#libs/event-log';
import { anEvent, events, fill, ids } from '../support/event-log.ts';
import type { Contract } from './event-log.contract.ts';

export function readContract(contract: Contract): void {
  describe('reading', () => {
    it('finds nothing in an empty log or a stream that does not exist', async () => {
      const log = await contract.log();
      expect(await log.head()).toBe(0n);
      expect(await Array.fromAsync(log.readAll())).toEqual([]);
      expect(await Array.fromAsync(log.readAll({ after: 10n ** 15n }))).toEqual([]);
      expect(await Array.fromAsync(log.read('matter-none'))).toEqual([]);
    });

    it('reads a stream in order of revision, whole or between two revisions', async () => {
      const log = await contract.log();
      await fill(log, ['matter-a', 'matter-ab', 'matter-b'], 30, 2);
      const whole = await Array.fromAsync(log.read('matter-a'));
      expect(revisions(whole)).toEqual(range(0, 19));
      expect(whole.every(({ stream }) => stream === 'matter-a')).toBe(true);
      const between = async (options: object): Promise<number[]> =>
        revisions(await Array.fromAsync(log.read('matter-a', options)));
      expect(await between({ from: 5, to: 7 })).toEqual([5, 6, 7]);
      expect(await between({ from: 18 })).toEqual([18, 19]);
      expect(await between({ to: 0 })).toEqual([0]);
      expect(await between({ from: 19, to: 400 })).toEqual([19]);
      expect(await between({ from: 20 })).toEqual([]);
      expect(await between({ from: 3, to: 2 })).toEqual([]);
    });

    it('reads long streams and logs beyond any page', async () => {
      const log = await contract.log();
      await log.append('matter-a', 'no-stream', events(1500));
      await log.append('matter-b', 'no-stream', events(1500));
      expect(revisions(await Array.fromAsync(log.read('matter-b')))).toEqual(range(0, 1499));
      expect(revisions(await Array.fromAsync(log.read('matter-a', { from: 1, to: 1498 })))).toEqual(range(1, 1498));
      expect(await Array.fromAsync(log.readAll())).toHaveLength(3000);
    });

    it('reads the whole log in order of position, and resumes after any of them', async () => {
      const log = await contract.log();
      await fill(log, ['matter-a', 'matter-b'], 40, 2);
      const all = await Array.fromAsync(log.readAll());
      expect(all).toHaveLength(80);
      expect(growsStrictly(all)).toBe(true);
      for (const [index, { position }] of all.entries()) {
        expect(await Array.fromAsync(log.readAll({ after: position }))).toEqual(all.slice(index + 1));
      }
    });

    it('reads only streams whose name begins with a prefix', async () => {
      const log = await contract.log();
      await fill(log, ['matter-us', 'matter-eu', 'watch-1', 'watch_1', 'matt', 'é-1', 'MATTER-us'], 70);
      const all = await Array.fromAsync(log.readAll());
      for (const streamPrefixes of [
        ['matter-'],
        ['watch-', 'é'],
        ['matter-us', 'matter-'],
        ['%'],
        ['_'],
        ['*'],
        ['none'],
        [],
      ]) {
        const expected = all.filter(({ stream }) => streamPrefixes.some((prefix) => stream.startsWith(prefix)));
        expect(await Array.fromAsync(log.readAll({ filter: { streamPrefixes } }))).toEqual(expected);
      }
      const filter = { streamPrefixes: ['watch-'] };
      const watches = await Array.fromAsync(log.readAll({ filter }));
      expect(await Array.fromAsync(log.readAll({ filter, after: watches[3]?.position ?? 0n }))).toEqual(
        watches.slice(4),
      );
      expect(await Array.fromAsync(log.readAll({ filter: {} }))).toEqual(all);
    });

    it('finds the few events of a prefix in a long log', async () => {
      const log = await contract.log();
      await log.append('rare-1', 'no-stream', events(1));
      await log.append('common-1', 'no-stream', events(9000));
      const { position } = await log.append('rare-2', 'no-stream', events(1));
      await log.append('common-1', 'stream-exists', events(3000));
      const rare = await Array.fromAsync(log.readAll({ filter: { streamPrefixes: ['rare-'] } }));
      expect(rare.map(({ stream }) => stream)).toEqual(['rare-1', 'rare-2']);
      expect(rare[1]?.position).toBe(position);
    });

    it('lets timers and sockets have their turn while somebody reads much', async () => {
      const log = await contract.log();
      await log.append('matter-a', 'no-stream', events(6000));
      for (const reading of [log.readAll(), log.read('matter-a')]) {
        let turns = 0;
        let turn = setImmediate(function again() {
          turns += 1;
          turn = setImmediate(again);
        });
        expect(await Array.fromAsync(reading)).toHaveLength(6000);
        clearImmediate(turn);
        expect(turns).toBeGreaterThan(3);
      }
    });

    it('ends at what was newest when it began, however much is appended meanwhile', async () => {
      const log = await contract.log();
      await fill(log, ['matter-a'], 20);
      const before = await Array.fromAsync(log.readAll());
      const seen: RecordedEvent[] = [];
      for await (const event of log.readAll()) {
        seen.push(event);
        await log.append('matter-b', seen.length === 1 ? 'no-stream' : 'stream-exists', events(1));
      }
      expect(ids(seen)).toEqual(ids(before));
    });

    it('fails with the reason when it is cancelled, so that a part never passes for the whole', async () => {
      const log = await contract.log();
      await log.append('matter-a', 'no-stream', events(50));
      for (const open of [
        (signal: AbortSignal) => log.readAll({ signal }),
        (signal: AbortSignal) => log.read('matter-a', { signal }),
      ]) {
        const stop = new AbortController();
        let seen = 0;
        const reading = (async () => {
          for await (const _ of open(stop.signal)) if (++seen === 3) stop.abort(new Error('enough'));
        })();
        await expect(reading).rejects.toThrow('enough');
        expect(seen).toBe(3);
        await expect(Array.fromAsync(open(AbortSignal.abort(new Error('never began'))))).rejects.toThrow('never began');
      }
    });

    it('knows its newest event', async () => {
      const log = await contract.log();
      expect(await log.newest()).toBeUndefined();
      await fill(log, ['matter-a', 'watch-1'], 5);
      expect(await log.newest()).toEqual((await Array.fromAsync(log.readAll())).at(-1));
    });

    it('tells whether an event is still what it was, where it was', async () => {
      const log = await contract.log();
      await log.append('matter-a', 'no-stream', [anEvent({ a: 1 }), anEvent({ b: [2, null, 'ü'] })]);
      await log.append('matter-b', 'no-stream', events(1));
      const pins = (await Array.fromAsync(log.readAll())).map(pin);
      const [first, second] = pins;
      if (!first || !second) throw new Error('three events were appended');
      expect(await Promise.all(pins.map((each) => log.holds(each)))).toEqual([true, true, true]);
      const gone = [
        { ...second, id: first.id },
        { ...second, hash: first.hash },
        { ...second, position: first.position },
        { ...second, revision: 2 },
        { ...second, stream: 'matter-c' },
      ];
      expect(await Promise.all(gone.map((each) => log.holds(each)))).toEqual(gone.map(() => false));
    });

    it('may be left half way, and read by many at once', async () => {
      const log = await contract.log();
      await log.append('matter-a', 'no-stream', events(700));
      for await (const _ of log.readAll()) break;
      const readers = Array.from({ length: 5 }, () => Array.fromAsync(log.readAll()));
      for (const all of await Promise.all(readers)) expect(all).toHaveLength(700);
    });
  });
}

function revisions(recorded: readonly RecordedEvent[]): number[] {
  return recorded.map(({ revision }) => revision);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function growsStrictly(recorded: readonly RecordedEvent[]): boolean {
  return recorded.every(({ position }, index) => position > (recorded[index - 1]?.position ?? 0n));
}
