import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { events, followUntil } from '../support/event-log.ts';
import { aKurrentLog, realServer } from '../support/kurrent-log.ts';

const EVENTS = Number(process.env['INFORCE_TEST_KURRENTDB_EVENTS'] ?? 50_000);
const BATCH = 1000;
const MIB = 1024 * 1024;

it(`hands ${EVENTS.toLocaleString('en')} events to a slow reader in flat memory`, async () => {
  const { log, cleanup } = await aKurrentLog();
  for (let batch = 0; batch < EVENTS / BATCH; batch += 1) {
    await log.append(`matter-${batch}`, 'no-stream', events(BATCH, { text: 'x'.repeat(500) }));
  }
  const head = await log.head();
  // The first hundred events pay for what is made once and kept.
  await followUntil(log, {}, ({ length }) => length >= 100);
  const begun = performance.now();
  const before = held();
  let [most, seen] = [0, 0];
  const stop = new AbortController();
  for await (const message of log.follow({ signal: stop.signal })) {
    if (message.kind === 'caughtUp' && message.position === head) stop.abort();
    if (message.kind !== 'event') continue;
    seen += 1;
    // At first it takes nothing for a while; then a hundred at a time.
    if (seen === 1) await pause(1000);
    if (seen % 100 === 0) await pause(5);
    if (seen % (EVENTS / 50) !== 1) continue;
    const more = held() - before;
    most = Math.max(most, more);
    if (seen % (EVENTS / 10) === 1) tell(begun, seen, more);
  }
  await cleanup();
  expect(seen).toBe(EVENTS);
  expect(most).toBeLessThan(32 * MIB);
}, 900_000);

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Bytes that somebody still holds, in the heap and outside: what is garbage already says nothing of the reader. */
function held(): number {
  if (typeof collect === 'function') collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

/** On a real server the figures are what one runs it for. */
function tell(begun: number, seen: number, more: number): void {
  if (realServer === undefined) return;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const rss = Math.round(process.memoryUsage.rss() / MIB);
  process.stderr.write(`${seconds} s: ${seen} events, ${(more / MIB).toFixed(1)} MiB held, RSS ${rss} MiB\n`);
}
