import type { RulePackId } from '#libs/calendar';
import { type Basis, type Entry, type Trigger } from '#libs/matter';
import {
  acted,
  aMatter,
  aSource,
  commences,
  enacted,
  ends,
  establishes,
  given,
  issued,
  lifts,
  passed,
  published,
  reinstates,
  restrains,
  ruled,
  Saga,
  satisfies,
  setsDeadline,
} from '../support/matter.ts';

const law = enacted('law', '2023-06-01', [establishes('duty')]);
const starting = (force: Basis, ...more: Entry[]): Saga =>
  given(enacted('act', '2024-01-10', [establishes('duty', { force })]), ...more);
const barredUntil = (until: Basis, ...more: Entry[]): Saga =>
  given(law, ruled('inj', '2024-02-01', [restrains('i', { until })]), ...more);
const start = (saga: Saga, at: string) => saga.row(at).force.from;
const after = (trigger: Trigger, rule: RulePackId = 'us.plain', period = 'P30D'): Basis => ({
  period,
  after: trigger,
  rule,
});
const dueOf = (basis: Basis) =>
  given(law, ruled('x', '2024-02-01', [setsDeadline('d', basis)])).deadline('2024-02-02', 'd').due?.date;
const waiting = { contingent: 'the sale', condition: 'sale' };
const appointed = { contingent: 'a day to be appointed', condition: 'appointed' };

describe('a fixed basis', () => {
  it.each([['2024-03-01'], [{ date: '2024-03-01' }], [{ date: '2024-03-01', inclusive: 'no' as const }]])(
    '%j starts with the day',
    (basis) => {
      const saga = starting(basis);
      expect(saga.row('2024-02-29').force).toMatchObject({ state: 'not-yet', from: '2024-03-01' });
      expect(saga.row('2024-03-01T00:00:00-05:00').force.state).toBe('in-force');
    },
  );

  it.each([['2024-03-01T12:00:00-05:00'], [{ instant: '2024-03-01T17:00:00Z' }]])(
    '%j starts at that instant',
    (basis) => {
      const saga = starting(basis);
      expect(saga.row('2024-03-01T11:59:59-05:00').force.state).toBe('not-yet');
      expect(saga.row('2024-03-01T12:00:00-05:00').force.state).toBe('in-force');
      expect(saga.row('2024-02-29').force.from).toBe('2024-03-01');
      expect(saga.row('2024-03-01').force.state).toBe('in-force');
    },
  );
});

describe('an until', () => {
  it.each([
    ['yes', '2024-03-31', 'restrained'],
    ['unstated', '2024-03-31', 'restrained'],
    ['no', '2024-03-30', 'active'],
  ] as const)('inclusive %s prints %s and leaves its own day %s', (inclusive, until, state) => {
    const saga = barredUntil({ date: '2024-03-31', inclusive });
    expect(saga.row('2024-03-01').headline).toMatchObject({ code: 'blocked-by-court', until });
    expect(saga.enforcement('2024-03-31')['doj']).toBe(state);
    expect(saga.enforcement('2024-04-01')['doj']).toBe('active');
  });

  it('excluded says in `next` the date that the source names, and the first day of the new answer', () => {
    expect(barredUntil({ date: '2024-03-31', inclusive: 'no' }).asked('2024-03-01').next[0]).toMatchObject({
      on: '2024-03-31',
      from: '2024-03-31',
    });
    expect(barredUntil('2024-03-31').asked('2024-03-01').next[0]).toMatchObject({
      on: '2024-03-31',
      from: '2024-04-01',
    });
  });

  it('at an hour ends at that hour and prints that civil day', () => {
    const saga = barredUntil('2024-03-31T17:00:00-04:00');
    expect(saga.row('2024-03-01').headline.until).toBe('2024-03-31');
    expect(saga.enforcement('2024-03-31T16:59:59-04:00')['doj']).toBe('restrained');
    expect(saga.enforcement('2024-03-31T17:00:00-04:00')['doj']).toBe('active');
    expect(saga.enforcement('2024-03-31')['doj']).toBe('active');
    expect(saga.asked('2024-03-31T12:00:00-04:00').next[0]).toMatchObject({
      on: '2024-03-31',
      from: '2024-03-31',
      then: 'in-force-and-enforceable',
    });
  });

  it('at midnight prints the day before', () => {
    expect(barredUntil('2024-03-01T00:00:00-05:00').row('2024-02-02').headline.until).toBe('2024-02-29');
  });

  it('some hours after the start bars within one day, which no day’s answer shows', () => {
    const hours = { from: '2024-02-10T09:00:00-05:00', until: '2024-02-10T17:00:00-05:00' };
    const saga = given(law, ruled('inj', '2024-02-01', [restrains('i', hours)]));
    expect(saga.enforcement('2024-02-10T12:00:00-05:00')['doj']).toBe('restrained');
    expect(saga.enforcement('2024-02-10')['doj']).toBe('active');
    expect(saga.asked('2024-02-09').next).toEqual([]);
    expect(saga.asked('2024-02-10T12:00:00-05:00').next[0]).toMatchObject({
      from: '2024-02-10',
      then: 'in-force-and-enforceable',
    });
  });

  it('counted keeps its own word on inclusion', () => {
    const basis = { period: 'P14D', after: '2024-02-01', rule: 'us.plain' } as const;
    expect(barredUntil(basis).row('2024-02-02').headline.until).toBe('2024-02-15');
    expect(barredUntil({ ...basis, inclusive: 'no' }).row('2024-02-02').headline.until).toBe('2024-02-14');
  });
});

describe('a period', () => {
  it('after a date excludes the day itself', () =>
    expect(start(starting(after('2024-01-10')), '2024-01-11')).toBe('2024-02-09'));

  it('before a date counts back', () => {
    expect(start(starting({ period: 'P30D', before: '2024-12-31', rule: 'us.plain' }), '2024-01-11')).toBe(
      '2024-12-01',
    );
  });

  it('after an entry counts from its act, and only once that act is there', () => {
    const saga = given(
      acted('trigger', '2024-03-01'),
      enacted('act', '2024-01-10', [establishes('duty', { force: after({ entry: 'trigger' }) })]),
    );
    expect(start(saga, '2024-02-29')).toBeNull();
    expect(start(saga, '2024-03-01')).toBe('2024-03-31');
    expect(saga.because('2024-03-31')).toEqual(expect.arrayContaining(['act', 'trigger']));
  });

  it('after an instrument counts from its enactment', () => {
    expect(start(starting(after({ instrument: 'act' })), '2024-01-11')).toBe('2024-02-09');
  });

  it('after an instrument that is a bill waits for the enactment', () => {
    const bill = { instrument: { id: 'bill' } };
    const saga = given(
      passed('house', '2024-01-10', [establishes('duty', { force: after({ instrument: 'bill' }) })], bill),
      enacted('signed', '2024-03-01', [], bill),
    );
    expect(saga.row('2024-02-29')).toMatchObject({
      force: { state: 'not-yet', from: null },
      headline: { code: 'not-law-yet' },
    });
    expect(saga.row('2024-03-01')).toMatchObject({
      force: { state: 'not-yet', from: '2024-03-31' },
      headline: { code: 'enacted-not-in-force' },
    });
    expect(saga.row('2024-03-31').headline.code).toBe('in-force-and-enforceable');
    expect(saga.because('2024-03-31')).toEqual(expect.arrayContaining(['house', 'signed']));
  });

  it('counts from publication where the pack does, and from adoption where it does not', () => {
    const regulation = { instrument: { id: 'reg', bindsOn: 'publication' as const } };
    const saga = (rule: RulePackId) =>
      Saga.of(aMatter({ jurisdiction: 'EU', timeZone: 'Europe/Brussels' })).given(
        enacted(
          'adopted',
          '2024-01-10',
          [establishes('duty', { force: after({ instrument: 'reg' }, rule, 'P20D') })],
          regulation,
        ),
        published('oj', '2024-02-01', [], regulation),
      );
    expect(start(saga('eu.1182-71.dates'), '2024-02-01')).toBe('2024-02-21');
    expect(start(saga('eu.1182-71.dates'), '2024-01-31')).toBeNull();
    expect(start(saga('us.plain'), '2024-02-01')).toBe('2024-01-30');
  });

  it('in hours runs from the hour of the act', () => {
    const order = ruled(
      'tro',
      '2024-02-01',
      [restrains('i', { until: { period: 'PT72H', after: { entry: 'tro' }, rule: 'us.plain' } })],
      {
        occurredAt: '2024-02-01T15:00:00-05:00',
      },
    );
    const saga = given(law, order);
    expect(saga.enforcement('2024-02-01T14:59:00-05:00')['doj']).toBe('active');
    expect(saga.enforcement('2024-02-01T15:00:00-05:00')['doj']).toBe('restrained');
    expect(saga.enforcement('2024-02-04T14:59:59-05:00')['doj']).toBe('restrained');
    expect(saga.enforcement('2024-02-04T15:00:00-05:00')['doj']).toBe('active');
    expect(saga.row('2024-02-02').headline.until).toBe('2024-02-04');
  });

  it('rolls only where its pack does', () => {
    expect(dueOf(after('2024-05-02', 'us.plain'))).toBe('2024-06-01');
    expect(dueOf(after('2024-05-02', 'us.frcp6@2009'))).toBe('2024-06-03');
  });
});

describe('the earliest and the latest of several', () => {
  const dates = ['2024-05-01', { date: '2024-03-01' }] as const;

  it('are the first and the last', () => {
    expect(start(starting({ earliest: dates }), '2024-02-01')).toBe('2024-03-01');
    expect(start(starting({ latest: dates }), '2024-02-01')).toBe('2024-05-01');
  });

  it('with an unknown one: the first as far as is known, the last unknown', () => {
    expect(start(starting({ earliest: ['2024-05-01', waiting] }), '2024-02-01')).toBe('2024-05-01');
    expect(starting({ latest: ['2024-05-01', waiting] }).row('2024-02-01').force).toMatchObject({
      from: null,
      contingent: 'the sale',
    });
  });

  it('change once the unknown one is known', () => {
    const sold = acted('sold', '2024-04-01', [satisfies('sale')]);
    const first = starting({ earliest: ['2024-05-01', waiting] }, sold);
    expect(start(first, '2024-03-31')).toBe('2024-05-01');
    expect(start(first, '2024-04-01')).toBe('2024-04-01');
    expect(first.row('2024-04-01').force.state).toBe('in-force');
    expect(start(starting({ latest: ['2024-05-01', waiting] }, sold), '2024-04-01')).toBe('2024-05-01');
  });

  it('nest', () => {
    const nested = {
      latest: ['2024-02-01', { earliest: ['2024-06-01', { period: 'P60D', after: '2024-01-10', rule: 'us.plain' }] }],
    } as const;
    expect(start(starting(nested), '2024-01-11')).toBe('2024-03-10');
  });
});

describe('a contingent date', () => {
  it('is unknown until its condition is satisfied, from that act on', () => {
    const saga = starting(appointed, issued('order', '2024-03-01', [satisfies('appointed', '2024-06-01')]));
    expect(saga.row('2024-02-29')).toMatchObject({
      force: { state: 'not-yet', from: null, contingent: 'a day to be appointed' },
      headline: { code: 'enacted-not-in-force', on: null },
    });
    expect(saga.row('2024-03-01').force).toEqual({ state: 'not-yet', from: '2024-06-01' });
    expect(saga.asked('2024-03-01').next[0]).toMatchObject({ from: '2024-06-01' });
    expect(saga.row('2024-06-01').force.state).toBe('in-force');
  });

  it('without a condition stays unknown for ever', () =>
    expect(start(starting({ contingent: 'peace' }), '2090-01-01')).toBeNull());

  it('shows an estimate and never relies on it', () => {
    const saga = starting({ ...appointed, estimate: '2024-03-01' });
    expect(saga.row('2024-06-01')).toMatchObject({
      force: { state: 'not-yet', from: null, estimate: '2024-03-01' },
      headline: { on: null, estimate: '2024-03-01' },
    });
    expect(saga.asked('2024-02-01').next).toEqual([]);
  });

  it('satisfied twice takes the first act in legal order', () => {
    const saga = starting(
      appointed,
      issued('second', '2024-04-01', [satisfies('appointed', '2024-05-01')]),
      issued('first', '2024-03-01', [satisfies('appointed', '2024-06-01')]),
    );
    expect(start(saga, '2024-04-02')).toBe('2024-06-01');
  });

  it('has a long-stop that fires by the clock', () => {
    const saga = starting({ ...appointed, latest: '2024-06-01' });
    expect(saga.row('2024-05-31').force.state).toBe('not-yet');
    expect(saga.asked('2024-05-31').next[0]).toMatchObject({
      on: '2024-06-01',
      from: '2024-06-01',
      then: 'in-force-and-enforceable',
    });
    expect(saga.row('2024-06-01').force).toMatchObject({ state: 'in-force', from: '2024-06-01' });
  });

  it('once the long-stop has fired, it stands', () => {
    const late = starting(
      { ...appointed, latest: '2024-06-01' },
      issued('late', '2024-07-01', [satisfies('appointed', '2024-09-01')]),
    );
    expect(late.row('2024-07-02').force).toMatchObject({ state: 'in-force', from: '2024-06-01' });
    const back = starting(
      { ...appointed, latest: '2024-06-01' },
      issued('back', '2024-07-01', [satisfies('appointed', '2024-03-01')]),
    );
    expect(start(back, '2024-07-02')).toBe('2024-06-01');
  });

  it('satisfied in time for a day after the long-stop still stops at it', () => {
    const saga = starting(
      { ...appointed, latest: '2024-06-01' },
      issued('order', '2024-05-01', [satisfies('appointed', '2024-09-01')]),
    );
    expect(start(saga, '2024-05-02')).toBe('2024-06-01');
  });

  it('dates every basis that names the condition', () => {
    const saga = given(
      enacted('act', '2024-01-10', [
        establishes('duty', { force: appointed }),
        establishes('more', { force: appointed, until: { contingent: 'x', condition: 'sale' } }),
      ]),
      issued('order', '2024-03-01', [satisfies('appointed')]),
    );
    for (const provision of ['duty', 'more'])
      expect(saga.row('2024-03-01', { provision }).force.state).toBe('in-force');
  });

  it('as an until is open-ended, with its words', () => {
    const saga = barredUntil({ ...waiting, estimate: '2024-12-01' });
    expect(saga.row('2024-03-01').headline).toMatchObject({
      code: 'blocked-by-court',
      until: null,
      contingent: 'the sale',
      estimate: '2024-12-01',
    });
    const over = barredUntil(waiting, acted('sold', '2024-04-01', [satisfies('sale', '2024-04-10')]));
    expect(over.row('2024-04-01').headline).toMatchObject({ until: '2024-04-10' });
    expect(over.enforcement('2024-04-11')['doj']).toBe('active');
  });
});

describe('an act', () => {
  it('at an hour counts from that hour, and a day is answered as at its end', () => {
    const saga = given(law, ruled('inj', '2024-02-01', [restrains('i')], { occurredAt: '2024-02-01T15:00:00-05:00' }));
    expect(saga.enforcement('2024-02-01T14:59:59-05:00')['doj']).toBe('active');
    expect(saga.enforcement('2024-02-01T15:00:00-05:00')['doj']).toBe('restrained');
    expect(saga.enforcement('2024-02-01')['doj']).toBe('restrained');
  });

  it('within one day follows the hours, whatever the ids', () => {
    const saga = given(
      law,
      ruled('z', '2024-02-01', [restrains('i')], { occurredAt: '2024-02-01T09:00:00-05:00' }),
      ruled('y', '2024-02-01', [lifts('i')], { occurredAt: '2024-02-01T12:00:00-05:00' }),
      ruled('x', '2024-02-01', [reinstates('i')], { occurredAt: '2024-02-01T22:00:00-05:00' }),
    );
    const at = (hour: string) => saga.enforcement(`2024-02-01T${hour}:30:00-05:00`)['doj'];
    expect(['08', '09', '12', '22'].map(at)).toEqual(['active', 'restrained', 'active', 'restrained']);
  });

  it('without an hour stands at the start of its day, before those with one; `order` decides among equals', () => {
    const saga = given(
      law,
      ruled('b', '2024-02-01', [restrains('i')], { order: 0 }),
      ruled('a', '2024-02-01', [lifts('i')], { order: 1 }),
      ruled('0', '2024-02-01', [reinstates('i')], { order: -5, occurredAt: '2024-02-01T08:00:00-05:00' }),
    );
    expect(saga.enforcement('2024-02-01T07:00:00-05:00')['doj']).toBe('active');
    expect(saga.enforcement('2024-02-01')['doj']).toBe('restrained');
  });

  it('is dated in the matter’s zone', () => {
    const saga = Saga.of(aMatter({ timeZone: 'Asia/Tokyo' })).given(law);
    expect(saga.row('2023-12-31T14:59:59Z').force.state).toBe('not-yet');
    expect(saga.row('2023-12-31T15:00:00Z').force.state).toBe('in-force');
  });

  it('that reaches back changes earlier days, marked retroactive, and not as it stood then', () => {
    const saga = given(law, enacted('back', '2024-06-01', [establishes('old', { force: '2024-02-01' })]));
    expect(saga.row('2024-03-01', { provision: 'old' })).toMatchObject({
      force: { state: 'in-force', retroactive: true },
      headline: { code: 'in-force-and-enforceable' },
    });
    expect(
      saga.asked('2024-03-01', { publishedBy: '2024-05-31' }).provisions.map(({ provision }) => provision),
    ).toEqual(['duty']);
    expect(saga.asked('2024-01-31').provisions.map(({ provision }) => provision)).toEqual(['duty']);
  });

  it('that reaches back over the days when it was a bill makes it law on those days', () => {
    const bill = { instrument: { id: 'bill' } };
    const saga = given(
      passed('house', '2024-01-01', [], bill),
      enacted('signed', '2024-06-01', [establishes('duty', { force: '2024-03-01' })], bill),
    );
    expect(saga.row('2024-04-01')).toMatchObject({
      force: { retroactive: true },
      headline: { code: 'in-force-and-enforceable' },
    });
    expect(saga.code('2024-04-01', { publishedBy: '2024-05-31' })).toBe('not-law-yet');
  });

  it('lists its effects in any order: what it establishes is there for the others', () => {
    const saga = given(enacted('act', '2023-06-01', [commences('duty', '2024-05-01'), establishes('duty')]));
    expect(saga.row('2023-07-01').force.from).toBe('2024-05-01');
  });

  it('that is ahead with all it says changes nothing yet', () => {
    const without = given(law).asked('2024-02-01');
    const withIt = given(
      law,
      ruled('later', '2024-03-01', [
        restrains('i', { from: '2024-04-01' }),
        ends('duty', 'vacated', { on: '2024-05-01' }),
      ]),
    ).asked('2024-02-01');
    expect(withIt).toEqual(without);
  });
});

describe('public time', () => {
  it('is the earliest publication of the sources, else the act', () => {
    const sources = [aSource({ publishedOn: '2024-02-20' }), aSource({ publishedOn: '2024-02-10' }), aSource()];
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')], { sources }),
      ruled('quiet', '2024-03-01', [lifts('i')], { sources: [aSource()] }),
    );
    expect(saga.enforcement('2024-02-15', { publishedBy: '2024-02-09' })['doj']).toBe('active');
    expect(saga.enforcement('2024-02-15', { publishedBy: '2024-02-10' })['doj']).toBe('restrained');
    expect(saga.enforcement('2024-03-15', { publishedBy: '2024-02-29' })['doj']).toBe('restrained');
    expect(saga.enforcement('2024-03-15', { publishedBy: '2024-03-01' })['doj']).toBe('active');
  });
});
