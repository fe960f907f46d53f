import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { deadlinesOf, type Entry, heldBy, liveEntries, nextTurn, statusAt } from '#libs/matter';
import { establishes, given, enacted, forbears, restrains, ruled, ordered } from '../support/matter.ts';
import { histories, LENGTH, matter } from '../support/histories.ts';

const runs = { numRuns: Number(process.env['INFORCE_TEST_RUNS'] ?? 200) };
const START = Date.parse('2023-12-25T00:00:00Z');
const HOUR = 3_600_000;

const iso = (ms: number): string => new Date(ms).toISOString();

/** Everything an alert could tell, without the day-to-day reach of a limitation period. */
function told(entries: readonly Entry[], ms: number): unknown {
  const { headline, provisions } = statusAt(matter, entries, { at: iso(ms) });
  const rows = provisions.map(({ exposedSince: _exposedSince, ...row }) => row);
  return { headline, rows, deadlines: deadlinesOf(matter, entries, { at: iso(ms) }) };
}

it('never changes an answer before the next turn', () => {
  const moment = fc.integer({ min: 0, max: (LENGTH + 20) * 24 }).map((hours) => START + hours * HOUR);
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(histories, moment, part, ({ record }, now, between) => {
      const entries = liveEntries(record);
      const turn = nextTurn(matter, entries, iso(now)) ?? now + 400 * 24 * HOUR;
      expect(turn).toBeGreaterThan(now);
      const before = told(entries, now);
      expect(told(entries, turn - 1)).toEqual(before);
      expect(told(entries, now + Math.floor((turn - 1 - now) * between))).toEqual(before);
    }),
    runs,
  );
});

it('turns at the start and after the end of a day in the zone of the matter, and at an hour that an act names', () => {
  const saga = given(
    enacted('law', '2024-01-01', [establishes('duty')]),
    ordered('pause', '2024-02-01', [
      forbears('calm', { enforcers: ['doj'], until: { instant: '2024-07-01T17:00:00-04:00' } }),
    ]),
  );
  const { record } = saga;
  if (!record) throw new Error('nothing was recorded');
  const turn = (at: string): string => iso(nextTurn(record.matter, liveEntries(record), at) ?? 0);
  expect(turn('2024-01-31T12:00:00-05:00')).toBe('2024-02-01T05:00:00.000Z');
  expect(turn('2024-02-01T00:00:00-05:00')).toBe('2024-02-02T05:00:00.000Z');
  expect(turn('2024-07-01T16:59:59-04:00')).toBe('2024-07-01T21:00:00.000Z');
  expect(nextTurn(record.matter, liveEntries(record), '2024-07-01T21:00:00Z')).toBeNull();
});

it('says whom the end of a restraint concerns, also of one that restrains another', () => {
  const saga = given(
    enacted('law', '2024-01-01', [establishes('duty')]),
    ruled('injunction', '2024-02-01', [restrains('bar', { protects: ['acme'] })]),
    ruled('stay', '2024-03-01', [restrains('stay-of-bar', { of: ['bar'], form: 'stay', until: '2024-05-01' })]),
  );
  const { record } = saga;
  if (!record) throw new Error('nothing was recorded');
  const held = (restraint: string) => heldBy(record.matter, liveEntries(record), { at: '2024-04-01', restraint });
  expect(held('bar')).toEqual([{ provision: 'duty', parties: ['acme'] }]);
  expect(held('stay-of-bar')).toEqual([{ provision: 'duty', parties: ['acme'] }]);
  expect(held('unheard-of')).toEqual([]);
});
