import { addDays } from '#libs/calendar';
import { believe, interpret } from '#libs/matter';
import {
  acted,
  commences,
  determines,
  enacted,
  ends,
  establishes,
  forbears,
  given,
  introduced,
  lifts,
  ordered,
  passed,
  restrains,
  ruled,
  type Saga,
  satisfies,
} from '../support/matter.ts';

const law = enacted('law', '2023-06-01', [establishes('duty', { enforcers: ['doj'] })]);
/** The runs of one axis of one provision: state, first and last day. */
const runs = (saga: Saga, axis: string, about = 'acme', provision = 'duty') =>
  saga
    .segments({ party: about })
    .segments.filter((each) => each.axis === axis && each.provision === provision)
    .map(({ state, from, to }) => [state, from, to]);

const rich = given(
  introduced(
    'bill',
    '2023-01-15',
    [establishes('duty', { enforcers: ['doj'], force: '2024-01-01', until: '2025-06-30' })],
    { instrument: { id: 'law' } },
  ),
  passed('house', '2023-02-15', [], { instrument: { id: 'law' } }),
  enacted('law', '2023-06-01', [], { instrument: { id: 'law' } }),
  enacted('phase', '2023-07-01', [commences('duty', '2024-03-01', { axis: 'applicability', for: ['bolt'] })]),
  ruled('inj', '2024-02-01', [restrains('i', { protects: ['acme'] })]),
  ruled('lift', '2024-04-01', [lifts('i', '2024-04-15')]),
  ordered('eo', '2024-05-01', [forbears('f', { enforcers: ['doj'], until: '2024-06-30' })]),
  enacted('conditional', '2024-06-01', [
    determines('bolt', 'exempt', { from: { contingent: 'a sale', condition: 'sale' } }),
  ]),
  acted('sale', '2024-08-01', [satisfies('sale', '2024-08-15')]),
  ruled('vacated', '2024-10-01', [ends('duty', 'vacated', { ending: 'e' })]),
  ruled('stayed', '2024-10-15', [restrains('s', { form: 'stay', of: ['e'], until: '2024-12-31' })]),
);

describe('segments', () => {
  it('are longest runs of days with one state, the last one open', () => {
    const saga = given(law, ruled('inj', '2024-02-01', [restrains('i', { until: '2024-03-31' })]));
    expect(runs(saga, 'enforcement')).toEqual([
      ['not-yet-possible', '2023-06-01', '2023-12-31'],
      ['active', '2024-01-01', '2024-01-31'],
      ['restrained', '2024-02-01', '2024-03-31'],
      ['active', '2024-04-01', null],
    ]);
    expect(runs(saga, 'force')).toEqual([
      ['not-yet', '2023-06-01', '2023-12-31'],
      ['in-force', '2024-01-01', null],
    ]);
    expect(runs(saga, 'operation')).toEqual([['operative', '2023-06-01', null]]);
  });

  it('do not break where only the restraint changes, or its until', () => {
    const saga = given(
      law,
      ruled('a', '2024-02-01', [restrains('i', { until: '2024-03-31' })]),
      ruled('b', '2024-03-01', [restrains('j', { until: '2024-05-31' })]),
    );
    expect(runs(saga, 'enforcement').slice(2)).toEqual([
      ['restrained', '2024-02-01', '2024-05-31'],
      ['active', '2024-06-01', null],
    ]);
  });

  it('show the answers as asked on each day: what was overtaken never shows', () => {
    const saga = given(
      law,
      ruled('a', '2024-02-01', [restrains('i')]),
      ruled('l', '2024-03-02', [lifts('i', '2024-03-10')]),
      ruled('r', '2024-03-04', [{ kind: 'reinstates', restraint: 'i' }]),
    );
    expect(runs(saga, 'enforcement').at(-1)).toEqual(['restrained', '2024-02-01', null]);
  });

  it('mark what reaches back, from the day it reaches', () => {
    const saga = given(law, enacted('cra', '2024-06-01', [ends('duty', 'repealed', { on: '2024-02-01' })]));
    const force = saga.segments({ party: 'acme' }).segments.filter(({ axis }) => axis === 'force');
    expect(force).toMatchObject([
      { state: 'not-yet', retroactive: false },
      { state: 'in-force', from: '2024-01-01', to: '2024-01-31', retroactive: false },
      { state: 'ended', from: '2024-02-01', to: null, retroactive: true, because: expect.arrayContaining(['cra']) },
    ]);
    const then = saga
      .segments({ party: 'acme' }, { publishedBy: '2024-05-31' })
      .segments.filter(({ axis }) => axis === 'force');
    expect(then.at(-1)).toMatchObject({ state: 'in-force', to: null });
  });

  it('tell parties apart where something does, and only there', () => {
    const saga = given(law, ruled('inj', '2024-02-01', [restrains('i', { protects: ['acme'] })]));
    const { segments } = saga.segments();
    const parties = (axis: string) => [
      ...new Set(segments.filter((each) => each.axis === axis).map((each) => each.parties.join(' '))),
    ];
    expect(parties('force')).toEqual(['acme bolt']);
    expect(parties('enforcement').toSorted()).toEqual(['acme', 'bolt']);
  });

  it('are asked for one enforcer', () => {
    const two = given(enacted('law', '2023-06-01', [establishes('duty')]));
    const enforcers = two.segments({ enforcer: 'sec' }).segments.flatMap(({ enforcer }) => enforcer ?? []);
    expect(new Set(enforcers)).toEqual(new Set(['sec']));
  });

  it('of nothing are none', () => expect(given().segments()).toEqual({ segments: [], headlines: [] }));

  it.each(['acme', 'bolt', undefined])('agree for %s with the answer asked on each day', (about) => {
    const query = about === undefined ? {} : { party: about };
    const { segments, headlines } = rich.segments(query);
    for (let day = '2023-01-15'; day <= '2025-08-01'; day = addDays(day, 1)) {
      const answer = rich.asked(day, query);
      expect([day, headlines.find((run) => holds(run, day))?.code]).toEqual([day, answer.headline.code]);
      for (const row of answer.provisions) {
        const states = segments
          .filter((run) => run.parties.includes(row.parties[0] ?? '') && holds(run, day))
          .map(({ axis, state }) => [axis, state]);
        expect([day, Object.fromEntries(states)]).toEqual([
          day,
          {
            instrument: row.instrument.state,
            force: row.force.state,
            operation: row.operation.state,
            applicability: row.applicability.state,
            enforcement: row.enforcement[0]?.state,
          },
        ]);
      }
    }
  });

  it('announce in `next` the first day on which the same entries answer otherwise', () => {
    const belief = believe(rich.events);
    if (!belief) throw new Error('The matter is open.');
    for (let day = '2023-01-15'; day <= '2025-08-01'; day = addDays(day, 1)) {
      const counted = belief.entries.filter(({ occurredOn }) => occurredOn <= day);
      const ask = (at: string) => interpret(belief.matter, counted, { at, party: 'acme' });
      const now = ask(day);
      const [next] = now.next;
      if (!next) continue;
      const before = ask(addDays(next.from, -1));
      expect([day, before.provisions, before.headline]).toEqual([day, now.provisions, now.headline]);
      expect(ask(next.from).provisions).not.toEqual(now.provisions);
    }
  });
});

function holds({ from, to }: { readonly from: string; readonly to: string | null }, day: string): boolean {
  return from <= day && (to === null || day <= to);
}
