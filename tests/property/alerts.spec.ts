import { afterAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AlertEngine, alertKinds, Alerting, type PlannedAlert, type WatchFilter } from '#libs/alerts';
import { type EventLog, MemoryEventLog, type RecordedEvent } from '#libs/event-log';
import type { Deadline } from '#libs/matter';
import { settings, vault } from '../support/alerts.ts';
import { act, history } from '../support/histories.ts';
import { VirtualTime } from '../support/virtual-time.ts';

const runs = { numRuns: Number(process.env['INFORCE_TEST_RUNS'] ?? 60) };
const START = Date.parse('2023-12-20T15:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SPAN = 200 * DAY;

const some = <T>(...values: readonly T[]): fc.Arbitrary<readonly T[] | undefined> =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), { nil: undefined });

const filter: fc.Arbitrary<WatchFilter> = fc
  .record({
    matters: some('generated', 'another'),
    parties: some('stores', 'ann', 'bob', 'doj', 'nobody'),
    jurisdictions: some('US', 'EU'),
    kinds: some(...alertKinds),
  })
  .map((bounds) => JSON.parse(JSON.stringify(bounds)));

/** What happens to the one log: acts, watches that come, rest and go, corrections; each so long after the one before. */
const step = fc.record({
  wait: fc.integer({ min: 0, max: 12 * 24 }).map((hours) => hours * HOUR),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant({ kind: 'act' } as const) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('watch' as const),
        filter,
        timeZone: fc.constantFrom('America/New_York', 'Asia/Tokyo', 'Pacific/Honolulu'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('rest' as const),
        which: fc.nat(5),
        type: fc.constantFrom('WatchPaused', 'WatchResumed', 'WatchDisabled', 'WatchEnabled', 'WatchRemoved'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('amend' as const), which: fc.nat(20), retract: fc.boolean() }),
    },
  ),
});

const scenario = fc.record({
  acts: fc.array(act, { minLength: 3, maxLength: 12 }),
  steps: fc.array(step, { minLength: 5, maxLength: 25 }),
});

/** The events of a scenario, appended at their times. */
async function recorded({
  acts,
  steps,
}: typeof scenario extends fc.Arbitrary<infer S> ? S : never): Promise<readonly RecordedEvent[]> {
  let now = START;
  let count = 0;
  const log = new MemoryEventLog({ now: () => now });
  const { events } = history(acts);
  const put = async (stream: string, type: string, data: object): Promise<void> => {
    count += 1;
    const id = `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`;
    const revisions = (await Array.fromAsync(log.read(stream))).length;
    const expectation = revisions === 0 ? 'no-stream' : { revision: revisions - 1 };
    await log.append(stream, expectation, [{ id, type, schema: 1, data: JSON.parse(JSON.stringify(data)), meta: {} }]);
  };
  const [opening, ...others] = events;
  if (opening) await put('matter-generated', opening.type, opening.data);
  const watches: string[] = [];
  const entries: string[] = [];
  for (const { wait, what } of steps) {
    now += wait;
    if (what.kind === 'act') {
      const next = others.shift();
      if (!next) continue;
      if ('occurredOn' in next.data) entries.push(next.data.id);
      await put('matter-generated', next.type, next.data);
    } else if (what.kind === 'watch') {
      watches.push(`watch-${watches.length}`);
      const data = {
        ...settings({ filter: what.filter, timeZone: what.timeZone }),
        owner: 'key:1',
        channelKind: 'webhook',
      };
      await put(watches.at(-1) ?? '', 'WatchCreated', { ...data, address: vault.seal('x', 'y') });
    } else if (what.kind === 'rest') {
      const stream = watches[what.which];
      if (stream) await put(stream, what.type, what.type === 'WatchDisabled' ? { reason: 'a test' } : {});
    } else {
      const entry = entries[what.which];
      if (!entry) continue;
      const data = { entry, reason: 'a test', ...(what.retract ? {} : { changes: { title: `Amended ${count}` } }) };
      await put('matter-generated', what.retract ? 'EntryRetracted' : 'EntryCorrected', data);
    }
  }
  return Array.fromAsync(log.readAll());
}

function engine(): AlertEngine {
  return new AlertEngine({
    report: (message) => {
      throw new Error(message);
    },
  });
}

function inOnePass(events: readonly RecordedEvent[], until: number): readonly PlannedAlert[] {
  const planner = engine();
  const alerts = events.flatMap((event) => planner.take(event));
  return [...alerts, ...planner.advance(until)];
}

describe('what is planned', () => {
  it('is the same however often the clock is looked at in between', async () => {
    const looks = fc.array(fc.integer({ min: 0, max: SPAN / HOUR }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(scenario, looks, async (given, hours) => {
        const events = await recorded(given);
        const planner = engine();
        const alerts: PlannedAlert[] = [];
        const times = hours.map((hour) => START + hour * HOUR).toSorted((a, b) => a - b);
        for (const event of events) {
          const at = Date.parse(event.recordedAt);
          while ((times[0] ?? Infinity) < at) alerts.push(...planner.advance(times.shift() ?? 0));
          alerts.push(...planner.take(event));
        }
        for (const time of times) alerts.push(...planner.advance(time));
        alerts.push(...planner.advance(START + SPAN + 400 * DAY));
        expect(alerts).toEqual(inOnePass(events, START + SPAN + 400 * DAY));
      }),
      runs,
    );
  });

  it('stays planned: what comes later only adds to it', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.nat(25), async (given, cut) => {
        const events = await recorded(given);
        const known = events.slice(0, cut);
        const early = inOnePass(known, known.length > 0 ? Date.parse(known.at(-1)?.recordedAt ?? '') : START);
        const whole = inOnePass(events, START + SPAN);
        expect(whole.slice(0, early.length)).toEqual(early);
      }),
      runs,
    );
  });

  it('falls due in order, never before it is known, and each wake-up is announced', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const events = await recorded(given);
        const planner = engine();
        for (const event of events) {
          const due = planner.take(event).map(({ dueAt }) => dueAt);
          expect(due).toEqual(due.toSorted());
          expect(due.every((each) => each <= event.recordedAt)).toBe(true);
        }
        const last = Date.parse(events.at(-1)?.recordedAt ?? '');
        for (let before = last, next = planner.nextWake(); next !== null; next = planner.nextWake()) {
          expect(next).toBeGreaterThan(before);
          expect(planner.advance(next - 1)).toEqual([]);
          for (const { dueAt } of planner.advance(next)) expect(Date.parse(dueAt)).toBe(next);
          before = next;
        }
      }),
      runs,
    );
  });

  it('reminds of nothing that is closed, and calls nothing met that was not', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const closed = new Set<string>();
        for (const alert of inOnePass(await recorded(given), START + SPAN + 400 * DAY)) {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what alerts show of a deadline
          const deadline = alert.deadline as unknown as Deadline | null;
          const key = `${alert.watch} ${deadline?.id}`;
          if (alert.type === 'deadline-closed') {
            closed.add(key);
            expect(/\bmet\b/.test(alert.text)).toBe(deadline?.state === 'met');
          }
          if (alert.type === 'deadline-set' || alert.type === 'deadline-moved') closed.delete(key);
          if (alert.lead !== null) expect(closed).not.toContain(key);
        }
      }),
      runs,
    );
  });

  it('has an id of its own for each alert, and a body that any receiver takes', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const alerts = inOnePass(await recorded(given), START + SPAN);
        expect(
          alerts.every(({ id }) => /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
        ).toBe(true);
        const facts = alerts.filter(({ lead }) => lead === null).map(({ id }) => id);
        expect(new Set(facts).size).toBe(facts.length);
        expect(alerts.every((alert) => JSON.stringify(alert).length < 18_000)).toBe(true);
      }),
      runs,
    );
  });
});

describe('a planner that begins where everything was raised', () => {
  it('goes on as if it had never stopped', async () => {
    const hours = fc.nat(10 * 24);
    await fc.assert(
      fc.asyncProperty(scenario, fc.nat(25), hours, async (given, cut, wait) => {
        const events = await recorded(given);
        const [known, rest] = [events.slice(0, cut), events.slice(cut)];
        const planner = engine();
        const log: RecordedEvent[] = [];
        const put = (event: RecordedEvent): void => void log.push({ ...event, position: BigInt(log.length + 1) });
        const raise = (due: readonly PlannedAlert[], recordedAt: string): void => {
          for (const alert of due) put(raising(alert, recordedAt));
        };
        let covered = { position: 0n, at: START };
        for (const event of known) {
          put(event);
          covered = { position: BigInt(log.length), at: Date.parse(event.recordedAt) };
          raise(planner.take(event), event.recordedAt);
        }
        const next = Date.parse(rest[0]?.recordedAt ?? '9999-01-01T00:00:00Z');
        const at = Math.min(covered.at + wait * HOUR, next - 1);
        if (at < covered.at) return;
        raise(planner.advance(at), new Date(at).toISOString());
        const resumed = engine();
        resumed.resumeFrom({ ...covered, at });
        expect(log.flatMap((event) => resumed.take(event))).toEqual([]);
        const end = START + SPAN + 400 * DAY;
        const goneOn = rest.flatMap((event) => planner.take(event));
        const begun = rest.flatMap((event) => resumed.take({ ...event, position: event.position + 1_000_000n }));
        expect([...begun, ...resumed.advance(end)]).toEqual([...goneOn, ...planner.advance(end)]);
      }),
      runs,
    );
  });
});

function raising(alert: PlannedAlert, recordedAt: string): RecordedEvent {
  const data = JSON.parse(JSON.stringify({ ...alert, late: false }));
  const place = { stream: `alert-${alert.id}`, revision: 0, position: 0n, recordedAt };
  return { id: alert.id, type: 'AlertRaised', schema: 1, data, meta: {}, ...place };
}

describe('what is raised', () => {
  const stopped: Promise<void>[] = [];
  afterAll(() => Promise.all(stopped));

  /** Two replicas on one log, each of them cut off and begun anew at any time. */
  it('by two replicas that crash at any time is what one pass plans, each alert once, numbered alike', async () => {
    const crashes = fc.array(fc.record({ after: fc.nat(30), which: fc.nat(1) }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(scenario, crashes, async (given, cuts) => {
        const events = await recorded(given);
        const time = new VirtualTime(START);
        const log: EventLog = new MemoryEventLog({ now: time.now });
        const begin = (): Alerting => {
          const alerting = new Alerting({ log, scheduler: time.scheduler, now: time.now, lookMs: 6 * 3_600_000 });
          alerting.start();
          return alerting;
        };
        const replicas = [begin(), begin()];
        for (const [index, { id, stream, revision, type, data, recordedAt }] of events.entries()) {
          await time.run(Math.max(0, Date.parse(recordedAt) - time.now()));
          const expectation = revision === 0 ? 'no-stream' : { revision: revision - 1 };
          await log.append(stream, expectation, [{ id, type, schema: 1, data, meta: {} }]);
          for (const { after, which } of cuts) {
            if (after !== index) continue;
            stopped.push(replicas[which]?.stop() ?? Promise.resolve());
            replicas[which] = begin();
          }
        }
        await time.run(SPAN);
        const planned = inOnePass(await Array.fromAsync(log.readAll()), time.now());
        const raised = await Array.fromAsync(log.readAll({ filter: { streamPrefixes: ['alert-'] } }));
        expect(new Set(raised.map(({ id }) => id))).toEqual(new Set(planned.map(({ id }) => id)));
        expect(new Set(raised.map(({ id }) => id)).size).toBe(raised.length);
        const [one, other] = replicas;
        for (const { id } of one?.watches.all() ?? []) {
          const mine = await Array.fromAsync(one?.raised.after(id, 0) ?? []);
          expect(mine.map(({ seq }) => seq)).toEqual(mine.map((_, index) => index + 1));
          expect(await Array.fromAsync(other?.raised.after(id, 0) ?? [])).toEqual(mine);
        }
        await Promise.all(replicas.map((each) => each.stop()));
      }),
      { numRuns: Math.ceil(runs.numRuns / 6) },
    );
  });
});
