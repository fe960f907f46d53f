import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  civilDate,
  count,
  DAY,
  dateInZone,
  dayNumber,
  dayOf,
  epochMs,
  instantOf,
  isCivilDate,
  isInstant,
  isRulePack,
  momentOf,
  type RulePackId,
  versions,
  weekday,
} from '#libs/calendar';

const PACKS = Object.keys(versions.rules).filter(isRulePack);

const anyDay = fc.integer({ min: dayNumber('0001-01-01'), max: dayNumber('9999-12-31') });
/** Years with calendars, without, and on either side of each border. */
const legalDay = fc.oneof(
  fc.integer({ min: dayNumber('1965-01-01'), max: dayNumber('2060-12-31') }),
  fc.integer({ min: dayNumber('2022-11-01'), max: dayNumber('2027-02-28') }),
);
const zone = fc.constantFrom(
  'UTC',
  'America/New_York',
  'Europe/London',
  'America/Sao_Paulo',
  'Asia/Beirut',
  'Pacific/Apia',
  'Pacific/Kwajalein',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Africa/Casablanca',
  'America/Juneau',
  'Asia/Manila',
);
const instantMs = fc.oneof(
  fc.integer({ min: Date.parse('1830-01-01T00:00:00Z'), max: Date.parse('2100-01-01T00:00:00Z') }),
  fc.integer({ min: Date.parse('1960-01-01T00:00:00Z'), max: Date.parse('2030-01-01T00:00:00Z') }),
);
const pack = fc.constantFrom<RulePackId>(...PACKS);
const direction = fc.constantFrom<'after' | 'before'>('after', 'before');
const period = fc.oneof(
  fc.integer({ min: 1, max: 400 }).map((n) => `P${n}D`),
  fc.integer({ min: 1, max: 12 }).map((n) => `P${n}D`),
  fc.integer({ min: 1, max: 60 }).map((n) => `P${n}W`),
  fc.integer({ min: 1, max: 40 }).map((n) => `P${n}M`),
  fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 40 })).map(([m, d]) => `P${m}M${d}D`),
  fc.integer({ min: 1, max: 12 }).map((n) => `P${n}Y`),
);
const calendar = fc.constantFrom('eu.institutions', 'FR', 'SE', 'GR');

const utc = (ms: number): string => new Date(ms).toISOString();

describe('civil dates', () => {
  it('and day numbers are inverse', () =>
    fc.assert(fc.property(anyDay, (day) => isCivilDate(civilDate(day)) && dayNumber(civilDate(day)) === day)));

  it('agree with Temporal', () =>
    fc.assert(
      fc.property(anyDay, (day) => {
        const date = Temporal.PlainDate.from('1970-01-01').add({ days: day });
        expect([civilDate(day), weekday(civilDate(day))]).toEqual([date.toString(), date.dayOfWeek]);
      }),
    ));

  it('are ordered like their day numbers', () =>
    fc.assert(fc.property(anyDay, anyDay, (a, b) => a < b === civilDate(a) < civilDate(b))));
});

describe('moments', () => {
  it('are ordered like instants, across every clock change', () =>
    fc.assert(
      fc.property(zone, instantMs, fc.integer({ min: 1, max: 3 * 86_400_000 }), (timeZone, ms, later) => {
        expect(momentOf(utc(ms), timeZone)).toBeLessThan(momentOf(utc(ms + later), timeZone));
      }),
    ));

  it('give their instants back', () =>
    fc.assert(
      fc.property(zone, instantMs, (timeZone, ms) => {
        const text = instantOf(momentOf(utc(ms), timeZone), timeZone);
        expect(isInstant(text)).toBe(true);
        expect(epochMs(text)).toBe(ms);
      }),
    ));

  it('stay inside their day', () =>
    fc.assert(
      fc.property(zone, instantMs, (timeZone, ms) => {
        const moment = momentOf(utc(ms), timeZone);
        expect(dayOf(moment)).toBe(dateInZone(ms, timeZone));
        expect(moment % DAY).toBeLessThan(49 * 3_600_000);
      }),
    ));

  it('agree with Temporal on the day and the offset, save where days would interleave', () =>
    fc.assert(
      fc.property(
        zone.filter((id) => id !== 'America/St_Johns'),
        fc.integer({ min: Date.parse('1900-01-01T00:00:00Z'), max: Date.parse('2040-01-01T00:00:00Z') }),
        (timeZone, ms) => {
          const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
          expect(dateInZone(ms, timeZone)).toBe(local.toPlainDate().toString());
          fc.pre(local.offsetNanoseconds % 60e9 === 0);
          expect(instantOf(momentOf(utc(ms), timeZone), timeZone).slice(-6)).toBe(local.offset);
        },
      ),
    ));
});

describe('a due date', () => {
  const timeZone = 'Europe/Brussels';

  it('never comes earlier when the trigger comes later', () =>
    fc.assert(
      fc.property(
        pack,
        direction,
        period,
        calendar,
        legalDay,
        fc.integer({ min: 1, max: 12 }),
        (rule, way, length, of, day, later) => {
          const counting = { rule, period: length, direction: way, timeZone, calendar: of } as const;
          const first = count({ ...counting, trigger: civilDate(day) }).due;
          expect(first <= count({ ...counting, trigger: civilDate(day + later) }).due).toBe(true);
        },
      ),
      { numRuns: 2000 },
    ));

  it('never comes nearer when the period is longer, save before 2009', () =>
    fc.assert(
      fc.property(
        pack.filter((rule) => rule !== 'us.frcp6@pre-2009'),
        direction,
        calendar,
        legalDay,
        fc.integer({ min: 1, max: 60 }),
        (rule, way, of, day, days) => {
          const counting = { rule, direction: way, timeZone, calendar: of, trigger: civilDate(day) } as const;
          const shorter = count({ ...counting, period: `P${days}D` }).due;
          const longer = count({ ...counting, period: `P${days + 1}D` }).due;
          expect(way === 'after' ? shorter <= longer : shorter >= longer).toBe(true);
        },
      ),
      { numRuns: 2000 },
    ));

  it('lies strictly on its side of the trigger', () =>
    fc.assert(
      fc.property(pack, direction, period, legalDay, (rule, way, length, day) => {
        const trigger = civilDate(day);
        const { due } = count({ rule, period: length, direction: way, timeZone, trigger });
        expect(way === 'after' ? due > trigger : due < trigger).toBe(true);
      }),
    ));

  it('never comes earlier when an event comes later, in hours too', () =>
    fc.assert(
      fc.property(
        pack,
        zone,
        fc.integer({ min: 1, max: 200 }),
        instantMs,
        fc.integer({ min: 1, max: 2e8 }),
        (rule, where, hours, ms, later) => {
          const counting = { rule, period: `PT${hours}H`, direction: 'after', timeZone: where } as const;
          const first = count({ ...counting, trigger: utc(ms) }).due;
          expect(first <= count({ ...counting, trigger: utc(ms + later) }).due).toBe(true);
        },
      ),
    ));

  it('in hours lies strictly on its side of the event', () =>
    fc.assert(
      fc.property(pack, direction, zone, fc.integer({ min: 1, max: 200 }), instantMs, (rule, way, where, hours, ms) => {
        const counted = count({ rule, period: `PT${hours}H`, direction: way, timeZone: where, trigger: utc(ms) });
        const end = epochMs(counted.instant ?? '');
        expect(way === 'after' ? end > ms : end < ms).toBe(true);
      }),
    ));

  it('is certain whenever nothing was missing, and warned of whenever something was', () =>
    fc.assert(
      fc.property(pack, direction, period, legalDay, (rule, way, length, day) => {
        const { estimated, warnings } = count({
          rule,
          period: length,
          direction: way,
          timeZone,
          trigger: civilDate(day),
        });
        expect(estimated).toBe(warnings.some((warning) => warning.startsWith('No holiday calendar')));
      }),
    ));
});
