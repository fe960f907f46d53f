import * as fc from 'fast-check';
import { MemoryEventLog, uuidv7 } from '#libs/event-log';
import type { MatterEvent, Source } from '#libs/matter';
import { type Answered, Register, type ReplayAsked, type ReplayStep, type StatusAnswer } from '#libs/register';
import { act, day, history, matter } from '../support/histories.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');

interface Extra {
  readonly kind: 'correct' | 'retract' | 'party';
  readonly entry: number;
  readonly publishedOn: string | undefined;
  readonly movesTo: string | undefined;
}

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const extra: fc.Arbitrary<Extra> = fc.record({
  kind: fc.constantFrom('correct', 'correct', 'retract', 'party'),
  entry: fc.nat(13),
  publishedOn: maybe(day),
  movesTo: maybe(day),
});

/** A matter with acts, corrections, retractions and late parties; of some events the record has one time. */
const records = fc
  .record({
    acts: fc.array(act, { minLength: 3, maxLength: 12 }),
    extras: fc.array(fc.record({ after: fc.nat(12), extra }), { maxLength: 6 }),
    gaps: fc.array(fc.constantFrom(0, 0, 1, 3_600_000, 90_000_000), { minLength: 20, maxLength: 20 }),
  })
  .map(({ acts, extras, gaps }) => {
    const events: MatterEvent[] = [];
    history(acts).events.forEach((event, index) => {
      events.push(event);
      for (const [at, { after, extra: more }] of extras.entries()) if (after === index) events.push(eventOf(more, at));
    });
    return { events, gaps };
  });

const source = (publishedOn: string): Source[] => [{ title: 'S', publisher: 'P', evidence: 'official', publishedOn }];

function eventOf({ kind, entry, publishedOn, movesTo }: Extra, index: number): MatterEvent {
  const about = { entry: `n${entry}`, reason: 'because', ...(publishedOn && { sources: source(publishedOn) }) };
  if (kind === 'party')
    return { type: 'PartyAdded', data: { id: `late-${index}`, name: 'Late', memberOf: ['stores'] } };
  if (kind === 'retract') return { type: 'EntryRetracted', data: { ...about, allowOrphans: true } };
  const changes = { title: 'Corrected', ...(movesTo && { sources: source(movesTo) }) };
  return { type: 'EntryCorrected', data: { ...about, changes } };
}

async function registerOf({ events, gaps }: { events: readonly MatterEvent[]; gaps: readonly number[] }) {
  let clock = Date.parse('2026-01-01T00:00:00Z');
  const log = new MemoryEventLog({ now: () => clock });
  for (const [index, { type, data }] of events.entries()) {
    const event = { id: uuidv7(), type, schema: 1, data: JSON.parse(JSON.stringify(data)), meta: { actor: 'test' } };
    await log.append(`matter-${matter.id}`, index === 0 ? 'no-stream' : { revision: index - 1 }, [event]);
    clock += gaps[index % gaps.length] ?? 0;
  }
  return new Register({ log, now: () => NOW });
}

const asked = fc.record(
  {
    at: maybe(day),
    party: fc.constantFrom(undefined, 'stores', 'ann'),
    enforcer: fc.constantFrom(undefined, 'doj'),
    publishedBy: maybe(day),
    knownAt: fc.constantFrom(undefined, '2026-01-02', '2026-01-01T05:00:00Z'),
  },
  { requiredKeys: [] },
);

const body = async <Body>(answer: Promise<Answered<Body>>): Promise<Body> => (await answer).body;

/** What a step must be, whatever the order: what the same question answers at its clock, and linked to its neighbour. */
async function expectFresh(
  steps: readonly ReplayStep[],
  fresh: (step: ReplayStep) => Promise<StatusAnswer>,
): Promise<void> {
  let before: StatusAnswer | undefined;
  for (const [index, step] of steps.entries()) {
    expect(step.after).toEqual(await fresh(step));
    expect(step.step).toBe(index + 1);
    if (before) expect(step.before).toEqual(before);
    expect(step.together).toContain(step.eventId);
    before = step.after;
  }
}

const whoOf = ({ party, enforcer }: { party?: string | undefined; enforcer?: string | undefined }) => ({
  ...(party !== undefined && { party }),
  ...(enforcer !== undefined && { enforcer }),
});

const clocksOf = (clocks: Readonly<Record<'at' | 'knownAt' | 'publishedBy', string | undefined>>) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names, without those that say nothing
  Object.fromEntries(Object.entries(clocks).filter(([, value]) => value !== undefined)) as ReplayAsked['clocks'];

it('is at each step what a fresh question with its knownAt answers', async () => {
  await fc.assert(
    fc.asyncProperty(records, asked, async (record, { at, publishedBy, knownAt, ...who }) => {
      const register = await registerOf(record);
      const clocks = clocksOf({ at, publishedBy, knownAt });
      const replayed = await register.replay(matter.id, { clocks, ...whoOf(who) });
      const steps = [...replayed.steps];
      await expectFresh(steps, ({ recordedAt }) =>
        body(register.status(matter.id, { clocks: { ...clocks, knownAt: recordedAt }, ...whoOf(who) })),
      );
      if (publishedBy === undefined) expect(steps).toHaveLength(replayed.revision);
      const present = await body(register.status(matter.id, { clocks, ...whoOf(who) }));
      const last = steps.at(-1)?.after ?? present;
      const { clocks: _, position: __, ...answer } = present;
      expect(last).toMatchObject(answer);
      if (publishedBy === undefined && knownAt === undefined && steps.length > 0) expect(last).toEqual(present);
    }),
    { numRuns: 200 },
  );
});

it('is at each step what a fresh question with its publishedBy answers', async () => {
  await fc.assert(
    fc.asyncProperty(records, asked, async (record, { at, publishedBy, knownAt, ...who }) => {
      const register = await registerOf(record);
      const clocks = clocksOf({ at, publishedBy, knownAt });
      const replayed = await register.replay(matter.id, { clocks, by: 'published', ...whoOf(who) });
      const steps = [...replayed.steps];
      const kept = clocksOf({ at, publishedBy: undefined, knownAt });
      await expectFresh(steps, ({ onTheDay }) =>
        body(register.status(matter.id, { clocks: { ...kept, publishedBy: onTheDay.at }, ...whoOf(who) })),
      );
      const { clocks: _, ...present } = await body(register.status(matter.id, { clocks, ...whoOf(who) }));
      const last = steps.at(-1)?.after ?? present;
      expect(last).toMatchObject(present);
      for (const { onTheDay } of steps) {
        const then = { ...kept, at: onTheDay.at, publishedBy: onTheDay.at };
        expect(onTheDay.headline).toEqual(
          (await body(register.status(matter.id, { clocks: then, ...whoOf(who) }))).headline,
        );
      }
    }),
    { numRuns: 200 },
  );
});

it('misses no day on which the public answer differs from that of the day before', async () => {
  await fc.assert(
    fc.asyncProperty(records, day, async (record, at) => {
      const register = await registerOf(record);
      const { steps } = await register.replay(matter.id, { clocks: { at }, by: 'published' });
      const days = [...steps];
      const answerOn = async (publishedBy: string) => {
        const { clocks: _, ...rest } = await body(register.status(matter.id, { clocks: { at, publishedBy } }));
        return rest;
      };
      for (let offset = -2; offset < 125; offset += 1) {
        const publishedBy = new Date(Date.UTC(2024, 0, 1 + offset)).toISOString().slice(0, 10);
        const last = days.findLast(({ onTheDay }) => onTheDay.at <= publishedBy)?.after ?? days[0]?.before;
        if (last) expect(last).toMatchObject(await answerOn(publishedBy));
      }
    }),
    { numRuns: 60 },
  );
});
