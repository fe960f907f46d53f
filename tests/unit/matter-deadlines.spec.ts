import { type Basis, type Entry } from '#libs/matter';
import {
  acted,
  closesDeadline,
  commences,
  enacted,
  ends,
  establishes,
  extendsTo,
  failed,
  forbears,
  given,
  introduced,
  lifts,
  liftsEnding,
  movesDeadline,
  noticed,
  ordered,
  postpones,
  reinstates,
  restrains,
  ruled,
  type Saga,
  satisfies,
  setsDeadline,
} from '../support/matter.ts';

const contingent = { contingent: 'the sale', condition: 'sale' };
const act = (basis: Basis, more: object = {}): Entry =>
  enacted('act', '2024-01-10', [establishes('duty'), setsDeadline('report', basis, more)]);
const due = (saga: Saga, at: string, id = 'report'): readonly [string | null, string] => {
  const deadline = saga.deadline(at, id);
  return [deadline.due?.date ?? null, deadline.state];
};
const paused = (until: Basis): Saga =>
  given(
    enacted('act', '2023-06-01', [establishes('duty')]),
    ordered('eo', '2024-02-01', [forbears('f', { enforcers: ['doj'], until })]),
  );
const entered = (saga: Saga, about?: string) => saga.deadlineIds('2024-02-01', about).filter((id) => !id.includes('.'));
const tiedTo = { provision: 'duty' };

describe('an entered deadline', () => {
  it.each([
    ['party-act', 'lapsed'],
    ['agency-duty', 'lapsed'],
    ['comment-close', 'reached'],
    ['limitations', 'reached'],
    ['review', 'reached'],
    ['expiry', 'reached'],
  ] as const)('of kind %s is scheduled through its day, then %s by the clock', (deadlineKind, state) => {
    const saga = given(act('2024-06-30', { deadlineKind }));
    expect(due(saga, '2024-06-30')).toEqual(['2024-06-30', 'scheduled']);
    expect(due(saga, '2024-07-01')).toEqual(['2024-06-30', state]);
  });

  it('of kind effective is reached when its day begins', () => {
    const saga = given(act('2024-06-30', { deadlineKind: 'effective' }));
    expect(due(saga, '2024-06-29')[1]).toBe('scheduled');
    expect(due(saga, '2024-06-30')[1]).toBe('reached');
  });

  it('that excludes its own day passes when that day begins', () => {
    const saga = given(act({ date: '2024-06-30', inclusive: 'no' }));
    expect(due(saga, '2024-06-29')[1]).toBe('scheduled');
    expect(due(saga, '2024-06-30')[1]).toBe('lapsed');
  });

  it('at an hour passes at that hour', () => {
    const saga = given(act('2024-06-30T17:00:00-04:00'));
    expect(due(saga, '2024-06-30T16:59:59-04:00')[1]).toBe('scheduled');
    expect(due(saga, '2024-06-30T17:00:00-04:00')[1]).toBe('lapsed');
    expect(saga.deadline('2024-06-01', 'report').due).toEqual({
      date: '2024-06-30',
      instant: '2024-06-30T17:00:00-04:00',
      timeZone: 'America/New_York',
      inclusive: 'unstated',
    });
  });

  it('is not there before it is set', () => {
    expect(given(act('2024-06-30')).deadlineIds('2024-01-09')).not.toContain('report');
  });

  it('waits while it is contingent, shows an estimate and the long-stop, and is due once dated', () => {
    const saga = given(
      act({ ...contingent, estimate: '2024-05-01', latest: '2024-12-31' }),
      acted('sold', '2024-04-01', [satisfies('sale', '2024-04-30')]),
    );
    expect(saga.deadline('2024-02-01', 'report')).toMatchObject({
      due: null,
      state: 'waiting',
      contingent: 'the sale',
      estimate: '2024-05-01',
      latest: '2024-12-31',
      history: [{ due: null, entry: 'act' }],
    });
    expect(due(saga, '2024-04-01')).toEqual(['2024-04-30', 'scheduled']);
    expect(due(saga, '2024-05-01')).toEqual(['2024-04-30', 'lapsed']);
  });

  it('is estimated in a year without a holiday calendar, with a warning', () => {
    const saga = given(act({ period: 'P300Y', after: '2024-01-10', rule: 'us.frcp6@2009' }));
    const deadline = saga.deadline('2024-02-01', 'report');
    expect(deadline.state).toBe('estimated');
    expect(deadline.warnings?.length).toBeGreaterThan(0);
  });

  it('that was moved is extended, and remembers every date', () => {
    const saga = given(
      act('2024-06-30'),
      enacted('more', '2024-03-01', [movesDeadline('report', '2024-09-30')]),
      enacted('still-more', '2024-04-01', [movesDeadline('report', '2024-12-31')]),
    );
    expect(due(saga, '2024-02-29')).toEqual(['2024-06-30', 'scheduled']);
    expect(saga.deadline('2024-03-01', 'report')).toMatchObject({
      state: 'extended',
      movedBy: 'more',
      due: { date: '2024-09-30' },
    });
    expect(saga.deadline('2024-04-01', 'report')).toMatchObject({
      movedBy: 'still-more',
      history: [
        { due: '2024-06-30', entry: 'act' },
        { due: '2024-09-30', entry: 'more' },
        { due: '2024-12-31', entry: 'still-more' },
      ],
    });
    expect(due(saga, '2025-01-01')).toEqual(['2024-12-31', 'lapsed']);
  });

  it('that was moved to a contingency waits again', () => {
    const saga = given(
      act('2024-06-30'),
      enacted('open', '2024-03-01', [movesDeadline('report', { contingent: 'further notice' })]),
    );
    expect(saga.deadline('2024-03-02', 'report')).toMatchObject({
      due: null,
      state: 'waiting',
      history: [{ due: '2024-06-30' }, { due: null }],
    });
  });

  it('of another is only estimated by a notice, which moves nothing', () => {
    const saga = given(
      act(contingent),
      noticed('guess', '2024-03-01', [movesDeadline('report', { contingent: 'the sale', estimate: '2024-08-01' })]),
    );
    expect(saga.deadline('2024-03-02', 'report')).toMatchObject({
      due: null,
      state: 'waiting',
      estimate: '2024-08-01',
    });
    expect(saga.deadline('2024-03-02', 'report')).not.toHaveProperty('movedBy');
  });

  it.each([
    ['met in time', '2024-06-30', false],
    ['met late', '2024-07-01', true],
  ])('%s', (_, on, late) => {
    const saga = given(act('2024-06-30'), acted('filed', '2024-07-05', [closesDeadline('report', 'met', { on })]));
    expect(saga.deadline('2024-07-06', 'report')).toMatchObject({
      state: 'met',
      late,
      closedBy: 'filed',
      closedOn: on,
    });
  });

  it.each(['withdrawn', 'vacated', 'moot'] as const)('closed as %s, for ever', (how) => {
    const saga = given(act('2024-06-30'), ruled('close', '2024-03-01', [closesDeadline('report', how)]));
    expect(due(saga, '2024-02-29')[1]).toBe('scheduled');
    expect(due(saga, '2024-03-01')[1]).toBe(how);
    expect(due(saga, '2025-01-01')[1]).toBe(how);
  });
});

describe('a deadline of a provision that ends', () => {
  it.each([
    ['vacated', 'vacated'],
    ['invalid', 'vacated'],
    ['lapsed', 'moot'],
  ] as const)('%s closes as %s', (how, state) => {
    const saga = given(act('2024-06-30', tiedTo), ruled('end', '2024-03-01', [ends('duty', how)]));
    expect(due(saga, '2024-02-29')[1]).toBe('scheduled');
    expect(saga.deadline('2024-03-01', 'report')).toMatchObject({ state, closedBy: 'end', closedOn: '2024-03-01' });
    expect(due(saga, '2025-01-01')[1]).toBe(state);
  });

  it('repealed closes as moot, and so does one that expires', () => {
    const repealed = given(act('2024-06-30', tiedTo), enacted('end', '2024-03-01', [ends('duty', 'repealed')]));
    expect(due(repealed, '2024-04-01')[1]).toBe('moot');
    const expired = given(
      enacted('act', '2024-01-10', [
        establishes('duty', { until: '2024-03-31' }),
        setsDeadline('report', '2024-06-30', tiedTo),
      ]),
    );
    expect(due(expired, '2024-03-31')[1]).toBe('scheduled');
    expect(due(expired, '2024-04-01')[1]).toBe('moot');
  });

  it('stays as it was if it had passed before', () => {
    const saga = given(act('2024-02-15', tiedTo), ruled('end', '2024-03-01', [ends('duty', 'vacated')]));
    expect(due(saga, '2024-04-01')).toEqual(['2024-02-15', 'lapsed']);
  });

  it('opens again when the ending is lifted', () => {
    const saga = given(
      act('2024-12-31', tiedTo),
      ruled('end', '2024-03-01', [ends('duty', 'vacated', { ending: 'e' })]),
      ruled('reversed', '2024-05-01', [liftsEnding('e')], { author: { name: 'Appeals' } }),
    );
    expect(due(saga, '2024-04-01')[1]).toBe('vacated');
    expect(due(saga, '2024-05-01')[1]).toBe('scheduled');
  });

  it('for some of its addressees only, stays open', () => {
    const saga = given(
      act('2024-06-30', tiedTo),
      enacted('end', '2024-03-01', [ends('duty', 'repealed', { for: ['bolt'] })]),
    );
    expect(due(saga, '2024-04-01')[1]).toBe('scheduled');
  });

  it('stays open while the provision is only stayed', () => {
    const saga = given(act('2024-06-30', tiedTo), ruled('stay', '2024-03-01', [restrains('s', { form: 'stay' })]));
    expect(due(saga, '2024-04-01')[1]).toBe('scheduled');
  });
});

describe('the end of a restraint', () => {
  it('is a pause-end of the enforcers bound, extended by its extensions, reached by the clock', () => {
    const saga = paused('2024-03-31').given(ordered('more', '2024-03-15', [extendsTo('f', '2024-06-30')]));
    expect(saga.deadline('2024-03-01', 'f.until')).toMatchObject({
      kind: 'pause-end',
      obligated: ['doj'],
      state: 'scheduled',
      due: { date: '2024-03-31' },
    });
    expect(saga.deadline('2024-03-15', 'f.until')).toMatchObject({
      state: 'extended',
      movedBy: 'more',
      history: [
        { due: '2024-03-31', entry: 'eo' },
        { due: '2024-06-30', entry: 'more' },
      ],
    });
    expect(due(saga, '2024-07-01', 'f.until')).toEqual(['2024-06-30', 'reached']);
  });

  it('waits while it is contingent', () => {
    expect(due(paused(contingent), '2024-03-01', 'f.until')).toEqual([null, 'waiting']);
  });

  it('is no deadline for a restraint without an end', () => {
    const saga = given(enacted('act', '2023-06-01', [establishes('duty')]), ruled('i', '2024-02-01', [restrains('i')]));
    expect(saga.deadlineIds('2024-03-01')).not.toContain('i.until');
  });

  it.each([
    ['superseded', 'superseded'],
    ['dissolved', 'vacated'],
    ['reversed', 'vacated'],
    ['stayed-on-appeal', 'withdrawn'],
    ['revoked', 'withdrawn'],
    ['moot', 'withdrawn'],
    ['final-judgment', 'withdrawn'],
  ] as const)('lifted as %s closes as %s', (how, state) => {
    const saga = paused('2024-06-30').given(ruled('l', '2024-03-01', [lifts('f', undefined, { how })]));
    expect(due(saga, '2024-02-29', 'f.until')[1]).toBe('scheduled');
    expect(saga.deadline('2024-03-01', 'f.until')).toMatchObject({
      state,
      due: { date: '2024-06-30' },
      closedBy: 'l',
      closedOn: '2024-03-01',
    });
    expect(due(saga, '2025-01-01', 'f.until')[1]).toBe(state);
  });

  it('stays open until the day of a lift ordered in advance', () => {
    const saga = paused('2024-06-30').given(ruled('l', '2024-03-01', [lifts('f', '2024-04-01')]));
    expect(due(saga, '2024-03-31', 'f.until')[1]).toBe('scheduled');
    expect(due(saga, '2024-04-01', 'f.until')[1]).toBe('vacated');
  });

  it('was reached if the lift came after it, and opens again with a reinstatement', () => {
    const late = paused('2024-03-31').given(ruled('l', '2024-05-01', [lifts('f')]));
    expect(due(late, '2024-06-01', 'f.until')[1]).toBe('reached');
    const again = paused('2024-06-30').given(
      ruled('l', '2024-03-01', [lifts('f')]),
      ruled('r', '2024-04-01', [reinstates('f')]),
    );
    expect(due(again, '2024-04-02', 'f.until')[1]).toBe('scheduled');
  });

  it('closes when all of its provisions have ended', () => {
    const saga = paused('2024-06-30').given(ruled('end', '2024-03-01', [ends('duty', 'vacated')]));
    expect(due(saga, '2024-04-01', 'f.until')[1]).toBe('vacated');
  });
});

describe('the starts and the sunset of a provision', () => {
  const dated = enacted('act', '2024-01-10', [
    establishes('duty', { force: '2024-03-01', applies: '2024-06-01', until: '2024-12-31' }),
  ]);

  it('are deadlines of their own kinds', () => {
    const saga = given(dated);
    expect(saga.deadlineIds('2024-02-01')).toEqual(['duty.force', 'duty.applies', 'duty.until']);
    expect(['duty.force', 'duty.applies', 'duty.until'].map((id) => saga.deadline('2024-02-01', id).kind)).toEqual([
      'effective',
      'applicability',
      'expiry',
    ]);
    expect(due(saga, '2024-03-01', 'duty.force')).toEqual(['2024-03-01', 'reached']);
    expect(due(saga, '2024-05-31', 'duty.applies')).toEqual(['2024-06-01', 'scheduled']);
    expect(due(saga, '2024-12-31', 'duty.until')).toEqual(['2024-12-31', 'scheduled']);
    expect(due(saga, '2025-01-01', 'duty.until')).toEqual(['2024-12-31', 'reached']);
  });

  it('move with what moves them', () => {
    const saga = given(
      dated,
      enacted('delay', '2024-02-01', [
        postpones('duty', '2024-09-01', { axis: 'applicability' }),
        { kind: 'extends', provision: 'duty', until: '2025-12-31' },
      ]),
    );
    expect(saga.deadline('2024-02-01', 'duty.applies')).toMatchObject({
      due: { date: '2024-09-01' },
      state: 'extended',
      movedBy: 'delay',
    });
    expect(saga.deadline('2024-02-01', 'duty.until')).toMatchObject({ due: { date: '2025-12-31' }, state: 'extended' });
    expect(due(saga, '2024-02-01', 'duty.force')).toEqual(['2024-03-01', 'scheduled']);
  });

  it('for some of its addressees move no common date', () => {
    const saga = given(dated, enacted('delay', '2024-02-01', [commences('duty', '2024-02-15', { for: ['acme'] })]));
    expect(due(saga, '2024-02-02', 'duty.force')).toEqual(['2024-03-01', 'scheduled']);
  });

  it('wait while what would make them is no law yet, and close with it', () => {
    const bill = given(introduced('bill', '2024-01-10', [establishes('duty', { force: '2024-03-01' })]));
    expect(due(bill, '2024-02-01', 'duty.force')).toEqual([null, 'waiting']);
    const lost = bill.given(failed('f', '2024-02-15', [], { instrument: { id: 'bill' } }));
    expect(due(lost, '2024-04-01', 'duty.force')[1]).toBe('moot');
  });

  it('close when it ends', () => {
    const saga = given(dated, ruled('end', '2024-02-01', [ends('duty', 'vacated')]));
    for (const id of ['duty.force', 'duty.applies', 'duty.until'])
      expect(due(saga, '2024-02-02', id)[1]).toBe('vacated');
    const later = given(dated, enacted('end', '2024-05-01', [ends('duty', 'repealed')]));
    expect(due(later, '2024-06-02', 'duty.force')[1]).toBe('reached');
    expect(due(later, '2024-06-02', 'duty.applies')[1]).toBe('moot');
  });
});

describe('a trace', () => {
  it('cites its steps, the trigger among them', () => {
    const saga = given(act({ period: 'P30D', after: { instrument: 'act' }, rule: 'us.frcp6@2009' }));
    const { trace, due: counted } = saga.deadline('2024-02-01', 'report');
    expect(counted?.date).toBe('2024-02-09');
    expect(trace[0]).toMatchObject({ gives: '2024-01-10' });
    expect(trace.at(-1)?.gives).toContain('2024-02-09');
    for (const line of trace) expect(line.authority).not.toBe('');
  });
});

describe('the list', () => {
  const saga = given(
    enacted('act', '2024-01-10', [
      establishes('duty'),
      setsDeadline('b', '2024-06-30'),
      setsDeadline('a', '2024-06-30', { obligated: ['bolt'] }),
      setsDeadline('c', { contingent: 'x' }, { obligated: ['firms'] }),
    ]),
  );

  it('comes by due date, then id, those still waiting last', () => {
    expect(entered(saga)).toEqual(['a', 'b', 'c']);
  });

  it('for a party holds what it, a class above it or a member of it is obligated to', () => {
    expect(entered(saga, 'acme')).toEqual(['b', 'c']);
    expect(entered(saga, 'bolt')).toEqual(['a', 'c']);
    expect(entered(saga, 'firms')).toEqual(['a', 'b', 'c']);
    expect(entered(saga, 'doj')).toEqual([]);
  });
});
