import * as fc from 'fast-check';
import { addDays } from '#libs/calendar';
import {
  type Basis,
  decide,
  type Effect,
  type Entry,
  evolve,
  type Matter,
  type MatterEvent,
  type MatterRecord,
  type RecordedMatterEvent,
  Refusal,
} from '#libs/matter';

/** Two classes that overlap in nobody, a loner, a dependent and an independent enforcer. */
export const matter: Matter = {
  id: 'generated',
  title: 'A generated matter',
  jurisdiction: 'US',
  timeZone: 'America/New_York',
  parties: [
    { id: 'stores', name: 'Stores', kind: 'class' },
    { id: 'hosts', name: 'Hosts', kind: 'class' },
    { id: 'big-stores', name: 'Big stores', kind: 'class', memberOf: ['stores'] },
    { id: 'ann', name: 'Ann', memberOf: ['big-stores'] },
    { id: 'bob', name: 'Bob', memberOf: ['stores'] },
    { id: 'cyd', name: 'Cyd', memberOf: ['hosts'] },
    { id: 'dan', name: 'Dan' },
    { id: 'doj', name: 'Department of Justice', kind: 'enforcer', jurisdiction: 'US' },
    { id: 'sec', name: 'Securities and Exchange Commission', kind: 'enforcer', jurisdiction: 'US', independent: true },
  ],
};

export const FIRST = '2024-01-01';
export const LENGTH = 120;

export const dayAt = (offset: number): string => addDays(FIRST, offset);
export const day = fc.integer({ min: 0, max: LENGTH }).map(dayAt);

const parties = fc.constantFrom('stores', 'hosts', 'big-stores', 'ann', 'bob', 'cyd', 'dan');
const someParties = fc.uniqueArray(parties, { minLength: 1, maxLength: 2 });
const enforcers = fc.constantFrom(['doj'], ['sec'], ['doj', 'sec']);
const provision = fc.constantFrom('p1', 'p2', 'p3');
const restraint = fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5');
const ending = fc.constantFrom('x1', 'x2');
const condition = fc.constantFrom('c1', 'c2');
const deadline = fc.constantFrom('d1', 'd2');

const basis: fc.Arbitrary<Basis> = fc.oneof(
  { weight: 5, arbitrary: day },
  { weight: 1, arbitrary: fc.record({ date: day, inclusive: fc.constantFrom('yes', 'no', 'unstated') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      period: fc.constantFrom('P10D', 'P1M', 'P2W'),
      after: day,
      rule: fc.constantFrom('us.plain', 'us.frcp6@2009', 'eu.1182-71'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ contingent: fc.constant('something happens'), condition }) },
  { weight: 1, arbitrary: fc.record({ contingent: fc.constant('something happens'), condition, latest: day }) },
  {
    weight: 1,
    arbitrary: fc.record({ earliest: fc.tuple(day, fc.record({ contingent: fc.constant('else'), condition })) }),
  },
);

const kind = <K extends string>(name: K): fc.Arbitrary<K> => fc.constant(name);
const forms = fc.constantFrom('stay', 'preliminary-injunction', 'forbearance');

/** Any effect, over a few ids, so that effects meet. */
const effect: fc.Arbitrary<object> = fc.oneof(
  { weight: 4, arbitrary: establishes() },
  {
    weight: 4,
    arbitrary: fc
      .record({ on: fc.option(basis, { nil: undefined }), until: fc.option(basis, { nil: undefined }), form: forms })
      .chain(({ on, until, form }) =>
        fc.record({
          kind: kind('restrains'),
          restraint,
          form: fc.constant(form),
          provisions: fc.uniqueArray(provision, { minLength: 1, maxLength: 2 }),
          protects: fc.oneof(fc.constant('all'), someParties),
          ...(form === 'forbearance' ? { enforcers } : {}),
          ...(on === undefined ? {} : { from: fc.constant(on) }),
          ...(until === undefined ? {} : { until: fc.constant(until) }),
        }),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('restrains'),
      restraint,
      form: fc.constant('stay'),
      of: fc.uniqueArray(fc.oneof(restraint, ending), { minLength: 1, maxLength: 2 }),
      protects: fc.oneof(fc.constant('all'), someParties),
      from: basis,
      until: basis,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('lifts'), restraint, on: basis }, { requiredKeys: ['kind', 'restraint'] }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('lifts'), ending, on: basis }, { requiredKeys: ['kind', 'ending'] }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('reinstates'), restraint, on: basis }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('extends'), restraint, until: basis }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('extends'), provision, until: basis }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('varies'), restraint, on: basis, protects: someParties }) },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        kind: kind('ends'),
        provision,
        ending,
        how: fc.constantFrom('repealed', 'vacated', 'superseded'),
        on: basis,
        for: someParties,
      },
      { requiredKeys: ['kind', 'provision', 'how'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        kind: fc.constantFrom('commences', 'postpones'),
        provision,
        axis: fc.constantFrom('force', 'operation', 'applicability', 'enforcement'),
        to: basis,
        on: basis,
        for: someParties,
        enforcers,
      },
      { requiredKeys: ['kind', 'provision', 'axis', 'to'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('determines'),
      provision,
      party: parties,
      applicability: fc.constantFrom('applies', 'exempt', 'disputed', 'unknown', 'no-longer-meets-definition'),
      from: basis,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('satisfies'), condition, on: day }, { requiredKeys: ['kind', 'condition'] }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('releases'),
      provisions: fc.tuple(provision),
      protects: someParties,
      conductFrom: day,
      state: fc.constantFrom('disclaimed', 'extinguished'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('sets-deadline'),
      deadline,
      title: fc.constant('A deadline'),
      deadlineKind: fc.constantFrom('party-act', 'review', 'effective'),
      obligated: someParties,
      provision,
      basis,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('moves-deadline'), deadline, basis }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('closes-deadline'), deadline, how: fc.constantFrom('met', 'moot'), on: basis }),
  },
);

function establishes(): fc.Arbitrary<object> {
  return fc.record(
    {
      kind: kind('establishes'),
      provision,
      title: fc.constant('A provision'),
      norm: fc.constant('duty'),
      addressees: someParties,
      enforcers,
      force: basis,
      applies: basis,
      until: basis,
      principal: fc.boolean(),
      limitation: fc.constant('P30D'),
    },
    { requiredKeys: ['kind', 'provision', 'title', 'norm', 'force'] },
  );
}

const types = fc.constantFrom('LawEnacted', 'LawEnacted', 'LawEnacted', 'CourtRuled', 'BillPassed');

/** An act with one or two effects, whoever may carry them: `decide` refuses what must not be. */
export const act: fc.Arbitrary<Omit<Entry, 'id' | 'order'>> = fc
  .record({
    type: types,
    occurredOn: day,
    effects: fc.array(effect, { minLength: 1, maxLength: 2 }),
    evidence: fc.constantFrom('official', 'press'),
    publishedOn: fc.option(day, { nil: undefined }),
  })
  .map(({ type, occurredOn, effects, evidence, publishedOn }): Omit<Entry, 'id' | 'order'> => ({
    type,
    occurredOn,
    title: `${type} of ${occurredOn}`,
    author: { name: type === 'CourtRuled' ? 'A court' : 'Congress' },
    ...(type === 'CourtRuled' ? {} : { instrument: { id: `act-of-${occurredOn}` } }),
    sources: [{ title: 'A source', publisher: 'P', evidence, ...(publishedOn === undefined ? {} : { publishedOn }) }],
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each object is one of the shapes above
    effects: JSON.parse(JSON.stringify(effects)) as Effect[],
  }));

export interface History {
  readonly events: readonly RecordedMatterEvent[];
  readonly record: MatterRecord;
  readonly refused: readonly Entry[];
}

/** Records each act that the guards let through. `order` follows the recording, so that no two acts are ambiguous. */
export function history(acts: readonly Omit<Entry, 'id' | 'order'>[]): History {
  const events: RecordedMatterEvent[] = [];
  let record: MatterRecord | undefined;
  const put = (event: MatterEvent): void => {
    const recorded = recordedEvent(event, events.length);
    events.push(recorded);
    record = evolve(record, recorded);
  };
  put({ type: 'MatterOpened', data: matter });
  const refused: Entry[] = [];
  acts.forEach((body, index) => {
    const entry: Entry = { ...body, id: `n${index}`, order: index };
    try {
      const decision = decide(record, { kind: 'record-entry', entry });
      if (decision.kind === 'append') decision.events.forEach(put);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push(entry);
    }
  });
  if (!record) throw new Error('The matter was opened.');
  return { events, record, refused };
}

export function recordedEvent(event: MatterEvent, revision: number): RecordedMatterEvent {
  const recordedAt = new Date(Date.UTC(2026, 0, 1) + revision * 60_000).toISOString();
  return { ...event, id: `event-${revision}`, revision, recordedAt };
}

export const histories = fc.array(act, { minLength: 3, maxLength: 14 }).map(history);
