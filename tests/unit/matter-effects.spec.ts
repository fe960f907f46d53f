import { type Effect, type Entry } from '#libs/matter';
import {
  acted,
  aMatter,
  aSource,
  classOf,
  commences,
  determines,
  enacted,
  ends,
  establishes,
  extendsTo,
  filed,
  forbears,
  given,
  issued,
  lifts,
  liftsEnding,
  noticed,
  ordered,
  party,
  postpones,
  reinstates,
  restrains,
  ruled,
  Saga,
} from '../support/matter.ts';

const law = enacted('law', '2023-06-01', [establishes('duty')]);
const free = { doj: 'active', sec: 'active' };
const barred = { doj: 'restrained', sec: 'restrained' };
const appeals = { author: { name: 'Court of Appeals' } };
const supreme = { author: { name: 'Supreme Court' } };
const vary = (restraint: string, more: object): Effect => ({ kind: 'varies', restraint, ...more });

const ofSec = (saga: Saga, at: string) => saga.enforcement(at)['sec'];
const barredTo = (until?: string): Saga =>
  given(law, ruled('inj', '2024-02-01', [restrains('i', until === undefined ? {} : { until })]));
const applicability = (saga: Saga, at: string, about: string) => saga.row(at, { party: about }).applicability.state;
const liabilityOf = (saga: Saga, at: string, party_ = 'acme') =>
  saga.row(at, { party: party_ }).enforcement[0]?.liability;
const pause = (liability?: Extract<Effect, { kind: 'restrains' }>['liability']): Entry =>
  ordered('eo', '2024-02-01', [
    forbears('f', { enforcers: ['doj'], until: '2024-06-30', ...(liability ? { liability } : {}) }),
  ]);
const heard = (...sources: Entry['sources']): Entry => ({
  ...enacted('law', '2023-06-01', [establishes('duty')]),
  sources,
});
const press = (publisher: string) => aSource({ evidence: 'press', publisher });

describe('a restraint', () => {
  it('by a court holds the enforcers from its act on, without an end', () => {
    const saga = given(law, ruled('inj', '2024-02-01', [restrains('i')]));
    expect(saga.enforcement('2024-01-31')).toEqual(free);
    expect(saga.enforcement('2024-02-01')).toEqual(barred);
    expect(saga.row('2034-01-01').enforcement[0]).toMatchObject({
      state: 'restrained',
      until: null,
      restraints: ['i'],
    });
  });

  it('begins on its own day, and shows ahead of it in what comes next', () => {
    const saga = given(law, ruled('inj', '2024-02-01', [restrains('i', { from: '2024-03-01' })]));
    expect(saga.enforcement('2024-02-15')).toEqual(free);
    expect(saga.asked('2024-02-15').next).toEqual([
      { on: '2024-03-01', from: '2024-03-01', what: 'restraint-begins', subject: 'i', then: 'blocked-by-court' },
    ]);
    expect(saga.enforcement('2024-03-01')).toEqual(barred);
  });

  it('binds only the enforcers it names', () => {
    const saga = given(law, ruled('inj', '2024-02-01', [restrains('i', { enforcers: ['doj'] })]));
    expect(saga.enforcement('2024-03-01')).toEqual({ doj: 'restrained', sec: 'active' });
  });

  it('protects only whom it names: a class with its members, or a member alone', () => {
    const saga = given(
      law,
      ruled('for-acme', '2024-02-01', [restrains('i', { protects: ['acme'] })]),
      ruled('for-all-firms', '2024-03-01', [restrains('j', { protects: ['firms'] })], appeals),
    );
    expect(saga.enforcement('2024-02-15', { party: 'acme' })).toEqual(barred);
    expect(saga.enforcement('2024-02-15', { party: 'bolt' })).toEqual(free);
    expect(saga.code('2024-02-15')).toBe('partly');
    expect(saga.enforcement('2024-03-15', { party: 'bolt' })).toEqual(barred);
  });

  it('that stays a provision suspends it whatever enforcers it names', () => {
    const saga = given(law, ruled('stay', '2024-02-01', [restrains('s', { form: 'stay', enforcers: ['doj'] })]));
    const row = saga.row('2024-03-01');
    expect(row.operation).toMatchObject({ state: 'suspended', until: null, restraints: ['s'] });
    expect(saga.enforcement('2024-03-01')).toEqual(barred);
    expect(row.headline.code).toBe('stayed');
  });

  it('leaves the operation alone when it is an injunction or a promise', () => {
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')]),
      ordered('eo', '2024-02-02', [forbears('f', { enforcers: ['doj'] })]),
    );
    expect(saga.row('2024-03-01').operation.state).toBe('operative');
  });

  it('by a court outranks a promise, and both are listed', () => {
    const saga = given(
      law,
      ordered('eo', '2024-02-01', [forbears('f', { enforcers: ['doj'] })]),
      ruled('inj', '2024-03-01', [restrains('i', { enforcers: ['doj'] })]),
    );
    expect(saga.enforcement('2024-02-15')).toEqual({ doj: 'forborne', sec: 'active' });
    expect(saga.row('2024-03-15').enforcement[0]).toMatchObject({ state: 'restrained', restraints: ['f', 'i'] });
  });

  it('that names no enforcer binds, as a promise, its author alone', () => {
    const saga = given(law, noticed('letter', '2024-02-01', [forbears('f')], { author: { name: 'doj' } }));
    expect(saga.enforcement('2024-03-01')).toEqual({ doj: 'forborne', sec: 'active' });
  });

  it('is listed in every state of enforcement', () => {
    const early = given(law, ruled('inj', '2023-07-01', [restrains('i')]));
    expect(early.row('2023-08-01').enforcement[0]).toMatchObject({ state: 'not-yet-possible', restraints: ['i'] });
    const over = early.given(enacted('repeal', '2024-06-01', [ends('duty', 'repealed')]));
    expect(over.row('2024-07-01').enforcement[0]).toMatchObject({ state: 'not-applicable', restraints: ['i'] });
  });

  it('that is lifted changes nothing of another (Corporate Transparency Act, January 2025)', () => {
    const saga = given(
      law,
      ruled('a', '2024-02-01', [restrains('i', { until: '2024-12-31' })]),
      ruled('b', '2024-02-02', [restrains('j', { until: '2024-11-30' })], appeals),
    );
    const lifted = saga.given(ruled('l', '2024-03-01', [lifts('i')]));
    expect(lifted.enforcement('2024-04-01')).toEqual(barred);
    expect(lifted.row('2024-04-01').enforcement[0]).toMatchObject({ until: '2024-11-30', restraints: ['j'] });
  });
});

describe('a restraint that ends', () => {
  it('by its own until is over the day after', () => {
    const saga = given(law, ruled('inj', '2024-02-01', [restrains('i', { until: '2024-02-29' })]));
    expect(saga.enforcement('2024-02-29')).toEqual(barred);
    expect(saga.enforcement('2024-03-01')).toEqual(free);
  });

  it('by a lift is over from the day of the lift', () => {
    const saga = given(law, ruled('inj', '2024-02-01', [restrains('i')]), ruled('l', '2024-03-01', [lifts('i')]));
    expect(saga.enforcement('2024-02-29')).toEqual(barred);
    expect(saga.enforcement('2024-03-01')).toEqual(free);
  });

  it('by a lift ordered in advance shows that end until it is overtaken (Texas SB 4, March 2024)', () => {
    const ahead = given(
      law,
      ruled('inj', '2024-02-29', [restrains('i')]),
      ruled('ca5', '2024-03-02', [lifts('i', '2024-03-10', { how: 'stayed-on-appeal' })], appeals),
    );
    expect(ahead.row('2024-03-03').enforcement[0]).toMatchObject({ state: 'restrained', until: '2024-03-09' });
    expect(ahead.enforcement('2024-03-10')).toEqual(free);
    const overtaken = ahead.given(ruled('alito', '2024-03-04', [reinstates('i')], supreme));
    expect(overtaken.warnings).toEqual([]);
    expect(overtaken.row('2024-03-03').enforcement[0]).toMatchObject({ until: '2024-03-09' });
    expect(overtaken.row('2024-03-04').enforcement[0]).toMatchObject({ state: 'restrained', until: null });
    expect(overtaken.enforcement('2024-03-10')).toEqual(barred);
  });

  it('by a later lift with an earlier day: the later act governs from its own day', () => {
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')]),
      ruled('slow', '2024-03-01', [lifts('i', '2024-06-01')]),
      ruled('fast', '2024-03-02', [lifts('i', '2024-04-01')]),
    );
    expect(saga.row('2024-03-01').enforcement[0]?.until).toBe('2024-05-31');
    expect(saga.row('2024-03-02').enforcement[0]?.until).toBe('2024-03-31');
    expect(saga.enforcement('2024-04-01')).toEqual(free);
  });

  it('counts an act that comes first in law though it was recorded last', () => {
    const inOrder = [
      ruled('inj', '2024-02-29', [restrains('i')]),
      ruled('ca5', '2024-03-02', [lifts('i', '2024-03-10')], appeals),
      ruled('alito', '2024-03-04', [reinstates('i')], supreme),
    ] as const;
    const saga = given(law, inOrder[0], inOrder[2], inOrder[1]);
    expect(saga.enforcement('2024-03-10')).toEqual(barred);
  });
});

describe('extends', () => {
  const paused = given(
    law,
    noticed('pause', '2024-02-01', [forbears('f', { enforcers: ['sec'], until: '2024-03-31' })]),
  );

  it('moves the end from the act on', () => {
    const saga = paused.given(noticed('more', '2024-03-15', [extendsTo('f', '2024-06-30')]));
    expect(saga.row('2024-03-14').enforcement[1]?.until).toBe('2024-03-31');
    expect(saga.row('2024-03-15').enforcement[1]?.until).toBe('2024-06-30');
    expect(ofSec(saga, '2024-06-30')).toBe('forborne');
    expect(ofSec(saga, '2024-07-01')).toBe('active');
  });

  it('also to an earlier end', () => {
    const saga = paused.given(noticed('less', '2024-02-15', [extendsTo('f', '2024-02-20')]));
    expect(ofSec(saga, '2024-02-21')).toBe('active');
  });

  it('after the end leaves the gap', () => {
    const saga = paused.given(noticed('late', '2024-05-01', [extendsTo('f', '2024-06-30')]));
    expect(ofSec(saga, '2024-04-01')).toBe('active');
    expect(ofSec(saga, '2024-04-30')).toBe('active');
    expect(ofSec(saga, '2024-05-01')).toBe('forborne');
    expect(
      saga.segments({ party: 'acme', enforcer: 'sec' }).segments.filter(({ axis }) => axis === 'enforcement'),
    ).toMatchObject([
      { state: 'not-yet-possible', to: '2023-12-31' },
      { state: 'active', to: '2024-01-31' },
      { state: 'forborne', from: '2024-02-01', to: '2024-03-31' },
      { state: 'active', from: '2024-04-01', to: '2024-04-30' },
      { state: 'forborne', from: '2024-05-01', to: '2024-06-30' },
      { state: 'active', from: '2024-07-01', to: null },
    ]);
  });

  it('never undoes a lift', () => {
    const saga = paused.given(
      noticed('lift', '2024-02-10', [lifts('f')]),
      noticed('more', '2024-02-20', [extendsTo('f', '2024-06-30')]),
    );
    expect(ofSec(saga, '2024-02-09')).toBe('forborne');
    expect(ofSec(saga, '2024-02-20')).toBe('active');
    expect(ofSec(saga, '2024-04-01')).toBe('active');
  });

  it('of a sunset keeps a provision in force, with a gap if it had expired', () => {
    const expiring = given(enacted('act', '2023-06-01', [establishes('duty', { until: '2024-06-30' })]));
    const sunset: Effect = { kind: 'extends', provision: 'duty', until: '2024-12-31' };
    const inTime = expiring.given(enacted('renewal', '2024-06-01', [sunset]));
    expect(inTime.row('2024-05-31').force).toMatchObject({ state: 'in-force', until: '2024-06-30' });
    expect(inTime.row('2024-07-01').force).toMatchObject({ state: 'in-force', until: '2024-12-31' });
    expect(inTime.row('2025-01-01').force).toMatchObject({ state: 'ended', how: 'expired', on: '2025-01-01' });
    const late = expiring.given(enacted('renewal', '2024-08-01', [sunset]));
    expect(late.row('2024-07-01').force).toMatchObject({ state: 'ended', how: 'expired', on: '2024-07-01' });
    expect(late.row('2024-08-01').force).toMatchObject({ state: 'in-force', until: '2024-12-31' });
  });
});

describe('lifts and reinstates', () => {
  it('a reinstated restraint lives again, until its own until', () => {
    const saga = barredTo('2024-12-31').given(
      ruled('l', '2024-03-01', [lifts('i')]),
      ruled('r', '2024-04-01', [reinstates('i')], appeals),
    );
    expect(saga.enforcement('2024-03-15')).toEqual(free);
    expect(saga.row('2024-04-01').enforcement[0]).toMatchObject({ state: 'restrained', until: '2024-12-31' });
    expect(saga.enforcement('2025-01-01')).toEqual(free);
  });

  it('reinstating after its own until does nothing, with a warning', () => {
    const saga = barredTo('2024-03-31').given(
      ruled('l', '2024-03-01', [lifts('i')]),
      ruled('r', '2024-05-01', [reinstates('i')], appeals),
    );
    expect(saga.enforcement('2024-05-02')).toEqual(free);
    expect(saga.warnings).toEqual([expect.stringMatching(/^r: /)]);
    expect(saga.asked('2024-05-02').warnings).toEqual([expect.stringMatching(/^r: /)]);
  });

  it.each([
    ['a lift of what is lifted', [lifts('i'), lifts('i')]],
    ['a reinstatement of what lives', [reinstates('i')]],
  ])('%s is accepted and named in the warnings', (_, effects) => {
    const saga = barredTo().given(...effects.map((effect, i) => ruled(`x${i}`, `2024-03-0${i + 1}`, [effect])));
    expect(saga.warnings).toEqual([expect.stringMatching(new RegExp(`^x${effects.length - 1}: `))]);
    expect(saga.asked('2024-04-01').warnings).toHaveLength(1);
  });

  it('a reinstated restraint can be lifted again', () => {
    const saga = barredTo().given(
      ruled('l', '2024-03-01', [lifts('i')]),
      ruled('r', '2024-04-01', [reinstates('i')]),
      ruled('l2', '2024-05-01', [lifts('i')]),
    );
    expect(['2024-03-15', '2024-04-15', '2024-05-15'].map((at) => saga.code(at))).toEqual([
      'in-force-and-enforceable',
      'blocked-by-court',
      'in-force-and-enforceable',
    ]);
  });
});

describe('varies', () => {
  it('narrows whom a restraint protects, from its day on, under the same id', () => {
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')]),
      ruled('casa', '2024-03-01', [vary('i', { protects: ['acme'], on: '2024-03-15' })]),
    );
    expect(saga.enforcement('2024-03-14', { party: 'bolt' })).toEqual(barred);
    expect(saga.enforcement('2024-03-15', { party: 'bolt' })).toEqual(free);
    expect(saga.row('2024-03-15', { party: 'acme' }).enforcement[0]?.restraints).toEqual(['i']);
    expect(saga.because('2024-03-15')).toEqual(expect.arrayContaining(['inj', 'casa']));
  });

  it('widens its provisions', () => {
    const saga = given(
      enacted('act', '2023-06-01', [establishes('duty'), establishes('more')]),
      ruled('inj', '2024-02-01', [restrains('i')]),
      ruled('wide', '2024-03-01', [vary('i', { provisions: ['duty', 'more'] })]),
    );
    expect(saga.enforcement('2024-02-15', { provision: 'more' })).toEqual(free);
    expect(saga.enforcement('2024-03-01', { provision: 'more' })).toEqual(barred);
  });

  it('changes its enforcers and leaves the rest of its scope', () => {
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i', { protects: ['acme'] })]),
      ruled('v', '2024-03-01', [vary('i', { enforcers: ['sec'] })]),
    );
    expect(saga.enforcement('2024-03-02')).toEqual({ doj: 'active', sec: 'restrained' });
    expect(saga.enforcement('2024-03-02', { party: 'bolt' })).toEqual(free);
  });
});

describe('a restraint of other restraints and endings', () => {
  it('makes them do nothing while it lives, and they revive when it ends', () => {
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')]),
      ruled('stay', '2024-03-01', [restrains('s', { form: 'stay', of: ['i'], until: '2024-04-30' })], appeals),
    );
    expect(saga.enforcement('2024-02-15')).toEqual(barred);
    expect(saga.enforcement('2024-03-01')).toEqual(free);
    expect(saga.asked('2024-03-01').next[0]).toMatchObject({
      on: '2024-04-30',
      from: '2024-05-01',
      then: 'blocked-by-court',
    });
    expect(saga.enforcement('2024-05-01')).toEqual(barred);
    expect(saga.because('2024-03-01')).toEqual(expect.arrayContaining(['inj', 'stay']));
  });

  it('can itself be stayed, three deep', () => {
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')]),
      ruled('two', '2024-03-01', [restrains('s', { form: 'stay', of: ['i'] })], appeals),
      ruled('three', '2024-04-01', [restrains('ss', { form: 'stay', of: ['s'], until: '2024-04-30' })], supreme),
    );
    expect(saga.enforcement('2024-03-15')).toEqual(free);
    expect(saga.enforcement('2024-04-15')).toEqual(barred);
    expect(saga.enforcement('2024-05-01')).toEqual(free);
  });

  it('protects only whom it names', () => {
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')]),
      ruled('stay', '2024-03-01', [restrains('s', { form: 'stay', of: ['i'], protects: ['bolt'] })], appeals),
    );
    expect(saga.enforcement('2024-03-15', { party: 'acme' })).toEqual(barred);
    expect(saga.enforcement('2024-03-15', { party: 'bolt' })).toEqual(free);
  });

  it('suspends what was ordered later as well, whichever was recorded first', () => {
    const saga = given(
      law,
      ruled('v', '2024-02-01', [ends('duty', 'vacated', { ending: 'e' })]),
      ruled('stay', '2024-02-01', [restrains('s', { form: 'stay', of: ['e'] })], { ...appeals, order: 1 }),
    );
    expect(saga.code('2024-02-01')).toBe('in-force-and-enforceable');
  });

  it('can free one enforcer and leave the other held', () => {
    const partial = restrains('s', { form: 'stay', of: ['i'], enforcers: ['sec'] });
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')]),
      ruled('stay', '2024-03-01', [partial], appeals),
    );
    expect(saga.enforcement('2024-03-02')).toEqual({ doj: 'restrained', sec: 'active' });
  });

  it('lifted once, revives what it suspended, and what that suspended sleeps again', () => {
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')]),
      ruled('s', '2024-03-01', [restrains('s', { form: 'stay', of: ['i'] })], appeals),
      ruled('ss', '2024-04-01', [restrains('ss', { form: 'stay', of: ['s'] })], supreme),
      ruled('l', '2024-05-01', [lifts('ss')], supreme),
    );
    expect(saga.enforcement('2024-04-15')).toEqual(barred);
    expect(saga.enforcement('2024-05-01')).toEqual(free);
  });
});

describe('ends', () => {
  it('ends force from its day, and enforcement with it', () => {
    const saga = given(law, enacted('repeal', '2024-02-01', [ends('duty', 'repealed', { on: '2024-06-01' })]));
    expect(saga.row('2024-05-31').force).toMatchObject({ state: 'in-force' });
    expect(saga.asked('2024-05-31').next[0]).toMatchObject({ on: '2024-06-01', from: '2024-06-01', then: 'repealed' });
    expect(saga.row('2024-06-01')).toMatchObject({
      force: { state: 'ended', how: 'repealed', on: '2024-06-01' },
      enforcement: [{ state: 'not-applicable' }, { state: 'not-applicable' }],
      headline: { code: 'repealed' },
    });
  });

  it('of an instrument ends all of its provisions, and those of nobody else', () => {
    const saga = given(
      enacted('act', '2023-06-01', [establishes('duty'), establishes('more')]),
      enacted('other', '2023-06-01', [establishes('third')], { order: 1 }),
      enacted('repeal', '2024-02-01', [{ kind: 'ends', instrument: 'act', how: 'repealed' }]),
    );
    for (const provision of ['duty', 'more'])
      expect(saga.row('2024-02-01', { provision }).headline.code).toBe('repealed');
    expect(saga.row('2024-02-01', { provision: 'third' }).headline.code).toBe('in-force-and-enforceable');
  });

  it('for a class ends it for the members only', () => {
    const saga = Saga.of(
      aMatter({
        parties: [classOf('firms'), classOf('small', 'firms'), party('tiny', 'small'), party('big', 'firms')],
      }),
    ).given(
      enacted('act', '2023-06-01', [establishes('duty', { enforcers: [] })]),
      enacted('relief', '2024-02-01', [ends('duty', 'repealed', { for: ['small'] })]),
    );
    expect(saga.code('2024-03-01', { party: 'tiny' })).toBe('repealed');
    expect(saga.code('2024-03-01', { party: 'big' })).toBe('in-force');
    expect(saga.code('2024-03-01')).toBe('partly');
  });

  it('several times: the one that took effect first gives how, and the next takes over if it is lifted', () => {
    const saga = given(
      law,
      ruled('vacatur', '2024-02-01', [ends('duty', 'vacated', { ending: 'e' })]),
      enacted('repeal', '2024-03-01', [ends('duty', 'repealed')]),
      ruled('reversal', '2024-05-01', [liftsEnding('e')], appeals),
    );
    expect(saga.row('2024-04-01').force).toMatchObject({ how: 'vacated', on: '2024-02-01' });
    expect(saga.row('2024-05-01').force).toMatchObject({ how: 'repealed', on: '2024-03-01' });
  });

  it('lifted revives, reinstated ends again', () => {
    const saga = given(
      law,
      ruled('vacatur', '2024-02-01', [ends('duty', 'vacated', { ending: 'e' })]),
      ruled('reversal', '2024-03-01', [liftsEnding('e')], appeals),
      ruled('restored', '2024-04-01', [{ kind: 'reinstates', ending: 'e' }], supreme),
    );
    expect(['2024-02-15', '2024-03-15', '2024-04-15'].map((at) => saga.code(at))).toEqual([
      'vacated',
      'in-force-and-enforceable',
      'vacated',
    ]);
    expect(saga.because('2024-03-15')).toEqual(expect.arrayContaining(['vacatur', 'reversal']));
  });

  it('stayed for one party ends it for the others', () => {
    const saga = given(
      law,
      ruled('vacatur', '2024-02-01', [ends('duty', 'vacated', { ending: 'e' })]),
      ruled('stay', '2024-03-01', [restrains('s', { form: 'stay', of: ['e'], protects: ['acme'] })], appeals),
    );
    expect(saga.code('2024-03-15', { party: 'acme' })).toBe('in-force-and-enforceable');
    expect(saga.code('2024-03-15', { party: 'bolt' })).toBe('vacated');
  });

  it('twice without an identity is redundant, and says so', () => {
    const saga = given(
      law,
      enacted('a', '2024-02-01', [ends('duty', 'repealed')]),
      enacted('b', '2024-03-01', [ends('duty', 'superseded')]),
    );
    expect(saga.warnings).toEqual([expect.stringMatching(/^b: /)]);
    expect(saga.row('2024-04-01').force.how).toBe('repealed');
  });

  it('for one and later for all: each keeps the end that came first for it', () => {
    const saga = given(
      law,
      enacted('a', '2024-02-01', [ends('duty', 'repealed', { for: ['acme'] })]),
      enacted('b', '2024-03-01', [ends('duty', 'superseded')]),
    );
    expect(saga.code('2024-03-02', { party: 'acme' })).toBe('repealed');
    expect(saga.code('2024-03-02', { party: 'bolt' })).toBe('superseded');
  });

  it('reaching back (5 U.S.C. 801(f)) changes the earlier days too, marked retroactive, but not what stood then', () => {
    const saga = given(law, enacted('cra', '2024-06-01', [ends('duty', 'repealed', { on: '2024-01-01' })]));
    expect(saga.row('2024-03-01').force).toMatchObject({
      state: 'ended',
      how: 'repealed',
      on: '2024-01-01',
      retroactive: true,
    });
    expect(saga.row('2024-06-01').force).not.toHaveProperty('retroactive');
    expect(saga.code('2024-03-01', { publishedBy: '2024-05-31' })).toBe('in-force-and-enforceable');
  });
});

describe('what was made under a provision', () => {
  const child = issued('rule', '2023-07-01', [establishes('child', { under: 'duty' })]);
  const grandchild = issued('sub', '2023-08-01', [establishes('grandchild', { under: 'child' })]);

  it('ends when, and as, that provision ends, all the way down', () => {
    const saga = given(law, child, grandchild, ruled('v', '2024-06-01', [ends('duty', 'invalid', { ending: 'e' })]));
    for (const provision of ['child', 'grandchild']) {
      expect(saga.row('2024-05-31', { provision }).force.state).toBe('in-force');
      expect(saga.row('2024-06-01', { provision }).force).toMatchObject({
        state: 'ended',
        how: 'invalid',
        on: '2024-06-01',
      });
    }
    const revived = saga.given(ruled('r', '2024-07-01', [liftsEnding('e')], appeals));
    expect(revived.row('2024-07-01', { provision: 'grandchild' }).force.state).toBe('in-force');
  });

  it('ends by its sunset, and only for whom it ended', () => {
    const sunset = given(enacted('act', '2023-06-01', [establishes('duty', { until: '2024-06-30' })]), child);
    expect(sunset.row('2024-07-01', { provision: 'child' }).force).toMatchObject({ state: 'ended', how: 'expired' });
    const partial = given(law, child, enacted('r', '2024-06-01', [ends('duty', 'repealed', { for: ['acme'] })]));
    expect(partial.row('2024-06-02', { provision: 'child', party: 'acme' }).headline.code).toBe('repealed');
    expect(partial.row('2024-06-02', { provision: 'child', party: 'bolt' }).headline.code).toBe(
      'in-force-and-enforceable',
    );
  });

  it('or under an instrument ends with all of that instrument', () => {
    const underLaw = issued('by-law', '2023-07-01', [establishes('child', { under: 'law' })]);
    const saga = given(
      law,
      underLaw,
      enacted('rep', '2024-02-01', [{ kind: 'ends', instrument: 'law', how: 'repealed' }]),
    );
    expect(saga.row('2024-03-01', { provision: 'child' }).headline.code).toBe('repealed');
  });

  it('that ended on its own keeps its own end, and a stay of the provision leaves it alone', () => {
    const saga = given(
      law,
      child,
      issued('withdrawn', '2024-02-01', [ends('child', 'withdrawn')]),
      enacted('r', '2024-06-01', [ends('duty', 'repealed')]),
    );
    expect(saga.row('2024-07-01', { provision: 'child' }).force.how).toBe('withdrawn');
    const stayed = given(law, child, ruled('s', '2024-02-01', [restrains('s', { form: 'stay' })]));
    expect(stayed.row('2024-03-01', { provision: 'child' }).operation.state).toBe('operative');
  });
});

describe('commences and postpones', () => {
  it('move the start of force, from their act on', () => {
    const saga = given(law, enacted('delay', '2023-09-01', [postpones('duty', '2024-07-01')]));
    expect(saga.row('2023-08-31')).toMatchObject({
      force: { from: '2024-01-01' },
      headline: { code: 'enacted-not-in-force', on: '2024-01-01' },
    });
    expect(saga.row('2023-09-01')).toMatchObject({
      force: { from: '2024-07-01' },
      headline: { code: 'delayed', on: '2024-07-01' },
    });
    expect(saga.row('2024-07-01').headline.code).toBe('in-force-and-enforceable');
  });

  it('take effect from `on`', () => {
    const saga = given(law, enacted('delay', '2023-09-01', [postpones('duty', '2024-07-01', { on: '2023-10-01' })]));
    expect(saga.code('2023-09-15')).toBe('enacted-not-in-force');
    expect(saga.code('2023-10-01')).toBe('delayed');
  });

  it('suspend what had begun already', () => {
    const saga = given(law, enacted('delay', '2024-03-01', [postpones('duty', '2025-01-01')]));
    expect(saga.row('2024-02-29').force.state).toBe('in-force');
    expect(saga.row('2024-03-01').force).toMatchObject({ state: 'not-yet', from: '2025-01-01' });
  });

  it('by the latest act: a commencement after a postponement is not a delay', () => {
    const saga = given(
      law,
      enacted('delay', '2023-09-01', [postpones('duty', '2025-01-01')]),
      enacted('sooner', '2023-10-01', [commences('duty', '2024-03-01')]),
    );
    expect(saga.row('2023-11-01').headline).toMatchObject({ code: 'enacted-not-in-force', on: '2024-03-01' });
  });

  it('bring applicability along where it has no start of its own, and leave it alone where it has', () => {
    const along = given(law, enacted('delay', '2023-09-01', [postpones('duty', '2024-07-01')]));
    expect(along.row('2023-10-01').applicability).toMatchObject({ state: 'applies-from', from: '2024-07-01' });
    const own = given(
      enacted('act', '2023-06-01', [establishes('duty', { applies: '2024-03-01' })]),
      enacted('delay', '2023-09-01', [postpones('duty', '2024-07-01')]),
    );
    expect(own.row('2024-04-01')).toMatchObject({ force: { state: 'not-yet' }, applicability: { state: 'applies' } });
  });

  it('for a class move the start of its members alone', () => {
    const saga = given(
      law,
      enacted('delay', '2023-09-01', [postpones('duty', '2025-01-01', { axis: 'applicability', for: ['bolt'] })]),
    );
    expect(saga.code('2024-06-01', { party: 'acme' })).toBe('in-force-and-enforceable');
    expect(saga.asked('2024-06-01', { party: 'bolt' }).headline).toMatchObject({ code: 'delayed', on: '2025-01-01' });
    expect(saga.code('2024-06-01')).toBe('partly');
  });

  it('of operation postpone a provision that is in force', () => {
    const saga = given(law, enacted('delay', '2023-09-01', [postpones('duty', '2025-01-01', { axis: 'operation' })]));
    expect(saga.row('2024-06-01')).toMatchObject({
      force: { state: 'in-force' },
      operation: { state: 'postponed', to: '2025-01-01' },
      enforcement: [{ state: 'not-yet-possible' }, { state: 'not-yet-possible' }],
      headline: { code: 'delayed', on: '2025-01-01' },
    });
    expect(saga.row('2025-01-01').operation.state).toBe('operative');
  });

  it('of enforcement empower an enforcer later than the others', () => {
    const saga = given(
      law,
      enacted('later', '2023-09-01', [commences('duty', '2025-01-01', { axis: 'enforcement', enforcers: ['sec'] })]),
    );
    expect(saga.row('2024-06-01').enforcement).toMatchObject([
      { state: 'active' },
      { state: 'not-yet-possible', from: '2025-01-01' },
    ]);
    expect(saga.code('2024-06-01')).toBe('partly');
    expect(saga.code('2024-06-01', { enforcer: 'sec' })).toBe('not-yet-enforceable');
    expect(saga.code('2025-01-01')).toBe('in-force-and-enforceable');
  });

  it('leave the pause alone: a pause moves no date (delayed is not paused)', () => {
    const saga = given(law, ordered('eo', '2024-02-01', [forbears('f', { enforcers: ['doj'], until: '2024-06-30' })]));
    expect(saga.row('2024-03-01')).toMatchObject({
      force: { state: 'in-force', from: '2024-01-01' },
      applicability: { state: 'applies', from: '2024-01-01' },
    });
    expect(saga.code('2024-03-01', { enforcer: 'doj' })).toBe('enforcement-paused');
  });
});

describe('applicability', () => {
  const nested = Saga.of(
    aMatter({
      parties: [
        classOf('firms'),
        classOf('banks', 'firms'),
        classOf('small', 'firms'),
        party('corner-bank', 'banks', 'small'),
        party('mega-bank', 'banks'),
        party('shop', 'small'),
      ],
    }),
  ).given(enacted('law', '2023-06-01', [establishes('duty', { enforcers: [] })]));

  it('is not-addressed for whom neither it nor a class above it is named', () => {
    const saga = given(enacted('act', '2023-06-01', [establishes('duty', { addressees: ['acme'] })]));
    expect(applicability(saga, '2024-02-01', 'bolt')).toBe('not-addressed');
    expect(saga.code('2024-02-01', { party: 'bolt' })).toBe('does-not-apply');
    expect(saga.code('2024-02-01')).toBe('in-force-and-enforceable');
  });

  it('is, by default, to everyone but enforcers that are not named', () => {
    const { addressees: _, ...everyone } = { ...establishes('duty'), addressees: undefined };
    const saga = given(enacted('act', '2023-06-01', [everyone]));
    expect(applicability(saga, '2024-02-01', 'acme')).toBe('applies');
    expect(applicability(saga, '2024-02-01', 'doj')).toBe('not-addressed');
  });

  it('follows the most specific determination', () => {
    const saga = nested.given(
      enacted('a', '2024-02-01', [determines('mega-bank', 'applies')]),
      enacted('b', '2024-03-01', [determines('firms', 'exempt')]),
      enacted('c', '2024-04-01', [determines('mega-bank', 'disputed')]),
    );
    expect(applicability(saga, '2024-03-15', 'mega-bank')).toBe('applies');
    expect(applicability(saga, '2024-03-15', 'shop')).toBe('exempt');
    expect(applicability(saga, '2024-04-15', 'mega-bank')).toBe('disputed');
  });

  it('of a member outlives what is later determined of its class', () => {
    const saga = nested.given(
      enacted('a', '2024-02-01', [determines('firms', 'exempt')]),
      enacted('b', '2024-03-01', [determines('shop', 'applies')]),
      enacted('c', '2024-04-01', [determines('firms', 'disputed')]),
    );
    expect(applicability(saga, '2024-05-01', 'shop')).toBe('applies');
    expect(applicability(saga, '2024-05-01', 'mega-bank')).toBe('disputed');
  });

  it('of two classes neither of which contains the other follows the latest act', () => {
    const banksLast = nested.given(
      enacted('a', '2024-02-01', [determines('small', 'exempt')]),
      enacted('b', '2024-03-01', [determines('banks', 'disputed')]),
    );
    expect(applicability(banksLast, '2024-02-15', 'corner-bank')).toBe('exempt');
    expect(applicability(banksLast, '2024-03-15', 'corner-bank')).toBe('disputed');
    const smallAgain = banksLast.given(enacted('c', '2024-04-01', [determines('small', 'unknown')]));
    expect(applicability(smallAgain, '2024-04-15', 'corner-bank')).toBe('unknown');
  });

  it('`applies` removes an earlier determination and brings no start forward', () => {
    const saga = nested.given(
      enacted('a', '2023-07-01', [determines('firms', 'exempt')]),
      enacted('b', '2023-08-01', [determines('firms', 'applies')]),
    );
    expect(applicability(saga, '2023-07-15', 'shop')).toBe('exempt');
    expect(applicability(saga, '2023-08-15', 'shop')).toBe('applies-from');
    expect(applicability(saga, '2024-01-01', 'shop')).toBe('applies');
  });

  it.each([
    ['exempt', 'does-not-apply'],
    ['no-longer-meets-definition', 'does-not-apply'],
    ['disputed', 'disputed'],
    ['unknown', 'unknown'],
  ] as const)('determined %s says %s', (determined, code) => {
    const saga = nested.given(enacted('d', '2024-02-01', [determines('firms', determined)]));
    expect(saga.code('2024-03-01')).toBe(code);
  });

  it('a determination binds from its own day, and only once its condition is met', () => {
    const dated = nested.given(enacted('d', '2024-02-01', [determines('firms', 'exempt', { from: '2024-06-01' })]));
    expect(applicability(dated, '2024-05-31', 'shop')).toBe('applies');
    expect(dated.asked('2024-05-31').next[0]).toMatchObject({ from: '2024-06-01', then: 'does-not-apply' });
    expect(applicability(dated, '2024-06-01', 'shop')).toBe('exempt');
    const waiting = nested.given(
      enacted('d', '2024-02-01', [
        determines('firms', 'exempt', { from: { contingent: 'a sale', condition: 'sale' } }),
      ]),
    );
    expect(applicability(waiting, '2030-01-01', 'shop')).toBe('applies');
    const sold = waiting.given(
      acted('sale', '2024-09-01', [{ kind: 'satisfies', condition: 'sale' }], { author: { name: 'shop' } }),
    );
    expect(applicability(sold, '2024-08-31', 'shop')).toBe('applies');
    expect(applicability(sold, '2024-09-01', 'shop')).toBe('exempt');
    expect(sold.because('2024-09-01', { party: 'shop' })).toEqual(expect.arrayContaining(['d', 'sale']));
  });
});

describe('liability', () => {
  it('accrues while the law binds, also under a mere promise', () => {
    expect(liabilityOf(given(law), '2024-02-15')).toEqual({ state: 'accrues' });
    expect(liabilityOf(given(law, pause()), '2024-02-15')).toEqual({ state: 'accrues' });
  });

  it('is what the pause says of it, and only while the pause lives', () => {
    const saga = given(law, pause({ state: 'disclaimed', from: '2024-01-01' }));
    expect(liabilityOf(saga, '2024-02-15')).toEqual({ state: 'disclaimed', from: '2024-01-01' });
    expect(liabilityOf(saga, '2024-07-01')).toEqual({ state: 'accrues' });
  });

  it('that was released stays released after the pause', () => {
    const release: Effect = {
      kind: 'releases',
      provisions: ['duty'],
      protects: ['acme'],
      conductFrom: '2024-01-01',
      conductTo: '2024-12-31',
      state: 'extinguished',
    };
    const saga = given(law, pause({ state: 'disclaimed' }), enacted('amnesty', '2024-03-01', [release]));
    expect(liabilityOf(saga, '2024-08-01')).toMatchObject({ state: 'extinguished' });
    expect(liabilityOf(saga, '2024-12-31')).toMatchObject({ state: 'extinguished' });
    expect(liabilityOf(saga, '2025-01-01')).toEqual({ state: 'accrues' });
    expect(liabilityOf(saga, '2024-08-01', 'bolt')).toEqual({ state: 'accrues' });
    expect(saga.enforcement('2024-08-01')).toEqual(free);
  });

  it('under a limitation period reaches back so far, but not beyond the start', () => {
    const saga = given(enacted('act', '2019-06-01', [establishes('duty', { force: '2020-01-01', limitation: 'P5Y' })]));
    expect(saga.row('2019-07-01')).not.toHaveProperty('exposedSince');
    expect(saga.row('2022-03-01').exposedSince).toBe('2020-01-01');
    expect(saga.row('2026-03-01').exposedSince).toBe('2021-03-01');
    expect(saga.asked('2022-03-01').next).toEqual([]);
  });
});

describe('contests', () => {
  it('mark an axis and move nothing', () => {
    const before = given(law);
    const saga = before.given(filed('suit', '2024-02-01', [{ kind: 'contests', provision: 'duty', axis: 'force' }]));
    expect(saga.row('2024-01-31').force).not.toHaveProperty('contested');
    expect(saga.row('2024-02-01').force.contested).toEqual(['suit']);
    expect(saga.row('2024-02-01').headline).toEqual(before.row('2024-02-01').headline);
  });

  it('of one party mark it for that party', () => {
    const saga = given(
      law,
      filed('suit', '2024-02-01', [{ kind: 'contests', provision: 'duty', axis: 'applicability', party: 'acme' }]),
    );
    expect(saga.row('2024-02-01').applicability.contested).toEqual(['suit']);
    expect(saga.row('2024-02-01', { party: 'bolt' }).applicability).not.toHaveProperty('contested');
  });

  it('of a restraint mark the enforcement that it holds', () => {
    const saga = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i', { enforcers: ['doj'] })]),
      filed('appeal', '2024-03-01', [{ kind: 'contests', restraint: 'i' }]),
    );
    expect(saga.row('2024-03-02').enforcement).toMatchObject([{ contested: ['appeal'] }, {}]);
    expect(saga.row('2024-03-02').enforcement[1]).not.toHaveProperty('contested');
  });
});

describe('evidence', () => {
  it.each([
    ['official', [aSource()]],
    ['official', [aSource({ evidence: 'court-copy' }), press('A')]],
    ['corroborated', [press('A'), press('B')]],
    ['single-report', [press('A'), press('A')]],
    ['single-report', [aSource({ evidence: 'other' })]],
  ] as const)('is %s', (grade, sources) => {
    expect(given(heard(...sources)).row('2024-02-01').evidence.state).toBe(grade);
  });

  it('is the weakest of the deciding entries, and only of those', () => {
    const weak = { sources: [press('A')] };
    const saga = given(law, ruled('inj', '2024-02-01', [restrains('i')], weak), filed('suit', '2023-09-01', [], weak));
    expect(saga.row('2024-01-15').evidence.state).toBe('official');
    expect(saga.row('2024-02-15').evidence.state).toBe('single-report');
  });
});

describe('instruments', () => {
  it('are superseded by `replaces`, and nothing else: their provisions stay until they end', () => {
    const saga = given(
      law,
      enacted('law-2', '2024-06-01', [
        establishes('duty-2', { force: '2024-06-01' }),
        { kind: 'replaces', instrument: 'law', by: 'law-2' },
      ]),
    );
    expect(saga.row('2024-07-01')).toMatchObject({
      instrument: { state: 'superseded' },
      force: { state: 'in-force' },
      headline: { code: 'in-force-and-enforceable' },
    });
  });
});
