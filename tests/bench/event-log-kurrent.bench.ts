// The KurrentDB log against the bare client, in turns, on the server of INFORCE_TEST_KURRENTDB or, without one, on the
// stand-in of this process. The stand-in is no measure of a server, but both sides of a ratio stand on the same one.
import {
  FORWARDS,
  jsonEvent,
  KurrentDBClient,
  NO_STREAM,
  streamNameFilter,
  type AppendResult,
  type JSONEventData,
} from '@kurrent/kurrentdb-client';
import { uuidv7, type Expectation, type NewEvent } from '#libs/event-log';
import { KurrentEventLog } from '#libs/event-log-kurrent';
import { KurrentStandIn } from '../support/kurrent-stand-in.ts';
import type { BenchResult } from './run.ts';

const realServer = process.env['INFORCE_TEST_KURRENTDB'];
const ROUNDS = 15;
const READ_EVENTS = 60_000;

interface Bench {
  readonly log: KurrentEventLog;
  readonly bare: KurrentDBClient;
  readonly prefix: string;
  readonly where: string;
  readonly close: () => Promise<void>;
}

async function open(): Promise<Bench> {
  const standIn = realServer === undefined ? await KurrentStandIn.start() : undefined;
  const connectionString = standIn?.connectionString ?? realServer ?? '';
  const prefix = `bench-${uuidv7()}.`;
  const log = await KurrentEventLog.open({ connectionString, prefix });
  const bare = KurrentDBClient.connectionString(connectionString);
  const where = standIn ? 'stand-in' : 'real server';
  const close = async (): Promise<void> => {
    await log.close();
    await bare.dispose();
    standIn?.kill();
  };
  return { log, bare, prefix, where, close };
}

function anEvent(number: number): NewEvent {
  const data = { title: `Act number ${number}`, occurredOn: '2024-04-24', note: 'x'.repeat(400) };
  return { id: uuidv7(), type: 'EntryRecorded', schema: 1, data, meta: { actor: 'importer' } };
}

function bareEvent(number: number): JSONEventData {
  const { id, type, data, meta } = anEvent(number);
  // The same number of bytes, as JSON values that the client serialises and parses itself.
  const metadata = { at: 1_737_288_000_000, b: [number, 100], m: JSON.stringify(meta) };
  return jsonEvent({ id, type, data: { text: JSON.stringify(data) }, metadata });
}

function many<Item>(count: number, make: (number: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export async function kurrentAppend(): Promise<BenchResult> {
  const bench = await open();
  const { log, bare, prefix } = bench;
  const ours = async (round: number): Promise<void> => {
    for (let batch = 0, expectation: Expectation = 'no-stream'; batch < 50; batch += 1) {
      const { revision } = await log.append(`matter-${round}`, expectation, many(100, anEvent));
      expectation = { revision };
    }
  };
  const theirs = async (round: number): Promise<void> => {
    for (let batch = 0, streamState: typeof NO_STREAM | bigint = NO_STREAM; batch < 50; batch += 1) {
      const appended: AppendResult = await bare.appendToStream(`bare-${prefix}${round}`, many(100, bareEvent), {
        streamState,
      });
      streamState = appended.nextExpectedRevision;
    }
  };
  const what = 'events/s, one writer, batches of 100, each awaited';
  return compared(bench, { name: 'kurrent-append', what, aim: 0.85, events: 5000, ours, theirs });
}

export async function kurrentAppend64(): Promise<BenchResult> {
  const bench = await open();
  const { log, bare, prefix } = bench;
  const writers = many(64, (writer) => `matter-${writer}`);
  const next = new Map<string, number>();
  const states = new Map<string, bigint>();
  const write = async (stream: string): Promise<void> => {
    for (let count = 0; count < 60; count += 1) {
      const revision = next.get(stream);
      const appended = await log.append(stream, revision === undefined ? 'no-stream' : { revision }, [anEvent(count)]);
      next.set(stream, appended.revision);
    }
  };
  const writeBare = async (stream: string): Promise<void> => {
    for (let count = 0; count < 60; count += 1) {
      const streamState = states.get(stream) ?? NO_STREAM;
      const name = `bare-${prefix}${stream}`;
      const appended = await bare.appendToStream(name, [bareEvent(count)], { streamState });
      states.set(stream, appended.nextExpectedRevision);
    }
  };
  const ours = async (): Promise<void> => void (await Promise.all(writers.map(write)));
  const theirs = async (): Promise<void> => void (await Promise.all(writers.map(writeBare)));
  const what = 'events/s, 64 writers, one event at a time each';
  return compared(bench, { name: 'kurrent-append-64', what, aim: 0.85, events: 64 * 60, ours, theirs });
}

export async function kurrentReading(): Promise<BenchResult[]> {
  const bench = await open();
  const { log, bare, prefix } = bench;
  // Both begin where this log does, whatever the server held before, and pass over each other's events.
  const { position } = await log.append('matter', 'no-stream', many(1, anEvent));
  const fromPosition = { commit: position, prepare: position };
  for (let batch = 0; batch < READ_EVENTS / 500; batch += 1) {
    await log.append(`matter-${batch}`, 'no-stream', many(500, anEvent));
    await bare.appendToStream(`bare-${prefix}${batch}`, many(500, bareEvent), { streamState: NO_STREAM });
  }
  const head = await log.head();
  const prefixes = [`bare-${prefix}`];
  const readAll = await compare({
    ours: async () => {
      for await (const _ of log.readAll());
    },
    theirs: async () => {
      const reading = bare.readAll({ direction: FORWARDS, fromPosition, filter: streamNameFilter({ prefixes }) });
      for await (const _ of reading);
    },
  });
  const follow = await compare({
    ours: async () => {
      const signal = new AbortController().signal;
      for await (const message of log.follow({ signal })) {
        if (message.kind === 'caughtUp' && message.position >= head) break;
      }
    },
    theirs: () => subscribed(bare, prefixes, fromPosition),
  });
  await bench.close();
  return [
    row(bench, { name: 'kurrent-read-all', what: 'events/s of readAll', aim: 0.85, events: READ_EVENTS }, readAll),
    row(
      bench,
      { name: 'kurrent-follow', what: 'events/s of follow, catching up', aim: 0.8, events: READ_EVENTS },
      follow,
    ),
  ];
}

/** The bare subscription at its best: with the search window that ours asks for, and its events taken as they come. */
async function subscribed(
  bare: KurrentDBClient,
  prefixes: string[],
  fromPosition: { commit: bigint; prepare: bigint },
): Promise<void> {
  const filter = streamNameFilter({ prefixes, maxSearchWindow: 256, checkpointInterval: 4 });
  const subscription = bare.subscribeToAll({ fromPosition, filter });
  await new Promise<void>((resolve, reject) => {
    let seen = 0;
    subscription.on('error', reject).on('data', () => {
      seen += 1;
      if (seen === READ_EVENTS) resolve();
    });
  });
  await subscription.unsubscribe();
}

interface Contest {
  readonly ours: (round: number) => Promise<void>;
  readonly theirs: (round: number) => Promise<void>;
}

interface Row {
  readonly name: string;
  readonly what: string;
  readonly aim: number;
  readonly events: number;
}

async function compared(bench: Bench, contest: Contest & Row): Promise<BenchResult> {
  const seconds = await compare(contest);
  await bench.close();
  return row(bench, contest, seconds);
}

interface Comparison {
  /** Medians of the seconds that each side took. */
  readonly ours: number;
  readonly theirs: number;
  /** The median of what each round found: its two halves met the same moment of the machine. */
  readonly ratio: number;
}

/** In turns, after one round to warm up. */
async function compare({ ours, theirs }: Contest): Promise<Comparison> {
  const rounds: { mine: number; bare: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const first = await timed(() => (round % 2 === 0 ? ours(round) : theirs(round)));
    const second = await timed(() => (round % 2 === 0 ? theirs(round) : ours(round)));
    if (round === 0) continue;
    rounds.push(round % 2 === 0 ? { mine: first, bare: second } : { mine: second, bare: first });
  }
  return {
    ours: median(rounds.map(({ mine }) => mine)),
    theirs: median(rounds.map(({ bare }) => bare)),
    ratio: median(rounds.map(({ mine, bare }) => bare / mine)),
  };
}

async function timed(run: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await run();
  return (performance.now() - begun) / 1000;
}

function row({ where }: Bench, { name, what, aim, events }: Row, took: Comparison): BenchResult {
  const { ratio } = took;
  const rate = (seconds: number): string => Math.round(events / seconds).toLocaleString('en');
  const detail = `${rate(took.ours)} events/s, bare ${rate(took.theirs)} events/s, on the ${where}`;
  const against = 'the bare client on the same server';
  // A stand-in that shares the process with its client is no measure: then the figures are only reported.
  return { name, what, against, ratio, ...(realServer === undefined ? {} : { aim, ok: ratio >= aim }), detail };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}
