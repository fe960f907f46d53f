// The views beside a bare scan of the same log, and how they bear growth.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { uuidv7, type NewEvent } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { Views } from '#libs/views';
import { peakMemory } from '../support/peak-memory.ts';
import type { BenchResult } from './run.ts';

const ROUNDS = 6;
const PER_MATTER = 40;
/** Events of one matter that come in a row: a log interleaves its matters. */
const IN_A_ROW = 10;

export async function rebuild(): Promise<BenchResult> {
  return inDirectory(async (directory) => {
    const file = join(directory, 'events.log');
    const log = await aLog(file, 200_000);
    const scans: number[] = [];
    const rebuilds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      scans.push(await timed(() => bareScan(file)));
      rebuilds.push(await timed(() => replayed(log, join(directory, `views-${round}.db`))));
    }
    await log.close();
    // The first round warms up; the others are compared pair by pair, so that a disturbance hits both sides.
    const ratio = median(rebuilds.slice(1).map((each, index) => each / (scans[index + 1] ?? Number.NaN)));
    const [scan, built] = [median(scans), median(rebuilds)];
    return {
      name: 'rebuild',
      what: 'ms to build all views of 200,000 events in 5,000 matters',
      against: 'SELECT and JSON.parse of the same rows',
      ratio,
      aim: 4,
      ok: ratio <= 4,
      detail: `${built.toFixed(0)} ms against ${scan.toFixed(0)} ms`,
    };
  });
}

export async function growthDeadlines(): Promise<BenchResult> {
  return inDirectory(async (directory) => {
    const [small, large] = [
      await asked(join(directory, 'small'), 10_000),
      await asked(join(directory, 'large'), 1_000_000),
    ];
    const ratio = large / small;
    return {
      name: 'growth-deadlines',
      what: 'ms for the next 50 deadlines with 1,000,000 events',
      against: 'the same with 10,000 events',
      ratio,
      aim: 1.2,
      ok: ratio <= 1.2,
      detail: `${large.toFixed(3)} ms against ${small.toFixed(3)} ms`,
    };
  });
}

export async function viewsMemory(): Promise<BenchResult> {
  return inDirectory(async (directory) => {
    const few = await peakAlone(directory, 250_000);
    const many = await peakAlone(directory, 1_000_000);
    const ratio = many / few;
    return {
      name: 'views-memory',
      what: 'peak RSS of a process with a heap of 256 MB that replays 1,000,000 events into the views',
      against: 'the same with 250,000 events',
      ratio,
      aim: 1.3,
      ok: ratio <= 1.3,
      detail: `${many.toFixed(0)} MiB against ${few.toFixed(0)} MiB`,
    };
  });
}

/** In a process of its own, since what made the log must not count, and with a heap that V8 has to sweep. */
async function peakAlone(directory: string, events: number): Promise<number> {
  const file = join(directory, `${events}.log`);
  await (await aLog(file, events)).close();
  const script = `const { alone } = await import(${JSON.stringify(import.meta.url)}); await alone.replay(process.argv[1]);`;
  const flags = ['--max-old-space-size=256', '--conditions=inforce:source', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, file], { cwd: import.meta.dirname });
  return Number(stdout);
}

export const alone = {
  /** Prints the peak, in MiB. */
  async replay(file: string): Promise<void> {
    const log = await SqliteEventLog.open({ file, check: 'none' });
    await replayed(log, `${file}.views`);
    await log.close();
    process.stdout.write(String(peakMemory() / 1024));
  },
};

async function asked(file: string, events: number): Promise<number> {
  const log = await aLog(`${file}.log`, events);
  const views = Views.open({ file: `${file}.db`, log, now: () => Date.parse('2025-03-01T12:00:00Z') });
  views.start();
  await reached(views, log);
  const query = { from: '2025-03-01', state: ['scheduled', 'extended'], limit: 50 } as const;
  await views.deadlines(query);
  const times: number[] = [];
  for (let round = 0; round < 200; round += 1) times.push(await timed(() => views.deadlines(query)));
  await views.stop();
  await log.close();
  return median(times);
}

async function replayed(log: SqliteEventLog, file: string): Promise<void> {
  const views = Views.open({ file, log, now: () => Date.parse('2025-03-01T12:00:00Z') });
  views.start();
  await reached(views, log);
  await views.stop();
}

async function reached(views: Views, log: SqliteEventLog): Promise<void> {
  const waited = await views.waitFor(await log.head(), 600_000);
  if (waited !== 'reached' || views.state.quarantined.length > 0) throw new Error(JSON.stringify(views.state.error));
}

function bareScan(file: string): void {
  const db = new DatabaseSync(file, { readOnly: true });
  const statement = db.prepare('SELECT * FROM events ORDER BY position');
  statement.setReturnArrays(true);
  for (const row of statement.iterate()) {
    JSON.parse(String(row[8]));
    JSON.parse(String(row[9]));
  }
  db.close();
}

/** Matters that grow side by side, ten events at a time. */
async function aLog(file: string, events: number): Promise<SqliteEventLog> {
  const log = await SqliteEventLog.open({ file, now: () => Date.parse('2025-03-01T10:00:00Z') });
  const matters = events / PER_MATTER;
  for (let from = 0; from < PER_MATTER; from += IN_A_ROW) {
    for (let first = 0; first < matters; first += 500) {
      const batch = Array.from({ length: Math.min(500, matters - first) }, (_, index) => first + index);
      await Promise.all(batch.map((matter) => append(log, matter, from)));
    }
  }
  return log;
}

async function append(log: SqliteEventLog, matter: number, from: number): Promise<void> {
  const events = Array.from({ length: IN_A_ROW }, (_, index) => anEvent(matter, from + index));
  await log.append(`matter-m${matter}`, from === 0 ? 'no-stream' : { revision: from - 1 }, events);
}

function anEvent(matter: number, revision: number): NewEvent {
  const data = revision === 0 ? opened(matter) : anEntry(matter, revision);
  const type = 'type' in data ? data.type : 'MatterOpened';
  return { id: uuidv7(), type, schema: 1, data, meta: { actor: 'importer', correlation: `c-${matter}` } };
}

function opened(matter: number) {
  return {
    id: `m${matter}`,
    title: `Matter ${matter}: who may distribute what, and until when`,
    jurisdiction: matter % 3 === 0 ? 'EU' : 'US',
    timeZone: 'America/New_York',
    tags: ['technology', `topic-${matter % 50}`],
    parties: [
      { id: 'app-stores', name: 'App stores', kind: 'class' },
      { id: 'apple', name: 'Apple', memberOf: ['app-stores'] },
      { id: 'google', name: 'Google', memberOf: ['app-stores'] },
      { id: 'owner', name: `Owner ${matter}` },
      { id: 'doj', name: 'Attorney General', kind: 'enforcer', jurisdiction: 'US' },
    ],
  };
}

const SUBJECTS = ['distribution', 'hosting', 'divestiture', 'disclosure', 'licensing', 'export', 'tariff', 'privacy'];
const VERBS = ['denies', 'grants', 'extends', 'reports', 'hears', 'stays', 'notices', 'reviews'];

function anEntry(matter: number, revision: number) {
  const day = 1 + revision;
  const occurredOn = `2024-${String(1 + Math.floor(day / 28)).padStart(2, '0')}-${String(1 + (day % 28)).padStart(2, '0')}`;
  const subject = SUBJECTS[(matter + revision) % SUBJECTS.length] ?? '';
  const verb = VERBS[(matter * 7 + revision) % VERBS.length] ?? '';
  const { type, author, effects, instrument } = actOf(matter, revision);
  return {
    id: `e${revision}`,
    type,
    occurredOn,
    title: `Act ${revision} in matter ${matter}: the body ${verb} the motion on ${subject}`,
    summary: `The order of ${occurredOn} concerns ${subject}; it says who must comply, what is postponed and why, no. ${matter * 31 + revision}.`,
    author,
    ...(instrument && { instrument }),
    sources: [
      {
        title: `Docket ${matter}-${revision}`,
        publisher: 'Official gazette',
        url: `https://www.example.org/record/${matter}/${revision}`,
        publishedOn: occurredOn,
        evidence: 'official',
      },
    ],
    effects,
  };
}

const executive = { kind: 'executive', name: 'President of the United States' };
const court = { kind: 'court', name: 'D.C. Circuit' };

function actOf(matter: number, revision: number) {
  if (revision === 1) {
    const instrument = { id: 'act', citation: `Pub. L. 118-${matter}`, title: 'The Act' };
    const author = { kind: 'legislature', name: 'Congress' };
    return { type: 'LawEnacted', author, instrument, effects: established(matter) };
  }
  if (revision === 10) {
    const pause = {
      kind: 'restrains',
      restraint: 'pause',
      form: 'forbearance',
      provisions: ['ban'],
      enforcers: ['doj'],
    };
    const effects = [{ ...pause, protects: 'all', from: '2024-06-01', until: '2025-02-01' }];
    return { type: 'ExecutiveActIssued', author: executive, effects };
  }
  if (revision % 12 === 0) {
    const until = { period: `P${30 + (matter % 300)}D`, after: '2025-02-01', rule: 'us.plain' };
    return { type: 'ExecutiveActIssued', author: executive, effects: [{ kind: 'extends', restraint: 'pause', until }] };
  }
  return { type: 'CourtRuled', author: court, effects: [] };
}

function established(matter: number) {
  const force = '2024-04-24';
  const applies = { period: 'P270D', after: force, rule: 'us.plain' };
  const ban = { provision: 'ban', title: 'Ban on distribution', norm: 'prohibition', addressees: ['app-stores'] };
  const report = { deadline: 'report', title: 'Report to Congress', deadlineKind: 'agency-duty', obligated: ['doj'] };
  return [
    { kind: 'establishes', ...ban, enforcers: ['doj'], force, applies },
    {
      kind: 'sets-deadline',
      ...report,
      basis: { period: `P${100 + (matter % 500)}D`, after: force, rule: 'us.plain' },
    },
  ];
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function inDirectory<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'inforce-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
