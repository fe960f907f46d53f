import {
  aMatter,
  acted,
  aSource,
  classOf,
  closesDeadline,
  commences,
  enacted,
  ends,
  enforcer,
  establishes,
  extendsTo,
  filed,
  forbears,
  given,
  introduced,
  issued,
  lifts,
  liftsEnding,
  noticed,
  ordered,
  party,
  postpones,
  proposed,
  failed,
  published,
  refusalOf,
  reinstates,
  restrains,
  ruled,
  Saga,
  satisfies,
  setsDeadline,
  determines,
} from '../support/matter.ts';
const law = enacted('law', '2023-06-01', [establishes('duty')]);
const appeals = { author: { name: 'Appeals' } };

/** Each of these was once wrong. */
describe('guards that had a hole', () => {
  it('a duplicate that comes earlier in law is refused too', () => {
    expect(given(law).refusal(enacted('older', '2023-01-01', [establishes('duty')]))?.rule).toBe('provision-exists');
  });
  it('so is a restraint of the same id that comes earlier in law', () => {
    expect(
      given(law, ruled('b', '2024-03-01', [restrains('i')])).refusal(ruled('a', '2024-02-01', [restrains('i')]))?.rule,
    ).toBe('restraint-exists');
  });
  it('a correction of an earlier entry cannot make a second provision of one id', () => {
    const s = given(enacted('first', '2023-01-01'), law);
    expect(refusalOf(() => s.corrected('first', { effects: [establishes('duty')] }))?.rule).toBe('provision-exists');
  });
  it('an executive promise cannot suspend a court order', () => {
    expect(
      given(law, ruled('inj', '2024-02-01', [restrains('i')])).refusal(
        ordered('eo', '2024-03-01', [forbears('f', { of: ['i'], enforcers: ['doj'] })]),
      )?.rule,
    ).toBe('authority-exceeded');
  });
  it('a letter cannot suspend a vacatur', () => {
    expect(
      given(law, ruled('v', '2024-02-01', [ends('duty', 'vacated', { ending: 'e' })])).refusal(
        noticed('n', '2024-03-01', [forbears('f', { of: ['e'] })]),
      )?.rule,
    ).toBe('authority-exceeded');
  });
  it('an executive promise cannot bind an independent enforcer through a class', () => {
    const m = aMatter({
      parties: [
        ...aMatter().parties,
        classOf('feds'),
        enforcer('ftc', { memberOf: ['feds'], independent: true, jurisdiction: 'US' }),
      ],
    });
    expect(
      Saga.of(m)
        .given(law)
        .refusal(ordered('eo', '2024-03-01', [forbears('f', { enforcers: ['feds'] })]))?.rule,
    ).toBe('authority-exceeded');
  });
  it('a party added later cannot bring an independent enforcer under an executive promise', () => {
    const parties = [
      classOf('firms'),
      party('acme', 'firms'),
      classOf('agencies'),
      enforcer('doj', { memberOf: ['agencies'] }),
    ];
    const s = Saga.of(aMatter({ parties })).given(
      enacted('law', '2023-06-01', [establishes('duty', { enforcers: ['agencies'] })]),
      ordered('eo', '2024-02-01', [forbears('pause', { enforcers: ['agencies'] })]),
    );
    const more = { memberOf: ['agencies'], independent: true };
    const refusal = refusalOf(() => s.withParty(enforcer('sec', more)));
    expect(refusal).toMatchObject({ rule: 'authority-exceeded', entries: ['eo'] });
    expect(refusalOf(() => s.withParty(enforcer('ftc', { ...more, independent: false })))).toBeUndefined();
  });
  it('a party added later cannot make two acts of one day meet without an order', () => {
    const parties = [classOf('large'), classOf('small'), party('acme', 'large'), party('bolt', 'small')];
    const s = Saga.of(aMatter({ parties })).given(
      enacted('law', '2023-06-01', [establishes('duty', { addressees: ['large', 'small'], enforcers: [] })]),
      enacted('a', '2023-07-01', [postpones('duty', '2025-01-01', { for: ['large'] })]),
      enacted('b', '2023-07-01', [postpones('duty', '2026-01-01', { for: ['small'] })]),
    );
    expect(refusalOf(() => s.withParty(party('both', 'large', 'small')))?.rule).toBe('ambiguous-order');
    expect(refusalOf(() => s.withParty(party('one', 'large')))).toBeUndefined();
  });
  it('varies cannot turn the stay of an own rule upon a statute', () => {
    const s = given(
      law,
      issued('rule', '2024-02-01', [establishes('own')]),
      issued('stay', '2024-02-02', [restrains('st', { form: 'stay', provisions: ['own'] })]),
    );
    expect(
      s.refusal(issued('v', '2024-02-03', [{ kind: 'varies', restraint: 'st', provisions: ['duty'] }]))?.rule,
    ).toBe('authority-exceeded');
  });
  it('a letter cannot lift a stay ordered by rule', () => {
    const s = given(
      issued('rule', '2024-02-01', [establishes('own')]),
      issued('stay', '2024-02-02', [restrains('st', { form: 'stay', provisions: ['own'] })]),
    );
    expect(s.refusal(noticed('n', '2024-02-03', [lifts('st')]))?.rule).toBe('authority-exceeded');
  });
  it('who introduced the bill does not own the law', () => {
    const loi = { instrument: { id: 'loi' } };
    const s = given(
      introduced('pjl', '2023-01-01', [], { author: { kind: 'executive' }, ...loi }),
      enacted('law', '2023-06-01', [establishes('duty')], loi),
    );
    expect(s.refusal(ordered('eo', '2024-02-01', [{ kind: 'ends', instrument: 'loi', how: 'revoked' }]))?.rule).toBe(
      'authority-exceeded',
    );
  });
  it('the type of an entry cannot be corrected', () => {
    expect(refusalOf(() => given(law).corrected('law', { type: 'LawPublished' }))).toBeDefined();
  });
});

describe('answers that were wrong', () => {
  it('because names the lift that sets the present until', () => {
    const s = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')]),
      ruled('lift', '2024-03-02', [lifts('i', '2024-03-10')]),
    );
    expect(s.row('2024-03-05').headline.until).toBe('2024-03-09');
    expect(s.because('2024-03-05')).toContain('lift');
  });
  it('because names the restraint that carries the cover on', () => {
    const s = given(
      law,
      ruled('a', '2024-02-01', [restrains('i', { until: '2024-03-10' })]),
      ruled('b', '2024-02-15', [restrains('j', { from: '2024-03-05', until: '2024-04-01' })]),
    );
    expect(s.row('2024-03-01').headline.until).toBe('2024-04-01');
    expect(s.because('2024-03-01')).toContain('b');
  });
  it('because names the lift by which a bar will not stand on the start', () => {
    const s = given(
      law,
      ruled('a', '2023-07-01', [restrains('i')]),
      ruled('l', '2023-07-15', [lifts('i', '2023-12-01')]),
    );
    expect(s.row('2023-08-01').headline.code).toBe('enacted-not-in-force');
    expect(s.because('2023-08-01')).toEqual(expect.arrayContaining(['l']));
  });
  it('a proposal about an enacted instrument moves nothing that is law', () => {
    const r = { instrument: { id: 'r' } };
    const s = given(issued('rule', '2023-06-01', [establishes('duty')], r), proposed('nprm', '2024-05-01', [], r));
    expect(s.code('2024-06-01')).toBe('in-force-and-enforceable');
  });
  it('a bill that fails does not abandon the law of that name', () => {
    const r = { instrument: { id: 'r' } };
    const s = given(enacted('law', '2023-06-01', [establishes('duty')], r), failed('f', '2024-05-01', [], r));
    expect(s.code('2024-06-01')).toBe('in-force-and-enforceable');
  });
  it('a redundant lift does nothing', () => {
    const s = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i', { until: '2024-12-31' })]),
      ruled('l1', '2024-03-01', [lifts('i', undefined, { how: 'superseded' })]),
      ruled('l2', '2024-04-01', [lifts('i')]),
    );
    expect(s.deadline('2024-05-01', 'i.until')).toMatchObject({
      state: 'superseded',
      closedBy: 'l1',
      closedOn: '2024-03-01',
    });
  });
  it('a retroactive lift is marked', () => {
    const s = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i')]),
      ruled('l', '2024-03-10', [lifts('i', '2024-03-01')]),
    );
    expect(s.row('2024-03-05').enforcement[0]).toMatchObject({ state: 'active', retroactive: true });
  });
  it('a retroactive revival is marked', () => {
    const s = given(
      law,
      ruled('v', '2024-02-01', [ends('duty', 'vacated', { ending: 'e' })]),
      ruled('l', '2024-03-10', [liftsEnding('e', '2024-02-01')], appeals),
    );
    expect(s.row('2024-02-15').force).toMatchObject({ state: 'in-force', retroactive: true });
  });
  it('a retroactive postponement is marked', () => {
    const s = given(law, enacted('p', '2024-03-10', [postpones('duty', '2025-01-01', { on: '2024-01-01' })]));
    expect(s.row('2024-02-15').force).toMatchObject({ state: 'not-yet', retroactive: true });
  });
  it('a retroactive postponement of operation is marked', () => {
    const s = given(
      law,
      enacted('p', '2024-03-10', [postpones('duty', '2025-01-01', { axis: 'operation', on: '2024-01-01' })]),
    );
    expect(s.row('2024-02-15').operation).toMatchObject({ state: 'postponed', retroactive: true });
  });
  it('contingent is printed with an open end only', () => {
    const s = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i', { until: { contingent: 'final judgment' } })]),
      ruled('l', '2024-03-02', [lifts('i', '2024-03-10')]),
    );
    expect(s.row('2024-03-05').headline.until).toBe('2024-03-09');
    expect(s.row('2024-03-05').headline).not.toHaveProperty('contingent');
  });
  it('an enforcer named twice, alone and in its class, is one', () => {
    const m = aMatter({
      parties: [...aMatter().parties.slice(0, 3), classOf('feds'), enforcer('doj', { memberOf: ['feds'] })],
    });
    expect(
      Saga.of(m)
        .given(enacted('act', '2023-06-01', [establishes('duty', { enforcers: ['feds', 'doj'] })]))
        .row('2024-02-01').enforcement,
    ).toHaveLength(1);
  });
  it('reinstating past until does nothing: a later extension does not undo the lift', () => {
    const s = given(
      law,
      ruled('inj', '2024-02-01', [restrains('i', { until: '2024-03-01' })]),
      ruled('l', '2024-02-10', [lifts('i')]),
      ruled('re', '2024-04-01', [reinstates('i')]),
      ruled('x', '2024-05-01', [extendsTo('i', '2024-12-31')]),
    );
    expect(s.code('2024-05-02')).toBe('in-force-and-enforceable');
  });
  it('a contingent end is an open end for a start on an unknown day', () => {
    const s = given(
      enacted('act', '2023-06-01', [establishes('duty', { force: { contingent: 'x' } })]),
      ruled('st', '2023-07-01', [restrains('s', { form: 'stay', until: { contingent: 'y' } })]),
    );
    expect(s.row('2023-08-01').headline).toMatchObject({ code: 'stayed', until: null });
  });
  it('an act that ends what a later one makes is not lost silently', () => {
    const s = given(
      law,
      enacted('b', '2024-05-01', [establishes('later')]),
      ruled('a', '2024-02-01', [ends('later', 'invalid')]),
    );
    const a = s.asked('2024-06-01');
    expect(
      [...a.warnings, ...a.unresolved].length +
        (s.row('2024-06-01', { provision: 'later' }).headline.code === 'invalid' ? 1 : 0),
    ).toBeGreaterThan(0);
  });
  it('law that reaches back over the days when it was a bill', () => {
    const hb = { instrument: { id: 'hb' } };
    const s = given(
      introduced('hb', '2024-01-01', [], hb),
      enacted('law', '2024-06-01', [establishes('duty', { force: '2024-03-01' })], hb),
    );
    expect(s.row('2024-04-01')).toMatchObject({
      force: { state: 'in-force', retroactive: true },
      headline: { code: 'in-force-and-enforceable' },
    });
  });
  it('the act that made the last of several dates known is a reason', () => {
    const s = given(
      enacted('act', '2024-01-10', [
        establishes('duty', { force: { latest: ['2024-06-01', { contingent: 'x', condition: 'c' }] } }),
      ]),
      acted('sat', '2024-03-01', [satisfies('c')]),
    );
    expect(s.row('2024-06-02').force.state).toBe('in-force');
    expect(s.because('2024-06-02')).toContain('sat');
  });
  it('an hour-exact start and end lie within a day', () => {
    const s = given(
      law,
      ruled('i', '2024-02-01', [
        restrains('i', { from: '2024-02-10T09:00:00-05:00', until: '2024-02-10T17:00:00-05:00' }),
      ]),
    );
    expect(s.enforcement('2024-02-10T12:00:00-05:00')['doj']).toBe('restrained');
    expect(s.asked('2024-02-09').next).toEqual([]);
  });
  it('next from an instant inside the day', () => {
    const s = given(
      law,
      ruled('i', '2024-02-01', [
        restrains('i', { from: '2024-02-10T09:00:00-05:00', until: '2024-02-10T17:00:00-05:00' }),
      ]),
    );
    expect(s.asked('2024-02-10T12:00:00-05:00').next[0]).toMatchObject({
      from: '2024-02-10',
      then: 'in-force-and-enforceable',
    });
  });
  it('next leaves out what does not concern the party asked', () => {
    const s = given(
      law,
      ruled('a', '2024-02-01', [
        restrains('i', { protects: ['acme'], until: '2024-06-30' }),
        restrains('j', { protects: ['bolt'], until: '2024-06-30' }),
      ]),
    );
    expect(s.asked('2024-03-01', { party: 'acme' }).next.map((x) => x.subject)).toEqual(['i']);
  });
  it('a stay of an injunction for one enforcer', () => {
    const s = given(
      law,
      ruled('a', '2024-02-01', [restrains('i')]),
      ruled('b', '2024-03-01', [restrains('s', { form: 'stay', of: ['i'], enforcers: ['sec'] })], appeals),
    );
    expect(s.enforcement('2024-03-02')).toEqual({ doj: 'restrained', sec: 'active' });
  });
  it('everyone addressed, all repealed class by class: the deadline closes', () => {
    const m = aMatter({ parties: [classOf('eng'), classOf('sco'), enforcer('doj')] });
    const s = Saga.of(m).given(
      enacted('act', '2023-06-01', [
        { kind: 'establishes', provision: 'duty', title: 'd', norm: 'duty', force: '2024-01-01' },
        setsDeadline('d', '2030-01-01', { provision: 'duty', obligated: ['eng'] }),
      ]),
      enacted('rep', '2024-02-01', [
        ends('duty', 'repealed', { for: ['eng'] }),
        ends('duty', 'repealed', { for: ['sco'] }),
      ]),
    );
    expect(s.code('2024-03-01')).toBe('repealed');
    expect(s.deadline('2024-03-01', 'd').state).toBe('moot');
  });
  it('commenced part by part: force is no longer waiting', () => {
    const m = aMatter({ parties: [classOf('eng'), classOf('sco')] });
    const s = Saga.of(m).given(
      enacted('act', '2023-06-01', [
        establishes('duty', { enforcers: [], addressees: ['eng', 'sco'], force: { contingent: 'x' } }),
      ]),
      enacted('c', '2024-02-01', [
        commences('duty', '2024-03-01', { for: ['eng'] }),
        commences('duty', '2024-04-01', { for: ['sco'] }),
      ]),
    );
    expect(s.code('2024-05-01')).toBe('in-force');
    expect(s.deadline('2024-05-01', 'duty.force').state).not.toBe('waiting');
  });
  it('what closed with its provision is not closed again', () => {
    const s = given(
      enacted('act', '2023-06-01', [establishes('duty')]),
      ruled('inj', '2024-02-01', [restrains('i', { until: '2024-12-31' })]),
      ruled('v', '2024-03-01', [ends('duty', 'vacated')]),
      ruled('l', '2024-04-01', [lifts('i', undefined, { how: 'moot' })]),
    );
    expect(s.deadline('2024-03-15', 'i.until').state).toBe('vacated');
    expect(s.deadline('2024-05-01', 'i.until').state).toBe('vacated');
  });
  it('a provision for everyone: its deadlines concern every party', () => {
    const s = given(
      enacted('act', '2023-06-01', [
        { kind: 'establishes', provision: 'duty', title: 'd', norm: 'duty', force: '2024-01-01' },
      ]),
    );
    expect(s.deadlineIds('2023-07-01', 'acme')).toContain('duty.force');
  });
  it('conduct before a repeal stays exposed', () => {
    const s = given(
      enacted('act', '2010-06-01', [establishes('duty', { force: '2010-01-01', limitation: 'P5Y' })]),
      enacted('rep', '2024-01-01', [ends('duty', 'repealed')]),
    );
    expect(s.row('2024-06-01').exposedSince).toBe('2019-06-01');
  });
  it('evidence of what has ended is that of the acts that ended it', () => {
    const s = given(
      law,
      ruled('v', '2024-02-01', [ends('duty', 'vacated')], { sources: [aSource({ evidence: 'press' })] }),
    );
    expect(s.row('2024-03-01').evidence.state).toBe('single-report');
  });
  it('an entry may commence what it establishes further down', () => {
    const s = given(enacted('act', '2023-06-01', [commences('duty', '2024-05-01'), establishes('duty')]));
    expect(s.row('2023-07-01').force.from).toBe('2024-05-01');
  });
  it('a restraint’s until before an hour at midnight prints the day before', () => {
    const s = given(law, ruled('i', '2024-02-01', [restrains('i', { until: '2024-03-01T00:00:00-05:00' })]));
    expect(s.row('2024-02-02').headline.until).toBe('2024-02-29');
  });
  it('an ending for one class and one for all both count', () => {
    const s = given(
      law,
      enacted('a', '2024-02-01', [ends('duty', 'repealed', { for: ['acme'] })]),
      enacted('b', '2024-03-01', [ends('duty', 'superseded')]),
    );
    expect(s.code('2024-03-02', { party: 'acme' })).toBe('repealed');
    expect(s.code('2024-03-02', { party: 'bolt' })).toBe('superseded');
    expect(s.deadlineIds('2024-03-02')).toEqual(['duty.force']);
  });
  it('of two closings the first stands', () => {
    const s = given(
      enacted('act', '2023-06-01', [establishes('duty'), setsDeadline('d', '2024-06-01')]),
      acted('m', '2024-02-01', [closesDeadline('d', 'met')]),
      ruled('w', '2024-03-01', [closesDeadline('d', 'moot')]),
    );
    expect(s.deadline('2024-04-01', 'd').state).toBe('met');
  });
  it('an instrument’s end reaches what was made under the instrument and under its provisions', () => {
    const s = given(
      law,
      issued('r', '2023-07-01', [establishes('child', { under: 'law' })]),
      enacted('rep', '2024-02-01', [{ kind: 'ends', instrument: 'law', how: 'repealed' }]),
    );
    expect(s.row('2024-03-01', { provision: 'child' }).headline.code).toBe('repealed');
  });
  it('a member to whom it is determined to apply leaves the exemption of its class', () => {
    const s = given(
      law,
      enacted('a', '2024-02-01', [determines('firms', 'exempt')]),
      enacted('b', '2024-03-01', [determines('acme', 'applies')]),
      enacted('c', '2024-04-01', [determines('firms', 'disputed')]),
    );
    expect(s.row('2024-05-01').applicability.state).toBe('applies');
  });
  it('a rule that binds on publication waits for its publication to be recorded', () => {
    const s = given(
      issued('r', '2024-01-10', [establishes('duty', { force: '2024-02-01' })], {
        instrument: { id: 'r', bindsOn: 'publication' },
      }),
      published('p', '2024-01-20', [], { instrument: { id: 'r' } }),
    );
    expect(s.row('2024-01-15').instrument.state).toBe('adopted-not-published');
    expect(s.code('2024-02-01')).toBe('in-force-and-enforceable');
  });
  it('because names the stay of a stay, and what prolonged it, where nobody enforces', () => {
    const s = given(
      enacted('law', '2023-06-01', [establishes('duty', { enforcers: [] })]),
      ruled('a', '2024-02-01', [restrains('stay', { form: 'stay' })]),
      ruled('b', '2024-02-10', [restrains('on-stay', { form: 'stay', of: ['stay'], until: '2024-02-20' })], appeals),
      ruled('c', '2024-02-20', [extendsTo('on-stay', '2024-03-20')], appeals),
    );
    expect(s.row('2024-03-01').operation.state).toBe('operative');
    expect(s.because('2024-03-01')).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  });
  it('because names what lifted the stay of a vacatur', () => {
    const s = given(
      law,
      ruled('v', '2024-02-01', [ends('duty', 'vacated', { ending: 'e' })]),
      ruled('a', '2024-02-02', [restrains('on-e', { form: 'stay', of: ['e'] })], appeals),
      ruled('l', '2024-03-01', [lifts('on-e')], appeals),
    );
    expect(s.code('2024-03-01')).toBe('vacated');
    expect(s.because('2024-03-01')).toEqual(expect.arrayContaining(['v', 'l']));
  });
  it('because names what lifted the stay of an injunction', () => {
    const s = given(
      law,
      ruled('i', '2024-02-01', [restrains('i')]),
      ruled('a', '2024-02-02', [restrains('on-i', { form: 'stay', of: ['i'] })], appeals),
      ruled('l', '2024-03-01', [lifts('on-i')], appeals),
    );
    expect(s.code('2024-03-01')).toBe('blocked-by-court');
    expect(s.because('2024-03-01')).toEqual(expect.arrayContaining(['i', 'l']));
  });
  it('because names the order that narrowed an injunction to others, and only for those it freed', () => {
    const s = given(
      law,
      ruled('i', '2024-02-01', [restrains('i')]),
      ruled('n', '2024-03-01', [{ kind: 'varies', restraint: 'i', protects: ['bolt'] }]),
      ruled('other', '2024-03-02', [restrains('j', { protects: ['bolt'] })]),
      ruled('gone', '2024-03-03', [lifts('j')]),
    );
    expect(s.code('2024-03-05', { party: 'acme' })).toBe('in-force-and-enforceable');
    expect(s.because('2024-03-05')).toEqual(expect.arrayContaining(['i', 'n']));
    expect(s.because('2024-03-05')).not.toContain('gone');
  });
  it('because names what satisfied the condition on which a promise waited', () => {
    const s = given(
      law,
      ordered('p', '2024-02-01', [
        forbears('f', { enforcers: ['doj'], until: { contingent: 'a rule', condition: 'r' } }),
      ]),
      acted('r', '2024-03-01', [satisfies('r')]),
    );
    expect(s.enforcement('2024-03-02')).toEqual({ doj: 'active', sec: 'active' });
    expect(s.because('2024-03-02')).toEqual(expect.arrayContaining(['p', 'r']));
  });
  it('because names the mandate on which a lift waited', () => {
    const mandate = { contingent: 'the mandate', condition: 'm' };
    const s = given(
      law,
      ruled('i', '2024-02-01', [restrains('i')]),
      ruled('l', '2024-03-01', [{ kind: 'lifts', restraint: 'i', how: 'reversed', on: mandate }], appeals),
      ruled('m', '2024-04-01', [satisfies('m')], appeals),
    );
    expect(s.code('2024-03-15')).toBe('blocked-by-court');
    expect(s.code('2024-04-01')).toBe('in-force-and-enforceable');
    expect(s.because('2024-04-01')).toEqual(expect.arrayContaining(['i', 'l', 'm']));
  });
  it('because names the stay of an injunction that sets its present until', () => {
    const s = given(
      law,
      ruled('i', '2024-02-01', [restrains('i')]),
      ruled('a', '2024-03-01', [restrains('on-i', { form: 'stay', of: ['i'], from: '2024-03-11' })], appeals),
    );
    expect(s.row('2024-03-05').headline).toMatchObject({ code: 'blocked-by-court', until: '2024-03-10' });
    expect(s.because('2024-03-05')).toContain('a');
  });
  it('stays of stays that meet again and again are gone into once', () => {
    const layers = Array.from({ length: 27 }, (_, layer) =>
      ruled(
        `e${layer}`,
        '2024-02-01',
        [0, 1].map((each) =>
          restrains(`r${layer}-${each}`, {
            form: 'stay',
            ...(layer === 0 ? {} : { of: [`r${layer - 1}-0`, `r${layer - 1}-1`] }),
          }),
        ),
        { order: layer },
      ),
    );
    const s = given(law, ...layers);
    expect(s.code('2024-03-01')).toBe('stayed');
    expect(s.because('2024-03-01')).toHaveLength(28);
    expect(s.asked('2024-03-01').because.length).toBeLessThan(200);
  });
  it('a promise that ran out by its own date is no reason afterwards; one cut short names what cut it', () => {
    const s = given(
      law,
      ordered('p', '2024-02-01', [
        forbears('f', { enforcers: ['doj'], until: { period: 'P10D', after: { entry: 'p' }, rule: 'us.plain' } }),
        forbears('g', { enforcers: ['doj'], until: '2024-12-31' }),
      ]),
      ordered('cut', '2024-03-01', [extendsTo('g', '2024-03-15')]),
    );
    expect(s.because('2024-04-01')).toEqual(['law', 'p', 'cut']);
    expect(s.because('2025-02-01')).toEqual(['law']);
  });
  it('because names what kept an earlier end from being the end', () => {
    const s = given(
      enacted('law', '2023-06-01', [establishes('duty', { until: '2024-03-01' })]),
      ruled('v', '2024-01-10', [ends('duty', 'vacated', { ending: 'e' })]),
      ruled('r', '2024-01-20', [liftsEnding('e')], appeals),
      enacted('x', '2024-02-20', [{ kind: 'extends', provision: 'duty', until: '2024-12-31' }]),
      enacted('z', '2024-04-01', [ends('duty', 'repealed')]),
    );
    expect(s.code('2024-05-01')).toBe('repealed');
    expect(s.because('2024-05-01')).toEqual(expect.arrayContaining(['z', 'v', 'r', 'x']));
  });
  it('a stay lifted with effect for the past is marked where nobody enforces', () => {
    const s = given(
      enacted('law', '2023-06-01', [establishes('duty', { enforcers: [] })]),
      ruled('a', '2024-02-01', [restrains('stay', { form: 'stay' })]),
      ruled('l', '2024-03-01', [lifts('stay', '2024-02-01')]),
    );
    expect(s.row('2024-02-15').operation).toEqual({ state: 'operative', retroactive: true });
    expect(s.row('2024-03-15').operation).toEqual({ state: 'operative' });
  });
  it('a contested stay is marked where nobody enforces', () => {
    const s = given(
      enacted('law', '2023-06-01', [establishes('duty', { enforcers: [] })]),
      ruled('a', '2024-02-01', [restrains('stay', { form: 'stay' })]),
      filed('f', '2024-02-10', [{ kind: 'contests', restraint: 'stay' }]),
    );
    expect(s.row('2024-02-15').operation.contested).toEqual(['f']);
  });
  it('whoever disputes it cannot be enforced against before it applies', () => {
    const s = given(
      enacted('law', '2023-06-01', [establishes('duty', { applies: '2025-01-01' })]),
      ruled('d', '2024-02-01', [determines('acme', 'disputed')]),
    );
    expect(s.row('2024-06-01').headline.code).toBe('disputed');
    expect(s.enforcement('2024-06-01')).toEqual({ doj: 'not-yet-possible', sec: 'not-yet-possible' });
    expect(s.enforcement('2025-01-01')).toEqual({ doj: 'active', sec: 'active' });
  });
  it('conduct before a postponed operation began was never exposed', () => {
    const s = given(
      issued('r', '2023-06-01', [establishes('duty', { limitation: 'P5Y' })]),
      issued('p', '2023-12-01', [postpones('duty', '2024-07-01', { axis: 'operation' })]),
    );
    expect(s.row('2024-06-01').exposedSince).toBeUndefined();
    expect(s.row('2024-08-01').exposedSince).toBe('2024-07-01');
  });
});
