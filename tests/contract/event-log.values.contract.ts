import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json, NewEvent } from '#libs/event-log';
import { anEvent, events } from '../support/event-log.ts';
import type { Contract } from './event-log.contract.ts';

const someJson: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 6, stringUnit: 'grapheme', noUnicodeString: false })
  // JSON.stringify writes -0 as 0 (ECMA-262 §25.5.2), so no store of JSON text can tell them apart.
  .map((value): Json => JSON.parse(JSON.stringify(value)));

function nested(levels: number): Json {
  let value: Json = 'bottom';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { deeper: value };
  return value;
}

export function valuesContract(contract: Contract): void {
  describe('what it records', () => {
    it('gives back every event unchanged', async () => {
      const { log, reopen } = await contract.make();
      const awkward: NewEvent[] = [
        anEvent({ text: 'TikTok 抖音 🎵 \u0000 \u2028 é e\u0301', 'key 🔑': [1e300, -1.5e-7, 0.1, true, null] }),
        anEvent(nested(200), { meta: { '': '' }, type: 'Ünïcode', schema: 7 }),
        anEvent('a bare string', { meta: 3 }),
        anEvent(JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')),
        anEvent({ long: 'x'.repeat(300_000) }),
      ];
      await log.append('matter-ünïcode 抖音', 'no-stream', awkward);
      const place = { stream: 'matter-ünïcode 抖音' };
      const expected = awkward.map((event, revision) => expect.objectContaining({ ...event, ...place, revision }));
      expect(await Array.fromAsync(log.readAll())).toEqual(expected);
      const again = reopen ? await reopen() : log;
      expect(await Array.fromAsync(again.readAll())).toEqual(expected);
    });

    it('gives back any JSON unchanged', async () => {
      const log = await contract.log();
      await log.append('matter-a', 'no-stream', events(1));
      await fc.assert(
        fc.asyncProperty(someJson, someJson, async (data, meta) => {
          const { revision } = await log.append('matter-a', 'stream-exists', [anEvent(data, { meta })]);
          const [event] = await Array.fromAsync(log.read('matter-a', { from: revision }));
          expect(event).toMatchObject({ revision });
          expect([event?.data, event?.meta]).toEqual([data, meta]);
        }),
        { numRuns: 100 },
      );
    });

    it('refuses what JSON cannot carry, and writes nothing', async () => {
      const log = await contract.log();
      const circle: Record<string, unknown> = {};
      circle['self'] = circle;
      const refused: unknown[] = [
        undefined,
        { gone: undefined },
        [undefined],
        // A hole, which JSON.stringify would fill with null.
        Array(1),
        1n,
        { deep: [{ amount: 10n }] },
        Number.NaN,
        [Number.POSITIVE_INFINITY],
        'lone \ud800 surrogate',
        { '\udc00': 1 },
        () => 1,
        Symbol('no'),
        new Date(0),
        new Map([['a', 1]]),
        circle,
      ];
      for (const value of refused) {
        const inData = Object.assign(anEvent(), { data: value });
        const inMeta = Object.assign(anEvent(), { meta: value });
        await expect(log.append('matter-a', 'no-stream', [anEvent(), inData])).rejects.toThrow(TypeError);
        await expect(log.append('matter-a', 'no-stream', [anEvent(), inMeta])).rejects.toThrow(TypeError);
      }
      expect(await Array.fromAsync(log.readAll())).toEqual([]);
    });

    it('refuses an empty batch, a repeated or malformed id, and names that are no names', async () => {
      const log = await contract.log();
      const twice = anEvent();
      const wrong: (readonly NewEvent[])[] = [
        [],
        [twice, twice],
        [anEvent({}, { id: 'not-a-uuid' })],
        [anEvent({}, { id: anEvent().id.toUpperCase() })],
        [anEvent({}, { type: '' })],
        [anEvent({}, { schema: 0 })],
        [anEvent({}, { schema: 1.5 })],
        [anEvent('x'.repeat(1024 * 1024))],
      ];
      for (const batch of wrong) await expect(log.append('matter-a', 'no-stream', batch)).rejects.toThrow(TypeError);
      for (const stream of ['', 'nul\u0000', 'lone \ud800']) {
        await expect(log.append(stream, 'no-stream', events(1))).rejects.toThrow(TypeError);
      }
      expect(await log.head()).toBe(0n);
    });

    it('does not let one reader change what another reads', async () => {
      const log = await contract.log();
      const data = { amounts: [1, 2] };
      await log.append('matter-a', 'no-stream', [anEvent(data)]);
      data.amounts.push(3);
      const [first] = await Array.fromAsync(log.readAll());
      Reflect.set(Object(first?.data), 'amounts', 'changed');
      const [second] = await Array.fromAsync(log.readAll());
      expect(second?.data).toEqual({ amounts: [1, 2] });
    });

    it('never records backwards in time, whatever the clock does', async () => {
      const noon = Date.UTC(2025, 0, 19, 12);
      const clock = [noon, noon - 3_600_000, noon + 1, noon - 1, noon + 2.7];
      let tick = 0;
      const { log, reopen } = await contract.make({ now: () => clock[Math.min(tick++, clock.length - 1)] ?? noon });
      // The clock may also be read at opening; what counts is what the events say.
      tick = 0;
      const answers: string[] = [];
      for (let index = 0; index < clock.length; index += 1) {
        const { recordedAt } = await log.append(`matter-${index}`, 'no-stream', events(2));
        answers.push(recordedAt, recordedAt);
      }
      const times = ['12:00:00.000Z', '12:00:00.000Z', '12:00:00.001Z', '12:00:00.001Z', '12:00:00.002Z'];
      const expected = times.flatMap((time) => [`2025-01-19T${time}`, `2025-01-19T${time}`]);
      expect(answers).toEqual(expected);
      const read = await Array.fromAsync((reopen ? await reopen() : log).readAll());
      expect(read.map(({ recordedAt }) => recordedAt)).toEqual(expected);
    });
  });
}
