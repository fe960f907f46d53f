import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { addDays } from '#libs/calendar';
import {
  believe,
  decide,
  deadlinesOf,
  type Effect,
  type Entry,
  evolve,
  interpret,
  Refusal,
  segmentsOf,
  type Status,
} from '#libs/matter';
import {
  act,
  day,
  dayAt,
  FIRST,
  histories,
  history,
  type History,
  LENGTH,
  matter,
  recordedEvent,
} from '../support/histories.ts';

const party = fc.option(fc.constantFrom('stores', 'ann', 'bob', 'cyd', 'dan'), { nil: undefined });
const enforcer = fc.option(fc.constantFrom('doj', 'sec'), { nil: undefined });
const runs = { numRuns: Number(process.env['INFORCE_TEST_RUNS'] ?? 300) };

interface Asked {
  readonly at: string;
  readonly party?: string;
  readonly enforcer?: string;
}

const question: fc.Arbitrary<Asked> = fc.record({ at: day, party, enforcer }).map((asked) => ({
  at: asked.at,
  ...(asked.party === undefined ? {} : { party: asked.party }),
  ...(asked.enforcer === undefined ? {} : { enforcer: asked.enforcer }),
}));

function entriesOf({ events }: History): readonly Entry[] {
  return believe(events)?.entries ?? [];
}

/** Every axis and headline, without the day-to-day reach of a limitation period. */
function answer(status: Status): unknown {
  return [status.headline, status.provisions.map(({ exposedSince: _exposedSince, ...row }) => row)];
}

/** The states and codes alone. */
function states(status: Status): unknown {
  return status.provisions.map((row) => [
    row.provision,
    row.parties,
    row.instrument.state,
    row.force.state,
    row.operation.state,
    row.applicability.state,
    row.enforcement.map(({ state }) => state),
  ]);
}

/** The codes of what has started: of what has not, a bar may stand on the start or not (headline 4). */
function startedCodes(status: Status): unknown {
  return status.provisions
    .filter(
      (row) =>
        row.force.state !== 'not-yet' &&
        row.operation.state === 'operative' &&
        row.applicability.state !== 'applies-from',
    )
    .map((row) => [row.provision, row.parties, row.headline.code]);
}

/** The own days that a generated effect names; undefined: it binds with its act. */
function ownDays(effect: Effect): readonly string[] | undefined {
  const own =
    'from' in effect
      ? effect.from
      : 'on' in effect
        ? effect.on
        : effect.kind === 'releases'
          ? effect.conductFrom
          : undefined;
  const force = effect.kind === 'establishes' ? effect.force : undefined;
  const basis = own ?? force;
  if (basis === undefined) return undefined;
  return typeof basis === 'string' ? [basis] : 'date' in basis && basis.date !== undefined ? [basis.date] : [];
}

describe('the laws of MODEL §7', () => {
  it('1: the same id with the same content, twice, is one event; with other content it is refused', () => {
    fc.assert(
      fc.property(histories, ({ record }) => {
        for (const { original, eventId } of record.entries.values()) {
          expect(decide(record, { kind: 'record-entry', entry: structuredClone(original) })).toEqual({
            kind: 'repeat',
            eventId,
          });
          const other = { ...original, title: 'Other' };
          expect(() => decide(record, { kind: 'record-entry', entry: other })).toThrow(
            expect.objectContaining({ rule: 'entry-differs' }),
          );
        }
      }),
      runs,
    );
  });

  it('2: every order of recording interprets alike', () => {
    fc.assert(
      fc.property(histories, question, fc.infiniteStream(fc.nat()), (told, asked, keys) => {
        const [opened, ...rest] = told.events;
        if (!opened) return;
        const shuffled = rest.map((event) => ({ event, key: keys.next().value })).toSorted((a, b) => a.key - b.key);
        const again = believe([opened, ...shuffled.map(({ event }, index) => recordedEvent(event, index + 1))]);
        const entries = again?.entries ?? [];
        expect(interpret(matter, entries, asked)).toEqual(interpret(matter, entriesOf(told), asked));
        expect(deadlinesOf(matter, entries, asked)).toEqual(deadlinesOf(matter, entriesOf(told), asked));
        expect(segmentsOf(matter, entries)).toEqual(segmentsOf(matter, entriesOf(told)));
      }),
      runs,
    );
  });

  it('3a: an entry whose act and binding days all come later changes nothing', () => {
    fc.assert(
      fc.property(histories, question, (told, asked) => {
        const entries = entriesOf(told);
        const sooner = entries.filter(
          ({ occurredOn, effects }) =>
            occurredOn <= asked.at ||
            effects.some((effect) => ownDays(effect)?.some((own) => own <= asked.at) ?? false) ||
            effects.some((effect) => ownDays(effect)?.length === 0),
        );
        const without = interpret(matter, sooner, asked);
        // An earlier act may name what a later one makes; leaving out the maker would orphan it.
        if (without.unresolved.length > 0) return;
        expect(without).toEqual(interpret(matter, entries, asked));
      }),
      runs,
    );
  });

  it('3b: an act whose effects all bind later changes no axis state, and no code but a bar on the start', () => {
    fc.assert(
      fc.property(histories, question, (told, asked) => {
        const entries = entriesOf(told);
        for (const late of entries) {
          const later = late.effects.every(
            (effect) =>
              effect.kind !== 'establishes' &&
              (ownDays(effect) ?? ['']).every((own) => own > asked.at) &&
              ownDays(effect)?.length === 1,
          );
          if (late.occurredOn > asked.at || !later) continue;
          const withIt = interpret(matter, entries, asked);
          const without = interpret(
            matter,
            entries.filter((entry) => entry !== late),
            asked,
          );
          if (without.unresolved.length > 0) continue;
          expect(states(without)).toEqual(states(withIt));
          expect(startedCodes(without)).toEqual(startedCodes(withIt));
        }
      }),
      runs,
    );
  });

  it('4: retraction gives the interpretation of what remains, and changes nothing known before it', () => {
    fc.assert(
      fc.property(histories, question, fc.nat(), (told, asked, pick) => {
        const entries = entriesOf(told);
        const gone = entries[pick % Math.max(entries.length, 1)];
        if (!gone) return;
        const retraction = { entry: gone.id, reason: 'It never happened', allowOrphans: true };
        const decision = decide(told.record, { kind: 'retract-entry', retraction });
        if (decision.kind !== 'append' || !decision.events[0]) throw new Error('A retraction appends.');
        const retracted = recordedEvent(decision.events[0], told.events.length);
        const events = [...told.events, retracted];
        const rest = entries.filter((entry) => entry !== gone);
        expect(interpret(matter, believe(events)?.entries ?? [], asked)).toEqual(interpret(matter, rest, asked));
        const before = believe(events, { knownAt: told.events.at(-1)?.recordedAt ?? '' });
        expect(before?.entries).toEqual(entries);
      }),
      runs,
    );
  });

  it('5: a lift changes no other restraint, save what the lifted one restrained, and so on down', () => {
    fc.assert(
      fc.property(histories, (told) => {
        const entries = entriesOf(told);
        const reach = (id: string): ReadonlySet<string> => {
          const found = new Set([id]);
          for (const next of found) {
            for (const effect of entries.flatMap((entry) => entry.effects)) {
              if (effect.kind === 'restrains' && effect.restraint === next)
                for (const of of effect.of ?? []) found.add(of);
            }
          }
          return found;
        };
        for (const lifting of entries) {
          const [lift] = lifting.effects;
          if (lifting.effects.length !== 1 || lift?.kind !== 'lifts') continue;
          const touched = reach(lift.restraint ?? lift.ending ?? '');
          const others = (list: readonly Entry[], at: string): unknown =>
            interpret(matter, list, { at }).provisions.map((row) => [
              row.parties,
              row.enforcement.map((axis) => axis.restraints.filter((id) => !touched.has(id))),
            ]);
          const without = entries.filter((entry) => entry !== lifting);
          for (let offset = 0; offset <= LENGTH; offset += 10) {
            expect(liveByParty(others(without, dayAt(offset)))).toEqual(liveByParty(others(entries, dayAt(offset))));
          }
        }
      }),
      runs,
    );
  });

  it('6: a headline that is not partly is the code of every member that is addressed', () => {
    fc.assert(
      fc.property(histories, question, (told, asked) => {
        const entries = entriesOf(told);
        const coarse = interpret(matter, entries, asked).headline.code;
        if (coarse === 'partly' || coarse === 'no-record' || coarse === 'not-law-yet') return;
        const members =
          asked.party === 'stores' ? ['ann', 'bob'] : asked.party === undefined ? ['ann', 'bob', 'cyd', 'dan'] : [];
        for (const member of members) {
          const own = interpret(matter, entries, { ...asked, party: member });
          const meant = own.provisions.some((row) => row.principal && row.applicability.state !== 'not-addressed');
          if (meant) expect(own.headline.code).toBe(coarse);
        }
      }),
      runs,
    );
  });

  it('7: next names exactly the days on which the same entries answer otherwise', () => {
    fc.assert(
      fc.property(histories, question, (told, asked) => {
        const counted = entriesOf(told).filter(({ occurredOn }) => occurredOn <= asked.at);
        const now = interpret(matter, counted, asked);
        const announced = new Map(now.next.map(({ from, then }) => [from, then]));
        let before = now;
        for (let at = addDays(asked.at, 1); at <= dayAt(LENGTH + 70); at = addDays(at, 1)) {
          const then = interpret(matter, counted, { ...asked, at });
          const differs = JSON.stringify(answer(then)) !== JSON.stringify(answer(before));
          expect([at, differs]).toEqual([at, announced.has(at)]);
          if (differs) expect(then.headline.code).toBe(announced.get(at));
          before = then;
        }
      }),
      { numRuns: Math.ceil(runs.numRuns / 4) },
    );
  });

  it('9: nothing that decide refuses can be brought about by a correction', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 4, maxLength: 12 }), (acts) => {
        const { record, refused } = history(acts);
        const innocent: Entry = {
          id: 'innocent',
          type: 'LawEnacted',
          occurredOn: FIRST,
          order: 1_000,
          title: 'No effects',
          author: { name: 'Congress' },
          sources: [{ title: 'A source', publisher: 'P', evidence: 'official' }],
          effects: [],
        };
        for (const entry of refused) {
          // What was refused for want of something may have become possible since.
          if (!refusedNow(record, entry)) continue;
          const decision = decide(record, {
            kind: 'record-entry',
            entry: { ...innocent, type: entry.type, author: entry.author },
          });
          if (decision.kind !== 'append' || !decision.events[0])
            throw new Error('An entry without effects is recorded.');
          const grown = evolve(record, recordedEvent(decision.events[0], record.revision + 1));
          const { id: _id, type: _type, ...changes } = entry;
          const correction = { entry: 'innocent', reason: 'To get round the guards', changes };
          expect(() => decide(grown, { kind: 'correct-entry', correction })).toThrow(Refusal);
        }
      }),
      runs,
    );
  });
});

describe('segments and deadlines', () => {
  it('say of each day what a question on that day says', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom('ann', 'cyd', 'dan'), (told, asked) => {
        const entries = entriesOf(told);
        const { segments, headlines } = segmentsOf(matter, entries, { party: asked });
        for (let offset = 0; offset <= LENGTH + 40; offset += 7) {
          const at = dayAt(offset);
          const status = interpret(matter, entries, { at, party: asked });
          const here = segments.filter(({ from, to }) => from <= at && (to === null || at <= to));
          const state = (provision: string, axis: string, by: string | null): string | undefined =>
            here.find((each) => each.provision === provision && each.axis === axis && each.enforcer === by)?.state;
          for (const row of status.provisions) {
            expect(state(row.provision, 'force', null)).toBe(row.force.state);
            expect(state(row.provision, 'operation', null)).toBe(row.operation.state);
            expect(state(row.provision, 'applicability', null)).toBe(row.applicability.state);
            for (const axis of row.enforcement)
              expect(state(row.provision, 'enforcement', axis.enforcer)).toBe(axis.state);
          }
          const headline = headlines.find(({ from, to }) => from <= at && (to === null || at <= to));
          if (headline) expect(headline.code).toBe(status.headline.code);
        }
      }),
      runs,
    );
  });

  it('have a due date unless they wait, and never lapse before it', () => {
    fc.assert(
      fc.property(histories, day, (told, at) => {
        for (const deadline of deadlinesOf(matter, entriesOf(told), { at })) {
          if (deadline.state === 'waiting') expect(deadline.due).toBeNull();
          if (deadline.state === 'lapsed' || deadline.state === 'reached')
            expect((deadline.due?.date ?? '~') <= at).toBe(true);
          if (deadline.state === 'scheduled' || deadline.state === 'extended')
            expect((deadline.due?.date ?? '') >= at).toBe(true);
        }
      }),
      runs,
    );
  });
});

function refusedNow(record: History['record'], entry: Entry): boolean {
  try {
    decide(record, { kind: 'record-entry', entry });
    return false;
  } catch (error) {
    return error instanceof Refusal;
  }
}

/** Restraints by party, since rows may be split differently. */
function liveByParty(rows: unknown): unknown {
  const live = new Map<string, Set<string>>();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape made above
  for (const [parties, lists] of rows as [string[], string[][]][]) {
    for (const each of parties) {
      const found = live.get(each) ?? new Set();
      for (const id of lists.flat()) found.add(id);
      live.set(each, found);
    }
  }
  return [...live].map(([each, ids]) => `${each}: ${[...ids].toSorted().join(' ')}`).toSorted();
}
