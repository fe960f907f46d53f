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
  readonly aim: string;
  readonly ok: boolean;
  readonly detail: string;
}

type Compared = Pick<Measure, 'ratio' | 'aim' | 'ok' | 'detail'>;

const MEBIBYTE = 1024 * 1024;
const ROUNDS = 14;

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
  const { bare, one } = await appendRates();
  return {
    name: 'append-1',
    what: 'events/s, one writer, each append awaited',
    against: 'a bare prepared INSERT of ready values into the same table, synchronous=FULL',
    ...compared(one, bare, 0.85),
  };
}

export async function append64(): Promise<Measure> {
  const { one, many } = await appendRates();
  return {
    name: 'append-64',
    what: 'events/s, 64 writers, each awaiting its own appends',
    against: 'one writer',
    ...compared(many, one, 5),
  };
}

async function appendRates(): Promise<Record<'bare' | 'one' | 'many', number[]>> {
  return inDirectory(async (directory) => {
    const rates = { bare: [] as number[], one: [] as number[], many: [] as number[] };
    const serial = await SqliteEventLog.open({ file: join(directory, 'serial.log') });
    const shared = await SqliteEventLog.open({ file: join(directory, 'shared.log') });
    const bare = await aBareLog(join(directory, 'bare.log'));
    for (let round = 0; round < ROUNDS; round += 1) {
      const [alone, ...crowd] = [600, ...Array.from({ length: 64 }, () => 100)].map(readyEvents);
      rates.bare.push(await rate(600, () => bare.insert(600)));
      rates.one.push(await rate(600, () => appendSerially(serial, `one-${round}`, alone ?? [])));
      const together = crowd.map((events, index) => () => appendSerially(shared, `many-${round}-${index}`, events));
      rates.many.push(await rate(6400, () => Promise.all(together.map((write) => write()))));
    }
    bare.close();
    await Promise.all([serial.close(), shared.close()]);
    return rates;
  });
}

function readyEvents(count: number): NewEvent[] {
  return Array.from({ length: count }, (_, index) => anEvent(index));
}

async function appendSerially(log: SqliteEventLog, stream: string, events: readonly NewEvent[]): Promise<void> {
  let revision: number | undefined;
  for (const event of events) {
    const appended = await log.append(stream, revision === undefined ? 'no-stream' : { revision }, [event]);
    revision = appended.revision;
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
      ours.push(await rate(200_000, () => readDecoded(log)));
      bare.push(await rate(200_000, () => selectAndParse(db)));
    }
    db.close();
    await log.close();
    return {
      name: 'read-all',
      what: 'events/s out of readAll, 200,000 events of about 600 bytes, one by one',
      against: 'a bare SELECT of the same columns as arrays, and JSON.parse of data and meta',
      ...compared(ours, bare, 0.8),
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
  import { peakMemory } from './tests/support/peak-memory.ts';
  const log = await SqliteEventLog.open({ file: process.env.LOG, readOnly: true });
  const before = peakMemory();
  let seen = 0;
  for await (const event of log.readAll()) seen += event.data === null ? 0 : 1;
  console.log(JSON.stringify({ seen, before, peak: peakMemory() }));
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
    const [grown, total] = [((peak - before) * 1024) / size, (peak * 1024) / MEBIBYTE];
    return {
      name: 'memory',
      what: 'growth of peak RSS while readAll goes over 1,000,000 events, in a process of its own',
      against: `the log, ${Math.round(size / MEBIBYTE)} MiB`,
      ratio: grown,
      aim: '≤ 0.25',
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

async function rate(count: number, work: () => unknown): Promise<number> {
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

/** The median of what each round's pair says, so that a disturbance hits both sides. The first round warms up. */
function compared(ours: readonly number[], theirs: readonly number[], atLeast: number): Compared {
  const [one, other] = [ours.slice(1), theirs.slice(1)];
  const ratio = median(one.map((each, index) => each / (other[index] ?? Number.NaN)));
  const detail = `${perSecond(one)} against ${perSecond(other)}`;
  return { ratio, aim: `≥ ${atLeast}`, ok: ratio >= atLeast, detail };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function perSecond(rates: readonly number[]): string {
  return `${Math.round(median(rates)).toLocaleString('en')}/s`;
}
