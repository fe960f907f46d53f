import * as fc from 'fast-check';
import { type EventLog, MemoryEventLog, type NewEvent } from '#libs/event-log';
import {
  ban,
  caughtUp,
  correction,
  duty,
  entry,
  following,
  NOON,
  opened,
  pause,
  record,
  recorded,
  retraction,
} from '../support/views.ts';

const id = fc.constantFrom('x', 'y', 'z');
const day = fc.constantFrom(
  '2024-05-01',
  '2024-05-31',
  '2024-06-01',
  '2024-06-02',
  '2024-06-15',
  '2024-07-01',
  'never',
);

const anEvent: fc.Arbitrary<NewEvent> = fc.oneof(
  id.map((one) => ban(one)),
  fc.tuple(id, day, day, id).map(([one, from, until, provision]) => pause(one, from, until, provision)),
  fc.tuple(id, day).map(([one, due]) => duty(one, due)),
  fc.tuple(id, day).map(([one, on]) => entry(one, on)),
  fc.tuple(id, day).map(([one, occurredOn]) => correction(one, { occurredOn })),
  fc.tuple(id, fc.constantFrom(null, 'Anew', 5)).map(([one, title]) => correction(one, { title })),
  fc.constantFrom('x', 'y', 'law-x', 'sets-x').map((one) => retraction(one)),
  id.map((one) => recorded('PartyAdded', { id: one, name: one, memberOf: ['app-stores'] })),
  fc.constant(recorded('Surprise', {})),
);

interface Step {
  readonly matter: string;
  readonly events: readonly NewEvent[];
  readonly hours: number;
}
const aStep: fc.Arbitrary<Step> = fc.record({
  matter: fc.constantFrom('a', 'b', 'c'),
  // An id can be in the log but once, and a value drawn twice is the same event.
  events: fc.array(anEvent, { minLength: 1, maxLength: 3 }).map((all) => all.map((each) => ({ ...each }))),
  hours: fc.nat(60),
});

async function digest(log: EventLog, pageSize: number): Promise<string> {
  const { views } = await following(log, { pageSize });
  const found = views.digest();
  await views.stop();
  return found;
}

it('is after any sequence of events what a fresh rebuild is, whatever its pages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { maxLength: 12 }), fc.integer({ min: 1, max: 7 }), async (steps, pageSize) => {
      let ms = NOON;
      const log = new MemoryEventLog({ now: () => ms });
      const { views } = await following(log, { pageSize });
      for (const { matter, events, hours } of steps) {
        const fresh = (await log.read(`matter-${matter}`)[Symbol.asyncIterator]().next()).done;
        const renewed = events.map((event) => ({ ...event, id: crypto.randomUUID() }));
        await record(log, matter, ...(fresh ? [opened(matter)] : []), ...renewed);
        ms += hours * 3_600_000;
        if (hours % 2 === 0) await caughtUp(views, log);
      }
      await caughtUp(views, log);
      const followed = views.digest();
      await views.stop();
      expect(await digest(log, 1000)).toBe(followed);
      expect(await digest(log, pageSize)).toBe(followed);
    }),
    { numRuns: 60 },
  );
});

it('lists at any time of reading what an interpretation on that day gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { maxLength: 8 }), fc.integer({ min: -40, max: 60 }), async (steps, days) => {
      const log = new MemoryEventLog({ now: () => NOON });
      for (const { matter, events } of steps) {
        const fresh = (await log.read(`matter-${matter}`)[Symbol.asyncIterator]().next()).done;
        const renewed = events.map((event) => ({ ...event, id: crypto.randomUUID() }));
        await record(log, matter, ...(fresh ? [opened(matter)] : []), ...renewed);
      }
      const now = NOON + days * 86_400_000;
      const { views } = await following(log, { now: () => now });
      const [matters, deadlines] = [await views.matters({ limit: 9 }), await views.deadlines({ limit: 99 })];
      // Publication by the last of days holds nothing back, and makes every matter be interpreted anew.
      const anew = { at: matters.clocks.at, publishedBy: '9999-12-31' };
      expect(matters.items).toEqual((await views.matters({ limit: 9, ...anew })).items);
      expect(deadlines.items).toEqual((await views.deadlines({ limit: 99, ...anew })).items);
      await views.stop();
    }),
    { numRuns: 60 },
  );
});
