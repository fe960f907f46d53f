// Planning beside a hundred thousand open deadlines, and how long a restart takes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertEngine, Alerting, WatchDesk } from '#libs/alerts';
import { addDays } from '#libs/calendar';
import { type Json, type NewEvent, type RecordedEvent, uuidv7 } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { Vault } from '#libs/vault';
import type { BenchResult } from './run.ts';

const MATTERS = 10_000;
const DEADLINES = 10;
const WATCHES = 1_000;
/** Each matter concerns one class, and each class is watched by a tenth of the watches. */
const CLASSES = 10;
const NEW_EVENTS = 1_000;
const START = Date.parse('2025-03-01T12:00:00Z');

export async function plan(): Promise<readonly BenchResult[]> {
  const directory = await mkdtemp(join(tmpdir(), 'inforce-bench-'));
  const file = join(directory, 'events.db');
  let now = START;
  const log = await SqliteEventLog.open({ file, now: () => now });
  try {
    await recordMatters(log);
    await createWatches(log);
    const engine = new AlertEngine();
    for await (const recorded of log.readAll()) engine.take(recorded);
    const { times, alerts } = planNew(engine, now);
    const restart = await restarted(log, () => now);
    now += 1;
    const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
    const about = `${(MATTERS * DEADLINES).toLocaleString('en')} open deadlines and ${WATCHES.toLocaleString('en')} watches`;
    return [
      {
        name: 'plan',
        what: `ms (p99) to plan one new event beside ${about}, told to ${WATCHES / CLASSES} of them`,
        ratio: p99,
        aim: 50,
        ok: p99 <= 50,
        detail: `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${alerts / NEW_EVENTS} alerts an event`,
      },
      {
        name: 'plan-restart',
        what: `s from the start of alerts until the whole log is taken in, with ${about}`,
        ratio: restart,
        aim: 10,
        ok: restart <= 10,
        detail: `${restart.toFixed(1)} s`,
      },
    ];
  } finally {
    await log.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Each new event moves a deadline of another matter, far ahead of every reminder. */
function planNew(engine: AlertEngine, now: number): { readonly times: readonly number[]; readonly alerts: number } {
  const times: number[] = [];
  let alerts = 0;
  for (let count = 0; count < NEW_EVENTS; count += 1) {
    const matter = (count * 7919) % MATTERS;
    const basis = addDays('2027-09-01', count % 300);
    const move = entry('move', '2025-03-01', [
      { kind: 'moves-deadline', deadline: `report-${count % DEADLINES}`, basis },
    ]);
    const moved: RecordedEvent = {
      ...move,
      stream: `matter-m${matter}`,
      revision: 2,
      position: BigInt(1_000_000 + count),
      recordedAt: new Date(now).toISOString(),
    };
    const start = performance.now();
    alerts += engine.take(moved).length;
    engine.nextWake();
    times.push(performance.now() - start);
  }
  return { times, alerts };
}

async function restarted(log: SqliteEventLog, now: () => number): Promise<number> {
  const alerting = new Alerting({ log, now });
  const start = performance.now();
  alerting.start();
  const ready = await alerting.reached(await log.head(), AbortSignal.timeout(600_000));
  const seconds = (performance.now() - start) / 1000;
  await alerting.stop();
  if (!ready) throw new Error('Alerts did not catch up within ten minutes.');
  return seconds;
}

async function recordMatters(log: SqliteEventLog): Promise<void> {
  for (let first = 0; first < MATTERS; first += 500) {
    const batch = Array.from({ length: 500 }, (_, index) => first + index);
    await Promise.all(batch.map((matter) => log.append(`matter-m${matter}`, 'no-stream', eventsOf(matter))));
  }
}

function eventsOf(matter: number): readonly NewEvent[] {
  const deadlines = Array.from({ length: DEADLINES }, (_, index) => ({
    kind: 'sets-deadline',
    deadline: `report-${index}`,
    title: `Report ${index}`,
    deadlineKind: 'party-act',
    obligated: ['firms'],
    provision: 'duty',
    basis: { period: `P${60 + ((matter * 7 + index * 61) % 800)}D`, after: '2025-03-01', rule: 'us.plain' },
  }));
  const parties = [
    { id: 'firms', name: 'Firms', kind: 'class', memberOf: [`class-${matter % CLASSES}`] },
    { id: `class-${matter % CLASSES}`, name: 'A class', kind: 'class' },
    { id: 'acme', name: 'Acme', memberOf: ['firms'] },
    { id: 'bolt', name: 'Bolt', memberOf: ['firms'] },
    { id: 'doj', name: 'Attorney General', kind: 'enforcer' },
  ];
  const duty = { provision: 'duty', title: 'A duty', norm: 'duty', addressees: ['firms'], enforcers: ['doj'] };
  return [
    event('MatterOpened', {
      id: `m${matter}`,
      title: `Matter ${matter}`,
      jurisdiction: 'US',
      timeZone: 'America/New_York',
      parties,
    }),
    entry('law', '2025-01-15', [{ kind: 'establishes', ...duty, force: '2025-02-01' }, ...deadlines]),
  ];
}

function entry(id: string, occurredOn: string, effects: Json): NewEvent {
  return event('LawEnacted', {
    id,
    type: 'LawEnacted',
    occurredOn,
    title: `Act ${id}`,
    author: { name: 'Congress' },
    instrument: { id },
    sources: [{ title: 'The Gazette', publisher: 'GPO', evidence: 'official', publishedOn: occurredOn }],
    effects,
  });
}

function event(type: string, data: Json): NewEvent {
  return { id: uuidv7(), type, schema: 1, data, meta: { actor: 'bench' } };
}

async function createWatches(log: SqliteEventLog): Promise<void> {
  const desk = new WatchDesk({ log, vault: new Vault('the secret of the benches, long enough for anybody') });
  const zones = ['America/New_York', 'Europe/Berlin', 'Asia/Tokyo', 'UTC'];
  await Promise.all(
    Array.from({ length: WATCHES }, (_, index) =>
      desk.create(
        'key:bench',
        {
          name: `Watch ${index}`,
          filter: { parties: [`class-${index % CLASSES}`] },
          leads: ['P30D', 'P7D', 'P1D', 'P0D'],
          at: index % 2 === 0 ? '09:00' : '07:30',
          timeZone: zones[index % zones.length] ?? 'UTC',
        },
        { kind: 'webhook', url: 'https://example.org/hook' },
      ),
    ),
  );
}

function quantile(times: readonly number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;
}
