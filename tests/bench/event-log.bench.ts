// Each measure runs the log and the bare thing beside it in turns, and compares the medians of the rounds.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { uuidv7, type NewEvent } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';

export interface Measure {
  readonly name: string;
  readonly what: string;
  readonly against: string;
  readonly ratio: number;
  /** What the ratio should reach; for `memory`, stay below. */
  readonly aim: number;
  readonly ok: boolean;
  readonly detail: string;
}

const MEBIBYTE = 1024 * 1024;

/** About 600 bytes of JSON, in the shape of an entry. */
function anEvent(number: number): NewEvent {
  return {
    id: uuidv7(),
    type: 'EntryRecorded',
    schema: 1,
    data: {
      title: `Act number ${number} of a matter that keeps its readers busy`,
      occurredOn: '2024-04-24',
      effects: [
        { kind: 'enacts', instrument: 'pafaca', provisions: ['2a', '2b'], on: '2024-04-24' },
        { kind: 'sets-deadline', on: '2025-01-19', basis: { rule: 'us.plain', days: 270, from: '2024-04-24' } },
      ],
      source: {
        publisher: 'GPO',
        url: `https://www.govinfo.gov/content/pkg/PLAW-118publ50/${number}`,
        grade: 'official',
      },
      note: 'A sentence that says why the entry matters to those who have to comply with it.',
    },
    meta: { actor: 'importer', correlation: '01890f2e-0000-7000-8000-000000000000', causation: null },
  };
}

export async function append1(): Promise<Measure> {
  const rates = await appendRates();
  const ratio = median(rates.one) / median(rates.bare);
  return {
    name: 'append-1',
    what: 'events/s, one writer, each append awaited',
    against: 'a bare prepared INSERT of ready values into the same table, synchronous=FULL',
    ratio,
    aim: 0.85,
    ok: ratio >= 0.85,
    detail: `${perSecond(rates.one)} against ${perSecond(rates.bare)}`,
  };
}

export async function append64(): Promise<Measure> {
  const rates = await appendRates();
  const ratio = median(rates.many) / median(rates.one);
  return {
    name: 'append-64',
    what: 'events/s, 64 writers, each awaiting its own appends',
    against: 'one writer',
    ratio,
    aim: 5,
    ok: ratio >= 5,
    detail: `${perSecond(rates.many)} against ${perSecond(rates.one)}`,
  };
}

async function appendRates(): Promise<Record<'bare' | 'one' | 'many', number[]>> {
  return inDirectory(async (directory) => {
    const rates = { bare: [] as number[], one: [] as number[], many: [] as number[] };
    const log = await SqliteEventLog.open({ file: join(directory, 'events.log') });
    const bare = await aBareLog(join(directory, 'bare.log'));
    // The first round warms up and is not counted.
    for (let round = 0; round < 12; round += 1) {
      const measured = {
        bare: await rate(400, () => bare.insert(400)),
        one: await rate(400, () => appendSerially(log, `one-${round}`, 400)),
        many: await rate(6400, async () => {
          const writers = Array.from({ length: 64 }, (_, index) => appendSerially(log, `many-${round}-${index}`, 100));
          await Promise.all(writers);
        }),
      };
      if (round > 0) for (const key of ['bare', 'one', 'many'] as const) rates[key].push(measured[key]);
    }
    bare.close();
    await log.close();
    return rates;
  });
}

async function appendSerially(log: SqliteEventLog, stream: string, count: number): Promise<void> {
  await log.append(stream, 'no-stream', [anEvent(0)]);
  for (let revision = 0; revision < count - 1; revision += 1) {
    await log.append(stream, { revision }, [anEvent(revision)]);
  }
}

/** The log's own tables, filled by nothing but a prepared statement. */
async function aBareLog(file: string): Promise<{ insert(count: number): void; close(): void }> {
  await (await SqliteEventLog.open({ file })).close();
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; INSERT INTO streams VALUES (1, 'bare')`);
  const insert = db.prepare('INSERT INTO events VALUES (?, 1, ?, ?, ?, 1, ?, NULL, ?, ?)');
  const [data, meta] = [JSON.stringify(anEvent(1).data), JSON.stringify(anEvent(1).meta)];
  let position = 0;
  return {
    insert(count) {
      for (let index = 0; index < count; index += 1) {
        position += 1;
        const key = Buffer.from(uuidv7().replaceAll('-', ''), 'hex');
        insert.run(position, position, key, 'EntryRecorded', 1_700_000_000_000, data, meta);
      }
    },
    close: () => db.close(),
  };
}

export async function readAll(): Promise<Measure> {
  return inDirectory(async (directory) => {
    const file = join(directory, 'events.log');
    const log = await aFullLog(file, 200_000);
    const db = new DatabaseSync(file, { readOnly: true });
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const one = await rate(200_000, () => readDecoded(log));
      const other = await rate(200_000, () => selectAndParse(db));
      if (round > 0) [ours, bare].forEach((rates, index) => rates.push(index === 0 ? one : other));
    }
    db.close();
    await log.close();
    const ratio = median(ours) / median(bare);
    return {
      name: 'read-all',
      what: 'events/s out of readAll, 200,000 events of about 600 bytes, one by one',
      against: 'a bare SELECT of the same columns as arrays, and JSON.parse of data and meta',
      ratio,
      aim: 0.8,
      ok: ratio >= 0.8,
      detail: `${perSecond(ours)} against ${perSecond(bare)}`,
    };
  });
}

async function readDecoded(log: SqliteEventLog): Promise<void> {
  let seen = 0;
  for await (const { data } of log.readAll()) if (data !== null) seen += 1;
  if (seen !== 200_000) throw new Error(`Read ${seen} events of 200,000.`);
}

function selectAndParse(db: DatabaseSync): void {
  const statement = db.prepare(
    'SELECT position, stream, revision, id, type, schema, recorded_at, data, meta FROM events ORDER BY position',
  );
  statement.setReturnArrays(true);
  let seen = 0;
  for (const row of statement.iterate() as Iterable<Record<number, unknown>>) {
    const data: unknown = JSON.parse(String(row[7]));
    const meta: unknown = JSON.parse(String(row[8]));
    if (data !== null && meta !== null) seen += 1;
  }
  if (seen !== 200_000) throw new Error(`Selected ${seen} events of 200,000.`);
}

const READER = `
  import { SqliteEventLog } from '#libs/event-log-sqlite';
  const log = await SqliteEventLog.open({ file: process.env.LOG, readOnly: true });
  const before = process.resourceUsage().maxRSS;
  let seen = 0;
  for await (const event of log.readAll()) seen += event.data === null ? 0 : 1;
  console.log(JSON.stringify({ seen, before, peak: process.resourceUsage().maxRSS }));
`;

export async function memory(): Promise<Measure> {
  return inDirectory(async (directory) => {
    const file = join(directory, 'events.log');
    await (await aFullLog(file, 1_000_000)).close();
    const { size } = await stat(file);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=inforce:source', '--input-type=module', '--eval', READER],
      { env: { ...process.env, LOG: file }, cwd: new URL('../..', import.meta.url).pathname },
    );
    const { seen, before, peak }: { seen: number; before: number; peak: number } = JSON.parse(stdout);
    // maxRSS is in kibibytes (nodejs.org/api/process.html#processresourceusage).
    const [grown, total] = [((peak - before) * 1024) / size, (peak * 1024) / MEBIBYTE];
    return {
      name: 'memory',
      what: 'growth of peak RSS while readAll goes over 1,000,000 events, in a process of its own',
      against: `the log, ${Math.round(size / MEBIBYTE)} MiB`,
      ratio: grown,
      aim: 0.25,
      ok: seen === 1_000_000 && grown <= 0.25,
      detail: `peak ${Math.round(total)} MiB, ${Math.round((before * 1024) / MEBIBYTE)} MiB before reading`,
    };
  });
}

async function aFullLog(file: string, count: number): Promise<SqliteEventLog> {
  const log = await SqliteEventLog.open({ file });
  for (let done = 0; done < count; done += 1000) {
    const batch = Array.from({ length: 1000 }, (_, index) => anEvent(done + index));
    const stream = `matter-${(done / 1000) % 50}`;
    await log.append(stream, done < 50_000 ? 'no-stream' : 'stream-exists', batch);
  }
  return log;
}

async function rate(count: number, work: () => void | Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (count / (performance.now() - began)) * 1000;
}

async function inDirectory<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'inforce-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function perSecond(rates: readonly number[]): string {
  return `${Math.round(median(rates)).toLocaleString('en')}/s`;
}
