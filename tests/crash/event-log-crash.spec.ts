import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { LogLocked, type RecordedEvent } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { aDirectory } from '../support/event-log-files.ts';
import { killAll, WritingProcess } from '../support/event-log-process.ts';

const KILLS = 60;

describe('a writer that is killed', () => {
  let directory: Awaited<ReturnType<typeof aDirectory>>;
  beforeAll(async () => {
    directory = await aDirectory();
  });
  afterEach(killAll);
  afterAll(() => directory.remove());

  it(`loses nothing it acknowledged and leaves no half of a batch, ${KILLS} times over`, async () => {
    const file = join(directory.path, 'killed.log');
    let [after, acknowledgedInAll, slowestOpen] = [0n, 0, 0];
    for (let round = 0; round < KILLS; round += 1) {
      const acknowledged = await writeAndKill(file, round);
      acknowledgedInAll += acknowledged.length;
      // Every third time somebody reads before any writer has come back to put things in order.
      const seenBefore = round % 3 === 2 ? await readNew(file, after) : [];
      const asked = performance.now();
      const log = await SqliteEventLog.open({ file });
      slowestOpen = Math.max(slowestOpen, performance.now() - asked);
      const recorded = await Array.fromAsync(log.readAll({ after }));
      expect(recorded.slice(0, seenBefore.length)).toEqual(seenBefore);
      checkComplete(recorded, acknowledged, after);
      after = await log.head();
      await log.close();
    }
    const log = await SqliteEventLog.open({ file, check: 'full' });
    const all = await Array.fromAsync(log.readAll());
    await log.close();
    checkComplete(all, [], 0n);
    process.stdout.write(
      `${KILLS} kills, ${acknowledgedInAll} events acknowledged, ${all.length} recorded, slowest opening ${slowestOpen.toFixed(0)} ms\n`,
    );
    expect(acknowledgedInAll).toBeGreaterThan(KILLS * 10);
    expect(slowestOpen).toBeLessThan(2000);
  }, 120_000);

  it('keeps others from writing while it lives, and not a moment longer', async () => {
    const file = join(directory.path, 'locked.log');
    const began = Date.now();
    const first = new WritingProcess(file, 'commands');
    expect(await first.line()).toBe('open');
    const refused = SqliteEventLog.open({ file, busyTimeoutMs: 20 });
    await expect(refused).rejects.toThrow(LogLocked);
    await expect(refused).rejects.toThrow(`process ${first.pid} on ${hostname()} since `);
    const message: string = await refused.then(() => '', String);
    const since = Date.parse(/since (\S+Z)/.exec(message)?.[1] ?? '');
    expect(since).toBeGreaterThanOrEqual(began);
    expect(since).toBeLessThanOrEqual(Date.now());
    // The refused one left nothing behind that would hinder the first.
    expect(await first.command('2')).toBe('2');
    await first.kill();
    const second = await SqliteEventLog.open({ file, busyTimeoutMs: 0 });
    expect(await second.head()).toBe(2n);
    await second.close();
  });

  it('lets exactly one of several processes that start together write', async () => {
    const file = join(directory.path, 'raced.log');
    const all = Array.from({ length: 4 }, () => new WritingProcess(file, 'commands'));
    const open = await Promise.race(all.map(async (one) => ({ one, line: await one.line() })));
    expect(open.line).toBe('open');
    const losers = all.filter((one) => one !== open.one);
    await Promise.all(losers.map((loser) => loser.closeInput()));
    for (const loser of losers) expect(loser.errors).toContain('LogLocked');
    expect(await open.one.command('1')).toBe('1');
    await open.one.kill();
  });
});

/** Answers the ids it acknowledged before it was killed at a random moment, now and then while still starting. */
async function writeAndKill(file: string, round: number): Promise<string[]> {
  const writer = new WritingProcess(file, 'forever');
  const starting = round % 5 === 4;
  if (!starting) await writer.line();
  await pause(Math.random() * (starting ? 150 : 100));
  const lines = await writer.kill();
  expect(writer.errors).toBe('');
  return lines.filter((line) => line !== 'open').flatMap((line): string[] => JSON.parse(line));
}

async function readNew(file: string, after: bigint): Promise<RecordedEvent[]> {
  const log = await SqliteEventLog.open({ file, readOnly: true, check: 'full' });
  const recorded = await Array.fromAsync(log.readAll({ after }));
  await log.close();
  return recorded;
}

function checkComplete(recorded: readonly RecordedEvent[], acknowledged: readonly string[], after: bigint): void {
  expect(recorded.map(({ position }) => position)).toEqual(recorded.map((_, index) => after + BigInt(index) + 1n));
  const present = new Set(recorded.map(({ id }) => id));
  expect(acknowledged.filter((id) => !present.has(id))).toEqual([]);
  const batches = Map.groupBy(recorded, ({ data }) => String(Object(data).batch));
  const broken = [...batches.values()].filter(
    (batch) => batch.length !== Object(batch[0]?.data).size || batch.some(({ data }, at) => Object(data).index !== at),
  );
  expect(broken).toEqual([]);
}
