import { type Effect, type Entry } from '#libs/matter';
import {
  aMatter,
  classOf,
  commences,
  determines,
  enacted,
  ends,
  enforcer,
  establishes,
  failed,
  forbears,
  given,
  introduced,
  issued,
  lifts,
  noticed,
  ordered,
  party,
  passed,
  postpones,
  proposed,
  published,
  reinstates,
  reported,
  restrains,
  ruled,
  Saga,
} from '../support/matter.ts';

const law = enacted('law', '2023-06-01', [establishes('duty')]);
const bill = { instrument: { id: 'bill' } };
const contingent = { contingent: 'a day to be appointed', condition: 'appointed' };
const appeals = { author: { name: 'Court of Appeals' } };
const byDoj = { author: { name: 'doj' } };
const pause = (id: string, effects: Effect[], on = '2023-07-01'): Entry => ordered(id, on, effects);
const repeal = (provision: string, on: string): Entry => enacted(`end-${provision}`, on, [ends(provision, 'repealed')]);
const draft = (id: string, on: string, provision: string): Entry =>
  introduced(id, on, [establishes(provision, { force: { contingent: 'enactment' } })]);

const empowered = (to: string): Saga =>
  given(
    law,
    enacted('later', '2023-06-15', [commences('duty', to, { axis: 'enforcement', enforcers: ['sec'] })]),
    ruled('inj', '2023-07-01', [restrains('i', { enforcers: ['doj'] })]),
  );

describe('the life of a bill', () => {
  const saga = given(
    reported('rumour', '2022-12-01'),
    introduced(
      'intro',
      '2023-01-01',
      [establishes('duty', { force: { period: 'P1Y', after: { instrument: 'bill' }, rule: 'us.plain' } })],
      bill,
    ),
    passed('house', '2023-02-01', [], bill),
    enacted('signed', '2023-03-01', [], bill),
  );

  it.each([
    ['2022-12-31', 'no-record'],
    ['2023-01-01', 'not-law-yet'],
    ['2023-02-01', 'not-law-yet'],
    ['2023-03-01', 'enacted-not-in-force'],
    ['2024-03-01', 'in-force-and-enforceable'],
  ])('on %s is %s', (at, code) => expect(saga.code(at)).toBe(code));

  it('moves the instrument axis', () => {
    const states = ['2023-01-01', '2023-02-01', '2023-03-01'].map((at) => saga.row(at).instrument.state);
    expect(states).toEqual(['proposed', 'passed-chamber', 'enacted']);
  });

  it.each([
    ['failed', 'failed'],
    ['vetoed', 'failed'],
    ['lapsed', 'failed'],
    ['withdrawn', 'withdrawn'],
  ] as const)('that is %s ends as %s: abandoned', (outcome, state) => {
    const lost = given(
      draft('intro', '2023-01-01', 'duty'),
      failed('end', '2023-05-01', [], { outcome, instrument: { id: 'intro' } }),
    );
    expect(lost.row('2023-06-01')).toMatchObject({ instrument: { state }, headline: { code: 'abandoned' } });
    expect(lost.code('2023-06-01')).toBe('abandoned');
  });

  it('is not law by a date that arrives', () => {
    const dated = given(introduced('intro', '2023-01-01', [establishes('duty', { force: '2023-06-01' })]));
    expect(dated.row('2023-07-01')).toMatchObject({
      force: { state: 'not-yet' },
      headline: { code: 'not-law-yet' },
      enforcement: [{ state: 'not-yet-possible' }, {}],
    });
  });

  it('that becomes law by publication is adopted-not-published between', () => {
    const regulation = { instrument: { id: 'reg', bindsOn: 'publication' as const } };
    const eu = given(
      enacted('adopted', '2023-01-10', [establishes('duty', { force: '2023-01-01' })], regulation),
      published('oj', '2023-02-01', [], regulation),
    );
    expect(eu.row('2023-01-15')).toMatchObject({
      instrument: { state: 'adopted-not-published' },
      headline: { code: 'not-law-yet' },
    });
    expect(eu.row('2023-02-01')).toMatchObject({
      instrument: { state: 'enacted' },
      headline: { code: 'in-force-and-enforceable' },
    });
  });

  it('of an agency is a proposed rule', () => {
    const rule = given(
      proposed('nprm', '2023-01-01', [establishes('duty', { force: { contingent: 'the final rule' } })]),
    );
    expect(rule.row('2023-02-01')).toMatchObject({
      instrument: { state: 'proposed' },
      headline: { code: 'not-law-yet' },
    });
  });
});

describe('an end', () => {
  it.each(['repealed', 'expired', 'superseded', 'vacated', 'invalid', 'revoked', 'withdrawn', 'lapsed'] as const)(
    'is said as %s',
    (how) => {
      expect(given(law, enacted('end', '2024-02-01', [ends('duty', how)])).code('2024-02-01')).toBe(how);
    },
  );

  it('comes before everything else', () => {
    const saga = given(
      law,
      ruled('inj', '2024-01-15', [restrains('i')]),
      enacted('exempt', '2024-01-20', [determines('firms', 'exempt')]),
      repeal('duty', '2024-02-01'),
    );
    expect(saga.code('2024-01-31')).toBe('does-not-apply');
    expect(saga.code('2024-02-01')).toBe('repealed');
  });
});

describe('a start still ahead', () => {
  it('says the first of force, operation, applicability that is ahead', () => {
    const saga = given(
      enacted('act', '2023-01-01', [
        establishes('duty', { force: '2023-03-01', applies: '2023-09-01' }),
        commences('duty', '2023-06-01', { axis: 'operation' }),
      ]),
    );
    expect(saga.row('2023-02-01').headline).toMatchObject({ code: 'enacted-not-in-force', on: '2023-03-01' });
    expect(saga.row('2023-04-01').headline).toMatchObject({ code: 'applies-from', on: '2023-06-01' });
    expect(saga.row('2023-07-01').headline).toMatchObject({ code: 'applies-from', on: '2023-09-01' });
    expect(saga.row('2023-09-01').headline.code).toBe('in-force-and-enforceable');
  });

  it('is delayed when the act that set the present start postponed it', () => {
    const delayed = given(law, enacted('delay', '2023-07-01', [postpones('duty', '2025-01-01')]));
    expect(delayed.row('2023-08-01').headline).toMatchObject({ code: 'delayed', on: '2025-01-01' });
    const unknown = given(law, enacted('delay', '2023-07-01', [postpones('duty', contingent)]));
    expect(unknown.row('2024-08-01').headline).toMatchObject({
      code: 'delayed',
      on: null,
      contingent: 'a day to be appointed',
    });
  });

  it.each([
    ['stay', 'stayed'],
    ['injunction', 'blocked-by-court'],
  ] as const)('with a live %s that will still stand says %s, with its until', (form, code) => {
    const saga = given(law, ruled('bar', '2023-07-01', [restrains('b', { form, until: '2024-02-29' })]));
    expect(saga.row('2023-08-01').headline).toMatchObject({ code, until: '2024-02-29' });
    expect(saga.row('2023-08-01').enforcement[0]?.state).toBe('not-yet-possible');
  });

  it('with live promises by every enforcer that will still stand is paused', () => {
    const saga = given(
      law,
      noticed('doj', '2023-07-01', [forbears('f', { until: '2024-03-31' })], byDoj),
      noticed('sec', '2023-07-01', [forbears('g', { until: '2024-02-29' })]),
    );
    expect(saga.row('2023-08-01').headline).toMatchObject({ code: 'enforcement-paused', until: '2024-02-29' });
  });

  it('with a bar that leaves one enforcer free says the start', () => {
    const saga = given(law, ruled('inj', '2023-07-01', [restrains('i', { enforcers: ['doj'] })]));
    expect(saga.row('2023-08-01').headline.code).toBe('enacted-not-in-force');
    expect(saga.code('2023-08-01', { enforcer: 'doj' })).toBe('blocked-by-court');
  });

  it('with a bar that ends before it, by its until or by a scheduled lift, says the start', () => {
    const ending = given(law, ruled('inj', '2023-07-01', [restrains('i', { until: '2023-12-31' })]));
    expect(ending.row('2023-08-01').headline.code).toBe('enacted-not-in-force');
    const lifted = given(
      law,
      ruled('inj', '2023-07-01', [restrains('i')]),
      ruled('l', '2023-07-15', [lifts('i', '2023-12-01')]),
    );
    expect(lifted.row('2023-07-10').headline.code).toBe('blocked-by-court');
    expect(lifted.row('2023-07-15').headline.code).toBe('enacted-not-in-force');
  });

  it('with a bar that ends on the very day still says the bar', () => {
    const saga = given(law, ruled('inj', '2023-07-01', [restrains('i', { until: '2024-01-01' })]));
    expect(saga.row('2023-08-01').headline).toMatchObject({ code: 'blocked-by-court', until: '2024-01-01' });
    expect(saga.row('2024-01-02').headline.code).toBe('in-force-and-enforceable');
  });

  it('with a bar that is only scheduled says the start', () => {
    const saga = given(law, ruled('inj', '2023-07-01', [restrains('i', { from: '2023-10-01' })]));
    expect(saga.row('2023-08-01').headline.code).toBe('enacted-not-in-force');
    expect(saga.row('2023-10-01').headline.code).toBe('blocked-by-court');
  });

  it('on an unknown day gives way only to a bar without an end', () => {
    const waits = enacted('act', '2023-06-01', [establishes('duty', { force: contingent })]);
    const saga = (until?: string) =>
      given(waits, ruled('stay', '2023-07-01', [restrains('s', { form: 'stay', ...(until ? { until } : {}) })]));
    expect(saga().row('2023-08-01').headline.code).toBe('stayed');
    expect(saga('2040-01-01').row('2023-08-01').headline).toMatchObject({ code: 'enacted-not-in-force', on: null });
  });

  it('counts an enforcer that is not yet empowered that day neither as free nor as barred', () => {
    expect(empowered('2024-06-01').row('2023-08-01').headline.code).toBe('blocked-by-court');
    expect(empowered('2023-12-01').row('2023-08-01').headline.code).toBe('enacted-not-in-force');
  });

  it('with no enforcers at all says the start unless the provision is stayed', () => {
    const quiet = enacted('act', '2023-06-01', [establishes('duty', { enforcers: [] })]);
    expect(given(quiet, ruled('inj', '2023-07-01', [restrains('i')])).row('2023-08-01').headline.code).toBe(
      'enacted-not-in-force',
    );
    expect(
      given(quiet, ruled('s', '2023-07-01', [restrains('s', { form: 'stay' })])).row('2023-08-01').headline.code,
    ).toBe('stayed');
  });
});

describe('everything begun', () => {
  it('no enforcers is in-force; all active, enforceable too', () => {
    expect(given(enacted('act', '2023-06-01', [establishes('duty', { enforcers: [] })])).code('2024-02-01')).toBe(
      'in-force',
    );
    expect(given(law).code('2024-02-01')).toBe('in-force-and-enforceable');
  });

  it('a stay comes before what enforcers may do', () => {
    const saga = given(
      law,
      ruled('inj', '2024-01-15', [restrains('i')]),
      ruled('s', '2024-02-01', [restrains('s', { form: 'stay', until: '2024-03-31' })], appeals),
    );
    expect(saga.row('2024-02-15').headline).toMatchObject({ code: 'stayed', until: '2024-03-31' });
    expect(saga.row('2024-02-15').enforcement[0]).toMatchObject({ state: 'restrained', until: null });
  });

  it('any held by a court speaks for all that are not free', () => {
    const saga = given(
      law,
      ruled('inj', '2024-01-15', [restrains('i', { enforcers: ['sec'], until: '2024-12-31' })]),
      pause('eo', [forbears('f', { enforcers: ['doj'], until: '2024-06-30' })], '2024-01-20'),
    );
    expect(saga.row('2024-02-15').headline).toMatchObject({ code: 'blocked-by-court', until: '2024-12-31' });
  });

  it('the earliest until of the enforcers in the state shown, open ends last', () => {
    const saga = given(
      law,
      ruled('a', '2024-01-15', [restrains('i', { enforcers: ['sec'] })]),
      ruled('b', '2024-01-16', [restrains('j', { enforcers: ['doj'], until: '2024-06-30' })]),
    );
    expect(saga.row('2024-02-15').headline).toMatchObject({ code: 'blocked-by-court', until: '2024-06-30' });
  });

  it('an enforcer without power yet, and nobody held, is not-yet-enforceable', () => {
    const saga = given(law, enacted('later', '2023-07-01', [commences('duty', '2025-01-01', { axis: 'enforcement' })]));
    expect(saga.row('2024-02-01').headline.code).toBe('not-yet-enforceable');
    expect(saga.code('2025-01-01')).toBe('in-force-and-enforceable');
  });
});

describe('until', () => {
  it('is the last day of unbroken cover by overlapping restraints, also one that begins before the cover breaks', () => {
    const saga = given(
      law,
      ruled('a', '2024-01-15', [restrains('i', { until: '2024-02-29' })]),
      ruled('b', '2024-01-20', [restrains('j', { from: '2024-02-20', until: '2024-04-30' })]),
      ruled('c', '2024-01-25', [restrains('k', { from: '2024-05-02', until: '2024-12-31' })]),
    );
    expect(saga.row('2024-02-01').headline.until).toBe('2024-04-30');
  });

  it('counts one that begins on the morrow as unbroken', () => {
    const saga = given(
      law,
      ruled('a', '2024-01-15', [restrains('i', { until: '2024-02-29' })]),
      ruled('b', '2024-01-20', [restrains('j', { from: '2024-03-01', until: '2024-04-30' })]),
    );
    expect(saga.row('2024-02-01').headline.until).toBe('2024-04-30');
  });

  it('of a court’s order is not carried on by a promise', () => {
    const saga = given(
      law,
      ruled('a', '2024-01-15', [restrains('i', { enforcers: ['doj'], until: '2024-02-29' })]),
      pause('eo', [forbears('f', { enforcers: ['doj'], until: '2024-12-31' })], '2024-01-20'),
    );
    expect(saga.row('2024-02-01').enforcement[0]).toMatchObject({ state: 'restrained', until: '2024-02-29' });
    expect(saga.row('2024-03-01').enforcement[0]).toMatchObject({ state: 'forborne', until: '2024-12-31' });
  });

  it('is broken by a scheduled stay of the restraint', () => {
    const saga = given(
      law,
      ruled('a', '2024-01-15', [restrains('i')]),
      ruled('s', '2024-01-20', [restrains('s', { form: 'stay', of: ['i'], from: '2024-03-01' })], appeals),
    );
    expect(saga.row('2024-02-01').headline.until).toBe('2024-02-29');
  });

  it('is null for an open end, with the words of its contingency', () => {
    const saga = given(law, ruled('a', '2024-01-15', [restrains('i', { until: { contingent: 'final judgment' } })]));
    expect(saga.row('2024-02-01').headline).toMatchObject({ until: null, contingent: 'final judgment' });
  });
});

describe('asked for one enforcer', () => {
  it('only that one exists, and provisions without it are left out', () => {
    const saga = given(
      enacted('act', '2023-06-01', [
        establishes('duty'),
        establishes('soft', { enforcers: [] }),
        establishes('more', { enforcers: ['sec'] }),
      ]),
      ruled('inj', '2024-01-15', [restrains('i', { enforcers: ['doj'] })]),
    );
    const answer = saga.asked('2024-02-01', { enforcer: 'doj' });
    expect(answer.provisions.map(({ provision }) => provision)).toEqual(['duty']);
    expect(answer.provisions[0]?.enforcement.map((each) => each.enforcer)).toEqual(['doj']);
    expect(answer.headline.code).toBe('blocked-by-court');
    expect(saga.code('2024-02-01', { enforcer: 'sec' })).toBe('in-force-and-enforceable');
  });
});

describe('the roll-up', () => {
  const act = enacted('act', '2023-06-01', [establishes('duty'), establishes('more')]);

  it('of several provisions with one code gives that code and the earliest until', () => {
    const saga = given(
      act,
      ruled('a', '2024-01-15', [
        restrains('i', { until: '2024-06-30' }),
        restrains('j', { provisions: ['more'], until: '2024-03-31' }),
      ]),
    );
    expect(saga.asked('2024-02-01').headline).toMatchObject({ code: 'blocked-by-court', until: '2024-03-31' });
  });

  it('of several codes is partly', () => {
    expect(given(act, ruled('a', '2024-01-15', [restrains('i')])).code('2024-02-01')).toBe('partly');
  });

  it('leaves out what is not principal', () => {
    const saga = given(
      enacted('act', '2023-06-01', [
        establishes('duty'),
        establishes('side', { principal: false, force: '2030-01-01' }),
      ]),
    );
    expect(saga.code('2024-02-01')).toBe('in-force-and-enforceable');
    expect(saga.asked('2024-02-01').provisions).toHaveLength(2);
  });

  it('takes law in being before bills, and bills before what is over', () => {
    const bills = given(
      draft('b', '2023-01-01', 'draft'),
      draft('lost', '2023-01-02', 'lost'),
      failed('f', '2023-02-01', [], { instrument: { id: 'lost' } }),
    );
    expect(bills.code('2023-03-01')).toBe('not-law-yet');
    const enactedToo = bills.given(law);
    expect(enactedToo.code('2024-02-01')).toBe('in-force-and-enforceable');
    const over = enactedToo.given(repeal('duty', '2024-06-01'));
    expect(over.code('2024-06-02')).toBe('not-law-yet');
  });

  it('counts a superseded law as law in being until it ends', () => {
    const saga = given(
      law,
      enacted('law-2', '2023-07-01', [{ kind: 'replaces', instrument: 'law', by: 'law-2' }]),
      draft('b', '2023-08-01', 'draft'),
    );
    expect(saga.code('2024-02-01')).toBe('in-force-and-enforceable');
  });

  it('of what is over lets the last to end speak', () => {
    const saga = given(
      act,
      draft('lost', '2023-01-02', 'lost'),
      repeal('duty', '2024-02-01'),
      issued('vacated', '2024-01-15', []),
      ruled('v', '2024-04-01', [ends('more', 'vacated')]),
    );
    const all = saga.given(failed('f', '2024-03-01', [], { instrument: { id: 'lost' } }));
    expect(all.code('2024-05-01')).toBe('vacated');
    const billLast = saga.given(failed('f', '2024-06-01', [], { instrument: { id: 'lost' } }));
    expect(billLast.code('2024-07-01')).toBe('abandoned');
  });

  it('counts only members that something addresses', () => {
    const one = given(enacted('act', '2023-06-01', [establishes('duty', { addressees: ['acme'] })]));
    expect(one.code('2024-02-01')).toBe('in-force-and-enforceable');
    expect(one.code('2024-02-01', { party: 'firms' })).toBe('in-force-and-enforceable');
    expect(one.code('2024-02-01', { party: 'bolt' })).toBe('does-not-apply');
    expect(one.code('2024-02-01', { party: 'doj' })).toBe('does-not-apply');
  });

  it('of members with different codes is partly, and with one code that code', () => {
    const saga = given(law, enacted('x', '2024-01-15', [determines('acme', 'exempt')]));
    expect(saga.code('2024-02-01')).toBe('partly');
    expect(
      saga.given(enacted('y', '2024-02-15', [determines('bolt', 'no-longer-meets-definition')])).code('2024-03-01'),
    ).toBe('does-not-apply');
  });

  it('without a principal provision is not-law-yet while an instrument is pending, else no-record', () => {
    const empty = Saga.of(aMatter());
    expect(empty.code('2024-01-01')).toBe('no-record');
    const pending = empty.given(introduced('b', '2023-01-01'));
    expect(pending.code('2022-12-31')).toBe('no-record');
    expect(pending.code('2023-01-01')).toBe('not-law-yet');
    expect(pending.given(failed('f', '2023-02-01', [], { instrument: { id: 'b' } })).code('2023-03-01')).toBe(
      'no-record',
    );
  });

  it('splits the table into groups of parties that share every axis', () => {
    const parties = [classOf('firms'), ...['a', 'b', 'c', 'd'].map((id) => party(id, 'firms')), enforcer('doj')];
    const saga = Saga.of(aMatter({ parties })).given(
      enacted('act', '2023-06-01', [establishes('duty', { enforcers: ['doj'] })]),
      ruled('inj', '2024-01-15', [restrains('i', { protects: ['a', 'c'] })]),
    );
    const groups = saga.asked('2024-02-01').provisions.map((row) => [row.headline.code, ...row.parties]);
    expect(groups).toEqual([
      ['blocked-by-court', 'a', 'c'],
      ['in-force-and-enforceable', 'b', 'd'],
    ]);
  });
});

describe('next', () => {
  it('lists every scheduled change with the code found by asking again', () => {
    const saga = given(
      enacted('act', '2023-06-01', [
        establishes('duty', { force: '2024-01-01', applies: '2024-03-01', until: '2024-12-31' }),
      ]),
      ruled('inj', '2023-07-01', [restrains('i', { from: '2024-05-01', until: '2024-06-30' })]),
    );
    const { next } = saga.asked('2023-08-01');
    expect(next.map(({ from, then }) => [from, then])).toEqual([
      ['2024-01-01', 'applies-from'],
      ['2024-03-01', 'in-force-and-enforceable'],
      ['2024-05-01', 'blocked-by-court'],
      ['2024-07-01', 'in-force-and-enforceable'],
      ['2025-01-01', 'expired'],
    ]);
    expect(next.map(({ on, what, subject }) => [on, what, subject])).toEqual([
      ['2024-01-01', 'force-begins', 'duty'],
      ['2024-03-01', 'applicability-begins', 'duty'],
      ['2024-05-01', 'restraint-begins', 'i'],
      ['2024-06-30', 'restraint-ends', 'i'],
      ['2024-12-31', 'provision-expires', 'duty'],
    ]);
    for (const { from, then } of next) expect(saga.code(from)).toBe(then);
  });

  it('leaves out what changes nothing, and what was overtaken', () => {
    const saga = given(
      law,
      ruled('inj', '2024-01-15', [restrains('i')]),
      ruled('l', '2024-01-20', [lifts('i', '2024-03-10')]),
      ruled('r', '2024-01-25', [reinstates('i')], appeals),
    );
    expect(saga.asked('2024-01-20').next).toHaveLength(1);
    expect(saga.asked('2024-01-25').next).toEqual([]);
  });

  it('is asked for the same party and enforcer', () => {
    const saga = given(
      law,
      ruled('inj', '2024-01-15', [restrains('i', { protects: ['acme'], enforcers: ['doj'], until: '2024-06-30' })]),
    );
    expect(saga.asked('2024-02-01', { party: 'bolt' }).next).toEqual([]);
    expect(saga.asked('2024-02-01', { enforcer: 'sec' }).next).toEqual([]);
    expect(saga.asked('2024-02-01', { party: 'acme', enforcer: 'doj' }).next).toMatchObject([
      { from: '2024-07-01', then: 'in-force-and-enforceable' },
    ]);
  });
});

describe('because', () => {
  it('names what made a restraint and what set its present until', () => {
    const saga = given(
      law,
      pause('eo', [forbears('f', { enforcers: ['doj'], until: '2024-03-31' })], '2024-01-15'),
      ordered('eo-2', '2024-02-15', [{ kind: 'extends', restraint: 'f', until: '2024-06-30' }]),
      ordered('eo-3', '2024-04-15', [{ kind: 'extends', restraint: 'f', until: '2024-09-30' }]),
    );
    expect(saga.because('2024-03-01')).toEqual(expect.arrayContaining(['law', 'eo', 'eo-2']));
    expect(saga.because('2024-03-01')).not.toContain('eo-3');
    expect(saga.because('2024-05-01')).toEqual(expect.arrayContaining(['law', 'eo', 'eo-3']));
  });

  it('cites the instrument and the official address', () => {
    const cited = enacted('law', '2023-06-01', [establishes('duty')], {
      instrument: { id: 'law', citation: '1 Stat. 1' },
      sources: [
        { title: 'News', publisher: 'Paper', url: 'https://paper.example', evidence: 'press' },
        { title: 'The law', publisher: 'Gazette', url: 'https://gazette.example', evidence: 'official' },
      ],
    });
    expect(given(cited).asked('2024-02-01').because[0]).toMatchObject({
      entry: 'law',
      provision: 'duty',
      citation: '1 Stat. 1',
      url: 'https://gazette.example',
    });
  });
});
