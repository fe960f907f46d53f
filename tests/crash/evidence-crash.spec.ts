import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { audit, Evidence, EvidenceStore, parseVerifierKey, sha256 } from '#libs/evidence';
import { aDirectory } from '../support/event-log-files.ts';
import { killAll, WritingProcess } from '../support/event-log-process.ts';
import { must } from '../support/evidence.ts';

const KILLS = 60;

let directory: Awaited<ReturnType<typeof aDirectory>>;
beforeAll(async () => {
  directory = await aDirectory();
  await mkdir(join(directory.path, 'witness'));
});
afterEach(killAll);
afterAll(() => directory.remove());

it(`never finds anything wrong with a log that nobody touched, through ${KILLS} kills`, async () => {
  const file = join(directory.path, 'events.db');
  const notes: string[] = [];
  let events = 0;
  for (let round = 0; round < KILLS; round += 1) {
    notes.push(...(await sealAndKill(file, round)));
    // Now and then nobody comes back to put things in order before the auditor.
    if (round % 2 === 0) await comeBack(file);
    if (round % 6 !== 5 && round !== KILLS - 1) continue;
    const log = await SqliteEventLog.open({ file, readOnly: true });
    const store = EvidenceStore.open(join(directory.path, 'evidence.db'), { readOnly: true });
    const outside = notes.map((note, number) => ({ name: `said ${number}`, note }));
    const key = parseVerifierKey(sha256, must(store.keys[0]));
    const report = await audit({ log, store, key, outside: [...outside, ...(await witnessed())] });
    expect(report.findings).toEqual([]);
    expect(report.outside).toBeGreaterThanOrEqual(notes.length);
    events = report.events;
    store.close();
    await log.close();
  }
  process.stdout.write(`${KILLS} kills, ${events} events, ${notes.length} checkpoints acknowledged\n`);
  expect(notes.length).toBeGreaterThan(KILLS);
}, 240_000);

/** The checkpoints it had acknowledged when it was killed at a random moment, now and then while still starting. */
async function sealAndKill(file: string, round: number): Promise<readonly string[]> {
  const writer = new WritingProcess(file, 'forever', 'evidence-writer.ts');
  const starting = round % 5 === 4;
  if (!starting) await writer.line();
  // Every other time it has sealed at least once.
  const first = round % 2 === 1 && !starting ? [await writer.line()] : [];
  await pause(Math.random() * 200);
  const lines = [...first, ...(await writer.kill())];
  expect(writer.errors).toBe('');
  return lines.filter((line) => line !== 'open').map((line): string => JSON.parse(line));
}

async function comeBack(file: string): Promise<void> {
  const log = await SqliteEventLog.open({ file });
  const evidence = Evidence.open({ file: join(directory.path, 'evidence.db'), log });
  await evidence.catchUp(await log.head());
  expect(evidence.state).toMatchObject({ incident: null, error: null });
  await evidence.stop();
  await log.close();
}

async function witnessed(): Promise<{ name: string; note: string }[]> {
  const files = (await readdir(join(directory.path, 'witness'))).filter((name) => !name.startsWith('.'));
  return Promise.all(
    files.map(async (name) => ({ name, note: await readFile(join(directory.path, 'witness', name), 'utf8') })),
  );
}
