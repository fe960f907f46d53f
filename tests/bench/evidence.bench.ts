import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventLog, type NewEvent, type RecordedEvent, uuidv7 } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { Evidence, EvidenceStore, Sealer, sha256, SigningKeys, verifyInclusion, verifyLeaves } from '#libs/evidence';
import type { BenchResult } from './run.ts';

const ROUNDS = 9;
const WRITERS = 64;
const EACH = 150;
const LEAVES = 1_000_000;
const PROOFS = 5000;

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

/** Two logs in turns, one of them taken in and sealed every second. */
export async function seal(): Promise<BenchResult> {
  return inDirectory(async (directory) => {
    const bare = await SqliteEventLog.open({ file: join(directory, 'bare.db') });
    const sealed = await SqliteEventLog.open({ file: join(directory, 'sealed.db') });
    const evidence = Evidence.open({ file: join(directory, 'evidence.db'), log: sealed });
    const sealer = new Sealer({ log: sealed, evidence, keys: new SigningKeys('7'.repeat(32)), now: Date.now });
    const stop = new AbortController();
    evidence.start();
    const sealing = sealer.run({ everyMs: 1000, firstMs: 100, signal: stop.signal });
    const [off, on]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      off.push(await rate(bare, round));
      on.push(await rate(sealed, round));
    }
    const behind = Number(await sealed.head()) - evidence.state.size;
    stop.abort();
    await sealing;
    const began = performance.now();
    await evidence.catchUp(await sealed.head());
    const caughtUp = performance.now() - began;
    await evidence.stop();
    await Promise.all([bare.close(), sealed.close()]);
    const ratio = median(on) / median(off);
    return {
      name: 'seal',
      what: 'events/s, 64 writers, taken in and sealed every second meanwhile',
      against: 'the same without sealing',
      ratio,
      aim: '≥ 0.85',
      ok: ratio >= 0.85,
      detail:
        `${persec(median(on))} against ${persec(median(off))}; ` +
        `${behind} events behind at the end, taken in within ${caughtUp.toFixed(0)} ms when somebody waits`,
    };
  });
}

/** On a tree of a million leaves. */
export async function evidenceMillion(): Promise<readonly BenchResult[]> {
  return inDirectory(async (directory) => {
    const file = join(directory, 'evidence.db');
    const tookMs = fill(file);
    const store = EvidenceStore.open(file);
    const { size } = store.end;
    const root = store.root(size);
    const results = [inclusion(store, size, root, tookMs), leaves(store, size, root)];
    store.close();
    return results;
  });
}

function fill(file: string): number {
  const store = EvidenceStore.open(file);
  const began = performance.now();
  for (let from = 0; from < LEAVES; from += 500) {
    const page = Array.from({ length: 500 }, (_, at): RecordedEvent => {
      const number = from + at;
      const [stream, revision] = [`matter-${number % 1000}`, Math.floor(number / 1000)];
      const recordedAt = '2026-01-01T00:00:00.000Z';
      return { ...anEvent(number), stream, revision, position: BigInt(number + 1), recordedAt };
    });
    store.takeIn(page);
  }
  store.close();
  return performance.now() - began;
}

function inclusion(store: EvidenceStore, size: number, root: Uint8Array, tookMs: number): BenchResult {
  const ids = Array.from({ length: PROOFS }, (_, at) => store.leafAt((at * 7919 + 13) % size)?.eventId ?? '');
  const times = ids.map((id) => {
    const began = performance.now();
    const proof = store.inclusion(store.indexOf(id) ?? 0, size);
    const took = performance.now() - began;
    if (!verifyInclusion(sha256, { ...proof, root })) throw new Error('A proof does not hold.');
    return took;
  });
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  return {
    name: 'inclusion',
    what: `ms for an inclusion proof in a log of ${size} events, by event id; ${PROOFS} of them`,
    aim: 'p99 ≤ 5 ms',
    ok: p99 <= 5,
    detail: `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms; taking them in took ${(tookMs / 1000).toFixed(0)} s`,
  };
}

function leaves(store: EvidenceStore, size: number, root: Uint8Array): BenchResult {
  const began = performance.now();
  if (!verifyLeaves(store, { size, root })) throw new Error('The leaves do not hold.');
  const whole = performance.now() - began;
  let [bare, bytes] = [0, 0];
  for (let from = 0; from < size; from += 4096) {
    const page = store.bytes(from, Math.min(size, from + 4096));
    const start = performance.now();
    for (const leaf of page) hash('sha256', leaf, 'buffer');
    bare += performance.now() - start;
    for (const leaf of page) bytes += leaf.length;
  }
  const ratio = bare / whole;
  return {
    name: 'verify-leaves',
    what: `reading the leaves of ${size} events, hashing them into the tree, and comparing its root`,
    against: 'bare SHA-256 over the same bytes in memory',
    ratio,
    aim: '≥ 0.3',
    ok: ratio >= 0.3,
    detail: `${(whole / 1000).toFixed(2)} s against ${(bare / 1000).toFixed(2)} s, ${(bytes / 1e6).toFixed(0)} MB`,
  };
}

async function rate(log: EventLog, round: number): Promise<number> {
  const ready = Array.from({ length: WRITERS }, () => Array.from({ length: EACH }, (_, number) => anEvent(number)));
  const began = performance.now();
  await Promise.all(ready.map((events, writer) => write(log, `matter-${round}-${writer}`, events)));
  return (WRITERS * EACH * 1000) / (performance.now() - began);
}

async function write(log: EventLog, stream: string, events: readonly NewEvent[]): Promise<void> {
  for (const [revision, event] of events.entries())
    await log.append(stream, revision === 0 ? 'no-stream' : { revision: revision - 1 }, [event]);
}

async function inDirectory<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'inforce-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number => percentile(values, 0.5);
const persec = (value: number): string => `${Math.round(value)}/s`;

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
