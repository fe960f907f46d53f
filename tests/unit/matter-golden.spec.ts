import { readdirSync, readFileSync } from 'node:fs';
import { addDays } from '#libs/calendar';
import {
  believe,
  deadlinesOf,
  type Entry,
  interpret,
  type Matter,
  type ProvisionStatus,
  type Status,
} from '#libs/matter';
import {
  aMatter,
  classOf,
  ends,
  enacted,
  establishes,
  forbears,
  given,
  issued,
  lifts,
  noticed,
  party,
  restrains,
  ruled,
  Saga,
} from '../support/matter.ts';

interface SagaFile {
  readonly matter: Matter;
  readonly entries: readonly Entry[];
  readonly questions: readonly Question[];
}

interface Question {
  readonly at: string;
  readonly party?: string;
  readonly enforcer?: string;
  readonly publishedBy?: string;
  readonly headline: string;
  readonly until?: string | null;
  readonly on?: string | null;
  readonly next?: { readonly from: string; readonly then: string };
  readonly axes?: Readonly<Record<string, AxesAsked>>;
  readonly deadlines?: Readonly<Record<string, { readonly due: string | null; readonly state: string }>>;
  readonly why?: string;
}

interface AxesAsked {
  readonly code?: string;
  readonly on?: string | null;
  readonly instrument?: string;
  readonly force?: string;
  readonly operation?: string;
  readonly applicability?: string;
  readonly enforcement?: Readonly<Record<string, string>>;
  readonly liability?: Readonly<Record<string, string>>;
  readonly retroactive?: { readonly force: true | null };
  readonly contested?: { readonly force: readonly string[] };
}

interface TikTokFile {
  readonly parties: readonly (string | null)[];
  readonly notAddressed: readonly string[];
  readonly rows: readonly TikTokRow[];
}

interface TikTokRow extends Question {
  readonly force?: string;
  readonly enforcement?: Readonly<Record<string, string>>;
  readonly applicability?: string;
  readonly liability?: { readonly state: string; readonly from: string };
  readonly deciding?: readonly string[];
  readonly note?: string;
}

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

describe.each(readdirSync(new URL('tests/golden/sagas/', root)))('the saga %s', (file) => {
  const { matter, entries, questions }: SagaFile = JSON.parse(read(`tests/golden/sagas/${file}`));
  const saga = Saga.of(matter).given(...entries);

  it.each(questions.map((question) => [sentence(question), question] as const))('%s', (_, question) => {
    const { at, publishedBy, axes = {}, deadlines = {} } = question;
    const answer = saga.asked(at, question);
    expect(answer.headline).toMatchObject(headlineAsked(question));
    if (question.next) expect(answer.next).toContainEqual(expect.objectContaining(question.next));
    for (const [provision, asked] of Object.entries(axes)) {
      expect(asAsked(rowOf(answer, provision), asked)).toEqual(asked);
    }
    for (const [id, { due, state }] of Object.entries(deadlines)) {
      const deadline = saga.deadline(at, id, publishedBy === undefined ? {} : { publishedBy });
      expect({ due: deadline.due?.date ?? null, state: deadline.state }).toEqual({ due, state });
    }
    expect(answer.unresolved).toEqual([]);
  });

  it('answers alike in every order of recording', () => {
    const entriesBackwards = believe(saga.events)?.entries.toReversed() ?? [];
    for (const { at } of questions) {
      expect(interpret(matter, entriesBackwards, { at })).toEqual(interpret(matter, entries, { at }));
    }
  });

  it('announces what the same entries answer when they are asked again on that day', () => {
    for (const { at } of questions) {
      const counted = entries.filter(({ occurredOn }) => occurredOn <= at);
      for (const { from, then } of interpret(matter, counted, { at }).next) {
        expect(interpret(matter, counted, { at: from }).headline.code).toBe(then);
      }
    }
  });
});

function sentence({ at, party: about, enforcer, publishedBy, headline, why }: Question): string {
  const known = publishedBy === undefined ? '' : ` as published by ${publishedBy}`;
  const who = [about, enforcer && `by ${enforcer}`].filter(Boolean).join(' ') || 'anybody';
  return `on ${at}${known}, for ${who}: ${headline}${why === undefined ? '' : ` (${why})`}`;
}

function headlineAsked({ headline, until, on }: Question): object {
  return { code: headline, ...(until === undefined ? {} : { until }), ...(on === undefined ? {} : { on }) };
}

function rowOf({ provisions }: Status, provision: string): ProvisionStatus {
  const rows = provisions.filter((each) => each.provision === provision);
  const [row] = rows;
  if (!row || rows.length > 1) throw new Error(`${rows.length} rows of ${provision}`);
  return row;
}

/** The parts of a row that a question asks about, in the question's shape. */
function asAsked(row: ProvisionStatus, asked: AxesAsked): AxesAsked {
  const states = Object.fromEntries(row.enforcement.map(({ enforcer, state }) => [enforcer, state]));
  const liabilities = Object.fromEntries(
    row.enforcement.map(({ enforcer, liability }) => [enforcer, liability?.state ?? 'none']),
  );
  return {
    ...(asked.code === undefined ? {} : { code: row.headline.code }),
    ...(asked.on === undefined ? {} : { on: row.headline.on ?? null }),
    ...(asked.instrument === undefined ? {} : { instrument: row.instrument.state }),
    ...(asked.force === undefined ? {} : { force: row.force.state }),
    ...(asked.operation === undefined ? {} : { operation: row.operation.state }),
    ...(asked.applicability === undefined ? {} : { applicability: row.applicability.state }),
    ...(asked.enforcement === undefined ? {} : { enforcement: only(states, asked.enforcement) }),
    ...(asked.liability === undefined ? {} : { liability: only(liabilities, asked.liability) }),
    ...(asked.retroactive === undefined ? {} : { retroactive: { force: row.force.retroactive ?? null } }),
    ...(asked.contested === undefined ? {} : { contested: { force: row.force.contested ?? [] } }),
  };
}

function only(states: Readonly<Record<string, string>>, keys: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(states).filter(([key]) => Object.hasOwn(keys, key)));
}

describe('the TikTok dataset', () => {
  const { matter, entries }: SagaFile = JSON.parse(read('datasets/us-tiktok.json'));
  const golden: TikTokFile = JSON.parse(read('tests/golden/us-tiktok-status.json'));
  const saga = Saga.of(matter).given(...entries);
  const rows = golden.rows.map((row) => [sentence(row), row] as const);

  describe.each(golden.parties)('for party %s', (about) => {
    const who = about === null ? {} : { party: about };

    it.each(rows)('%s', (_, row) => {
      const answer = saga.asked(row.at, { ...row, ...who });
      expect(answer.headline).toMatchObject(headlineAsked(row));
      const reasons = answer.because.map(({ entry }) => entry);
      expect(reasons).toEqual(expect.arrayContaining([...(row.deciding ?? [])]));
      for (const its of answer.provisions.filter(({ provision }) => provision === 'pafaca-2a')) {
        const { liability } = row;
        if (row.force) expect(its.force.state).toBe(row.force);
        if (row.applicability) expect(its.applicability.state).toBe(row.applicability);
        if (liability) expect(its.enforcement[0]?.liability).toEqual(liability);
        if (row.enforcement) expect(asAsked(its, row)).toMatchObject({ enforcement: row.enforcement });
      }
    });
  });

  it.each(golden.notAddressed)('does not apply to %s on any date', (about) => {
    for (const row of golden.rows) {
      expect(saga.code(row.at, { ...row, party: about })).toBe('does-not-apply');
    }
  });

  it('shows by the evidence that no official act confirms the closing', () => {
    expect(saga.row('2026-02-01', { provision: 'pafaca-2a', party: 'apple' }).evidence.state).not.toBe('official');
  });

  it('prints the force of sec. 2(a) as one run from 24 April 2024', () => {
    for (const query of [{}, { party: 'apple' }, { party: 'oracle' }, { enforcer: 'doj' }]) {
      const runs = saga
        .segments(query)
        .segments.filter(({ provision, axis }) => provision === 'pafaca-2a' && axis === 'force');
      expect(runs.length).toBeGreaterThan(0);
      for (const run of runs) expect(run).toMatchObject({ state: 'in-force', from: '2024-04-24', to: null });
    }
  });

  it('holds sec. 2(a) in force on every day since, for everybody', () => {
    let day = '2024-04-24';
    while (day < '2026-06-01') {
      const force = saga
        .asked(day)
        .provisions.filter(({ provision }) => provision === 'pafaca-2a')
        .map((row) => row.force);
      expect(force.length).toBeGreaterThan(0);
      for (const each of force) expect(each).toEqual({ state: 'in-force', from: '2024-04-24' });
      day = addDays(day, 1);
    }
  });

  it('agrees day by day with its own segments', () => {
    const { segments, headlines } = saga.segments({ party: 'apple' });
    for (let day = '2024-03-01'; day < '2026-03-01'; day = addDays(day, 1)) {
      const answer = saga.asked(day, { party: 'apple' });
      expect(runOn(headlines, day)?.code).toBe(answer.headline.code);
      for (const row of answer.provisions.filter(({ provision }) => provision === 'pafaca-2a')) {
        const its = segments.filter(({ provision }) => provision === 'pafaca-2a');
        const state = (axis: string, enforcer: string | null = null) =>
          runOn(
            its.filter((run) => run.axis === axis && run.enforcer === enforcer),
            day,
          )?.state;
        expect(state('force')).toBe(row.force.state);
        expect(state('applicability')).toBe(row.applicability.state);
        expect(state('enforcement', 'doj')).toBe(row.enforcement[0]?.state);
      }
    }
  });

  it('lists each end of the forbearance as a move of one deadline', () => {
    expect(saga.deadline('2025-12-20', 'tiktok-forbearance.until')).toMatchObject({
      due: { date: '2026-01-23', inclusive: 'unstated' },
      state: 'extended',
      movedBy: 'eo-14352',
      history: [
        { due: '2025-04-05', entry: 'eo-14166' },
        { due: '2025-06-19', entry: 'eo-14258' },
        { due: '2025-09-17', entry: 'eo-14310' },
        { due: '2025-12-16', entry: 'eo-14350' },
        { due: '2026-01-23', entry: 'eo-14352' },
      ],
    });
  });
});

function runOn<Run extends { from: string; to: string | null }>(runs: readonly Run[], day: string): Run | undefined {
  return runs.find(({ from, to }) => from <= day && (to === null || day <= to));
}

describe('the chip-control dataset', () => {
  const { matter, entries }: SagaFile = JSON.parse(read('datasets/us-chip-controls.json'));

  it('passes every guard, entry by entry, and leaves nothing unresolved', () => {
    const saga = Saga.of(matter).given(...entries);
    expect(saga.asked('2026-06-01').unresolved).toEqual([]);
    expect(deadlinesOf(matter, entries, { at: '2026-06-01' })).toEqual(expect.any(Array));
  });
});

describe('synthetic rows', () => {
  const law = enacted('law', '2023-01-01', [establishes('duty', { force: '2023-01-01', enforcers: ['doj'] })]);

  it('two orders, one rule: lifting one leaves the other standing', () => {
    const saga = given(
      law,
      ruled('a', '2025-01-01', [restrains('order-a')], { author: { name: 'Court A' } }),
      ruled('b', '2025-01-10', [restrains('order-b')], { author: { name: 'Court B' } }),
      ruled('a-lifted', '2025-01-20', [lifts('order-a')], { author: { name: 'Court A' } }),
      ruled('b-lifted', '2025-02-10', [lifts('order-b')], { author: { name: 'Court B' } }),
    );
    expect(saga.code('2025-01-25')).toBe('blocked-by-court');
    expect(saga.code('2025-02-11')).toBe('in-force-and-enforceable');
  });

  it('silence: a pause that nobody ends, ends', () => {
    const pause = noticed('pause', '2025-01-02', [forbears('pause', { until: '2025-03-31' })], {
      author: { name: 'doj' },
    });
    const saga = given(law, pause);
    expect(saga.code('2025-03-31')).toBe('enforcement-paused');
    expect(saga.code('2025-04-01')).toBe('in-force-and-enforceable');
  });

  it('UK Dogs Act 1906 s. 3: repealed for England and Wales only', () => {
    const uk = aMatter({
      jurisdiction: 'GB',
      timeZone: 'Europe/London',
      parties: [classOf('england-and-wales'), classOf('scotland'), party('glasgow', 'scotland')],
    });
    const saga = Saga.of(uk).given(
      enacted('dogs-act', '1906-08-04', [
        { kind: 'establishes', provision: 's3', title: 's. 3', norm: 'power', force: '1906-08-04' },
      ]),
      enacted('repeal', '2005-04-07', [ends('s3', 'repealed', { on: '2008-04-06', for: ['england-and-wales'] })]),
    );
    expect(saga.code('2008-04-05')).toBe('in-force');
    expect(saga.code('2009-01-01')).toBe('partly');
    expect(saga.code('2009-01-01', { party: 'scotland' })).toBe('in-force');
    expect(saga.code('2009-01-01', { party: 'england-and-wales' })).toBe('repealed');
  });

  it('a stay of a judgment revives what the judgment ended, until it is lifted', () => {
    const saga = given(
      law,
      ruled('judgment', '2025-05-28', [ends('duty', 'vacated', { ending: 'e1' })]),
      ruled('appeal', '2025-05-29', [restrains('stay', { form: 'stay', of: ['e1'] })], { author: { name: 'Appeals' } }),
      ruled('lifted', '2025-10-14', [lifts('stay')], { author: { name: 'Appeals' } }),
    );
    expect(saga.code('2025-05-28')).toBe('vacated');
    expect(saga.code('2025-06-15')).toBe('in-force-and-enforceable');
    expect(saga.code('2025-10-14')).toBe('vacated');
  });

  it('a bar that outlasts the start is what the headline says', () => {
    const saga = given(
      issued('rule', '2024-03-06', [establishes('duty', { force: '2024-05-28', enforcers: ['sec'] })]),
      issued('own-stay', '2024-04-04', [restrains('own-stay', { form: 'stay' })]),
    );
    expect(saga.code('2024-04-10')).toBe('stayed');
    expect(saga.code('2024-03-10')).toBe('enacted-not-in-force');
  });

  it('two enforcers, one of them paused', () => {
    const saga = given(
      enacted('statute', '2023-01-01', [establishes('duty', { force: '2023-01-01' })]),
      noticed('pause', '2025-02-10', [forbears('pause', { enforcers: ['doj'], until: '2025-08-09' })], {
        author: { name: 'doj' },
      }),
    );
    expect(saga.code('2025-03-01')).toBe('partly');
    expect(saga.code('2025-03-01', { enforcer: 'doj' })).toBe('enforcement-paused');
    expect(saga.code('2025-03-01', { enforcer: 'sec' })).toBe('in-force-and-enforceable');
    expect(saga.code('2025-08-10')).toBe('in-force-and-enforceable');
  });
});
