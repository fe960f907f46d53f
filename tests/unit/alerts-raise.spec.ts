import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Alerting, Raiser, type Watch } from '#libs/alerts';
import { epochMs } from '#libs/calendar';
import {
  type Appended,
  type EventLog,
  LogUnavailable,
  MemoryEventLog,
  type NewEvent,
  type RecordedEvent,
} from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { Chronicle, raisedFor } from '../support/alerts.ts';
import { aMatter, issued, setsDeadline } from '../support/matter.ts';

const START = '2025-03-01T17:00:00Z';
const DAY = 86_400_000;

let chronicle: Chronicle;
let running: Alerting[];
let watch: Watch;

function replica(more: Parameters<Chronicle['alerting']>[0] = {}): Alerting {
  const alerting = chronicle.alerting(more);
  running.push(alerting);
  return alerting;
}

async function raisings(): Promise<readonly RecordedEvent[]> {
  return Array.fromAsync(chronicle.log.readAll({ filter: { streamPrefixes: ['alert-'] } }));
}

const summary = async (alerting: Alerting): Promise<readonly string[]> =>
  (await raisedFor(alerting, watch.id)).map(
    ({ seq, raisedAt, alert: { type, lead, late } }) =>
      `${seq} ${raisedAt.slice(0, 16)} ${lead ?? type}${late ? ' late' : ''}`,
  );

async function begin(log?: (now: () => number) => EventLog): Promise<void> {
  chronicle = new Chronicle(epochMs(START), log);
  running = [];
  await chronicle.register.openMatter(aMatter(), { actor: 'tests' });
  watch = await chronicle.watch();
}

async function aReport(due = '2025-04-05', id = 'report'): Promise<void> {
  await chronicle.records(issued(`rule-${id}`, '2025-03-01', [setsDeadline(id, due)]));
}

const everything = [
  '1 2025-03-01T17:00 deadline-set',
  '2 2025-03-06T14:00 P30D',
  '3 2025-03-29T13:00 P7D',
  '4 2025-04-04T13:00 P1D',
  '5 2025-04-05T13:00 P0D',
  '6 2025-04-06T04:00 deadline-closed',
];

describe.each(['memory', 'sqlite'])('alerts in a log in %s', (kind) => {
  let directory = '';
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'inforce-alerts-'));
    const file = join(directory, 'events.db');
    const sqlite = kind === 'sqlite' ? await SqliteEventLog.open({ file, now: () => chronicle.time.now() }) : undefined;
    await begin((now) => sqlite ?? new MemoryEventLog({ now }));
  });
  afterEach(async () => {
    await Promise.all(running.map((each) => each.stop()));
    await chronicle.log.close();
    rmSync(directory, { recursive: true });
  });

  it('are raised as they fall due', async () => {
    const alerting = replica();
    await aReport();
    await chronicle.time.run(60 * DAY);
    expect(await summary(alerting)).toEqual(everything);
  });

  it('are raised once by two replicas, and numbered alike by both', async () => {
    const [one, other] = [replica(), replica()];
    await aReport();
    await chronicle.time.run(10 * DAY);
    await one.stop();
    await chronicle.time.run(20 * DAY);
    const third = replica();
    await chronicle.time.run(30 * DAY);
    expect(await summary(other)).toEqual(everything);
    expect(await summary(third)).toEqual(everything);
    const ids = (await raisings()).map(({ data }) => JSON.stringify(data));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('that fell due while nobody ran are raised at the next start, in order, and marked late', async () => {
    await aReport();
    chronicle.at('2025-04-04T13:05:00Z');
    const alerting = replica();
    await chronicle.time.run(60_000);
    expect(await summary(alerting)).toEqual([
      '1 2025-04-04T13:05 deadline-set late',
      '2 2025-04-04T13:05 P30D late',
      '3 2025-04-04T13:05 P7D late',
      '4 2025-04-04T13:05 P1D',
    ]);
  });

  it('that are told late say as of when, for what was tomorrow then may be today', async () => {
    await aReport();
    chronicle.at('2025-04-05T12:00:00Z');
    const alerting = replica();
    await chronicle.time.run(2 * 3_600_000);
    const texts = (await raisedFor(alerting, watch.id)).map(({ alert }) => alert.text);
    expect(texts.slice(-2)).toEqual([
      'Told late, as of 2025-04-04T13:00:00Z: report: due 2025-04-05, tomorrow.',
      'report: due 2025-04-05, today.',
    ]);
  });

  it('that a stopped service raised are not raised again', async () => {
    const first = replica();
    await aReport();
    await chronicle.time.run(60 * DAY);
    await first.stop();
    const before = (await raisings()).length;
    const second = replica();
    await chronicle.time.run(60 * DAY);
    expect(await summary(second)).toEqual(everything);
    expect(await raisings()).toHaveLength(before);
  });
});

describe('alerts', () => {
  beforeEach(() => begin());
  afterEach(() => Promise.all(running.map((each) => each.stop())));

  it('are not planned again from the beginning: the log says how far they came', async () => {
    const first = replica();
    for (let count = 0; count < 600; count += 1) await aReport('2025-09-01', `r${count}`);
    await chronicle.time.run(60_000);
    await first.stop();
    const covered = await Array.fromAsync(chronicle.log.read('alerts-covered'));
    expect(covered.length).toBeGreaterThan(0);
    const raised = (await raisings()).length;
    const second = replica({ outwardEffectsAllowed: () => false });
    await chronicle.time.settle();
    expect(second.state).toMatchObject({ caughtUp: true, pending: 0 });
    expect((await raisedFor(second, watch.id)).map(({ seq }) => seq)).toEqual(
      Array.from({ length: raised }, (_, index) => index + 1),
    );
    replica();
    await chronicle.time.run(epochMs('2025-08-25T14:00:00Z') - chronicle.time.now());
    const later = (await raisedFor(second, watch.id)).slice(raised).map(({ alert }) => alert.lead);
    expect(later.filter((lead) => lead === 'P30D')).toHaveLength(600);
    expect(later.filter((lead) => lead === 'P7D')).toHaveLength(600);
  });

  it('wait while no outward effects are allowed, and are raised by whoever may', async () => {
    let allowed = false;
    const alerting = replica({ outwardEffectsAllowed: () => allowed });
    await aReport();
    await chronicle.time.run(DAY);
    expect(await raisings()).toEqual([]);
    expect(alerting.state).toMatchObject({ caughtUp: true, pending: 1 });
    allowed = true;
    await chronicle.time.run(10_000);
    expect(await raisings()).toHaveLength(1);
    expect(alerting.state.pending).toBe(0);
  });

  it('that another replica raised are pending here no more', async () => {
    const idle = replica({ outwardEffectsAllowed: () => false });
    replica();
    await aReport();
    await chronicle.time.run(DAY);
    expect(await raisings()).toHaveLength(1);
    expect(idle.state.pending).toBe(0);
  });

  it('outlive a log that cannot be written for a while', async () => {
    let down = true;
    class Flaky extends MemoryEventLog {
      override append(stream: string, ...rest: [never, readonly NewEvent[]]): Promise<Appended> {
        if (down && stream.startsWith('alert-')) return Promise.reject(new LogUnavailable('no room'));
        return super.append(stream, ...rest);
      }
    }
    await begin((now) => new Flaky({ now }));
    const reports: string[] = [];
    const alerting = replica({ report: (message) => reports.push(message) });
    await aReport();
    await chronicle.time.run(60_000);
    expect(reports[0]).toMatch(/An alert cannot be raised now: .*no room/);
    expect(alerting.state).toMatchObject({
      pending: 1,
      lagMs: 60_000,
      error: expect.stringContaining('An alert cannot be raised now'),
    });
    down = false;
    await chronicle.time.run(60_000);
    expect(alerting.state).toMatchObject({ pending: 0, lagMs: 0, error: null });
    expect(await summary(alerting)).toEqual(['1 2025-03-01T17:01 deadline-set']);
  });

  it('outlive a follower that loses touch', async () => {
    let losses = 1;
    class Losing extends MemoryEventLog {
      override follow(options: Parameters<MemoryEventLog['follow']>[0]): ReturnType<MemoryEventLog['follow']> {
        if (losses > 0) {
          losses -= 1;
          throw new LogUnavailable('gone');
        }
        return super.follow(options);
      }
    }
    await begin((now) => new Losing({ now }));
    const reports: string[] = [];
    const alerting = replica({ report: (message) => reports.push(message) });
    await aReport();
    await chronicle.time.run(60_000);
    expect(reports).toEqual([expect.stringContaining('lost touch with the log')]);
    expect(await summary(alerting)).toEqual([everything[0]]);
  });

  it('come within a minute when the clock of the machine was put forward, or the machine slept', async () => {
    let slept = 0;
    await begin((now) => new MemoryEventLog({ now: () => now() + slept }));
    const { log, time } = chronicle;
    const alerting = new Alerting({ log, scheduler: time.scheduler, now: () => time.now() + slept });
    running.push(alerting);
    alerting.start();
    await aReport();
    await chronicle.time.run(60_000);
    slept = epochMs('2025-03-06T14:00:00Z') - chronicle.time.now();
    await chronicle.time.run(60_000);
    expect(await summary(alerting)).toEqual(['1 2025-03-01T17:00 deadline-set', '2 2025-03-06T14:01 P30D']);
  });

  it('are not raised by the clock while events are still on their way', async () => {
    let late: (() => void) | undefined;
    class Slow extends MemoryEventLog {
      override async *follow(options: Parameters<MemoryEventLog['follow']>[0]) {
        for await (const message of super.follow(options)) {
          if (message.kind === 'event' && message.event.type === 'EntryRetracted') {
            await new Promise<void>((resolve) => {
              late = resolve;
            });
          }
          yield message;
        }
      }
    }
    await begin((now) => new Slow({ now }));
    const alerting = replica();
    await aReport();
    await chronicle.time.run(epochMs('2025-04-04T12:59:00Z') - chronicle.time.now());
    await chronicle.retracts('rule-report');
    await chronicle.time.run(2 * DAY);
    expect(await summary(alerting)).toEqual(everything.slice(0, 3));
    late?.();
    await chronicle.time.run(60_000);
    expect((await raisedFor(alerting, watch.id)).map(({ alert }) => alert.lead ?? alert.type).slice(3)).toEqual([
      'correction-issued',
      'deadline-closed',
    ]);
  });

  it('are listened to from any number on, and live', async () => {
    const alerting = replica();
    await aReport();
    await chronicle.time.run(10 * DAY);
    const heard: number[] = [];
    const stop = new AbortController();
    const listening = (async () => {
      for await (const { seq } of alerting.raised.listen(watch.id, 1, stop.signal)) heard.push(seq);
    })();
    await chronicle.time.run(DAY);
    expect(heard).toEqual([2]);
    await chronicle.time.run(40 * DAY);
    expect(heard).toEqual([2, 3, 4, 5, 6]);
    stop.abort();
    await listening;
  });

  it('reach a listener that was busy while the other one left', async () => {
    const alerting = replica();
    await aReport();
    await chronicle.time.run(10 * DAY);
    const [stop, leave] = [new AbortController(), new AbortController()];
    const busy = alerting.raised.listen(watch.id, 1, stop.signal);
    expect((await busy.next()).value).toMatchObject({ seq: 2 });
    const leaving = Array.fromAsync(alerting.raised.listen(watch.id, 2, leave.signal));
    await chronicle.time.settle();
    leave.abort();
    expect(await leaving).toEqual([]);
    const third = busy.next();
    await chronicle.time.run(20 * DAY);
    const late = Promise.race([third, chronicle.time.settle().then(() => 'nothing was heard')]);
    expect(await late).toMatchObject({ value: { seq: 3 } });
    stop.abort();
    await busy.return();
  });

  it('are named to whoever follows by their watch, once for those there are and again for each that comes', async () => {
    const alerting = replica();
    await aReport();
    await chronicle.time.run(DAY);
    const named: string[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const id of alerting.raised.follow(stop.signal)) named.push(id);
    })();
    await chronicle.time.settle();
    expect(named).toEqual([watch.id]);
    await aReport('2025-09-01', 'plan');
    await chronicle.time.settle();
    expect(named).toEqual([watch.id, watch.id]);
    stop.abort();
    await following;
  });

  it('for a test are marked so, and are no correction to come', async () => {
    const alerting = replica();
    await chronicle.time.settle();
    const raised = await alerting.test(watch, AbortSignal.timeout(1000));
    const [only] = await raisedFor(alerting, watch.id);
    expect(only).toEqual(raised);
    expect(only).toMatchObject({ seq: 1, alert: { type: 'test', test: true, matter: null } });
    expect(alerting.raised.seqOf(watch.id, 'another')).toBeUndefined();
    expect([alerting.raised.count, alerting.raised.waiting(watch.id, 0)]).toEqual([1, 0]);
  });

  it('can be waited for: everything up to a position was seen, or the time is up', async () => {
    const alerting = replica();
    await aReport();
    const head = await chronicle.log.head();
    expect(await alerting.reached(head, AbortSignal.timeout(1000))).toBe(true);
    const stop = new AbortController();
    const waiting = alerting.reached(head + 1000n, stop.signal);
    stop.abort();
    expect(await waiting).toBe(false);
  });

  it('raised a second time are what they were', async () => {
    await aReport();
    const [alert] = await chronicle.planned();
    if (!alert) throw new Error('nothing was planned');
    const raiser = new Raiser(chronicle.log, chronicle.time.now);
    expect(await raiser.raise(alert)).toBe(true);
    expect(await raiser.raise({ ...alert, text: 'other words' })).toBe(false);
    expect((await raisings()).map(({ data }) => data)).toEqual([{ ...alert, late: false }]);
  });
});
