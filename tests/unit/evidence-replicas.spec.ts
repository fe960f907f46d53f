import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, type RecordedEvent } from '#libs/event-log';
import { Evidence, EvidenceStore, exportBundle, sha256, verifyBundle, verifyEd25519 } from '#libs/evidence';
import { Register } from '#libs/register';
import { aDirectory } from '../support/event-log-files.ts';
import { append, aSealing, must, type Sealing } from '../support/evidence.ts';
import { aSetting } from '../support/kurrent-setting.ts';
import { aMatter, reported } from '../support/matter.ts';

const open: Sealing[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const NOON = Date.parse('2026-03-02T12:00:00Z');
const by = { actor: 'tests' };
const at = (event: RecordedEvent | undefined, recordedAt: string) => ({ ...must(event), recordedAt });

/**
 * Two processes on one log. What one records while it has not seen yet what the other has just recorded is, in the log, of
 * the other's time, and of its own when its stream is read alone. Seen on a cluster of three: 7 of 443 events.
 */
async function twoWriters() {
  let now = NOON;
  const { log: other, open: again } = await aSetting({ now: () => now + 90 });
  const mine = await again({ now: () => now });
  const register = new Register({ log: mine, now: () => now });
  await register.openMatter(aMatter(), by);
  now += 1000;
  await append(other, 'matter-other', 'unseen');
  await register.record('matter', reported('late', '2024-02-01'), by);
  const alone = await Array.fromAsync(mine.read('matter-matter'));
  expect(alone.at(-1)?.recordedAt).toBe(new Date(now).toISOString());
  return { log: mine, register, late: new Date(now + 90).toISOString() };
}

describe('evidence of a log with two writers', () => {
  it.each([['newest'], ['as known then']])('exports a bundle that verifies, of what is %s', async (asked) => {
    const { log, register, late } = await twoWriters();
    const sealing = aSealing(log);
    open.push(sealing);
    const { checkpoint } = must(await sealing.sealer.seal());
    const clocks = asked === 'newest' ? {} : { knownAt: '2026-03-02T12:00:01Z' };
    const answer = async (revision: number) => (await register.status('matter', { clocks }, revision)).body;
    const { store } = sealing.evidence;
    const bytes = await exportBundle({ log, store, checkpoint, matter: 'matter', answer });
    const { bundle } = await verifyBundle(bytes, { sha256, verify: verifyEd25519 });
    expect(bundle.events.map(({ event }) => event.recordedAt)).toEqual(['2026-03-02T12:00:00.000Z', late]);
    expect(bundle.clocks.knownAt).toBe(late);
    expect(bundle.answer.position).toBe(bundle.events.at(-1)?.event.position);
  });

  it('takes the log for the same after a restart that comes right after such an event', async () => {
    const { log } = await twoWriters();
    const { path, remove } = await aDirectory();
    const file = `${path}/evidence.db`;
    const first = Evidence.open({ file, log });
    await first.catchUp(await log.head());
    await first.stop();
    const second = Evidence.open({ file, log });
    second.start();
    await pause(100);
    expect(second.state).toMatchObject({ incident: null, error: null });
    expect(await second.stillHolds(second.state.size)).toBe(true);
    await second.stop();
    await remove();
  });

  it('takes no event in as recorded before the one in front of it, wherever it began to read', async () => {
    const log = new MemoryEventLog();
    await append(log, 'matter-other', 'ahead', 'behind');
    const [ahead, behind] = await Array.fromAsync(log.readAll());
    const { path, remove } = await aDirectory();
    const file = `${path}/evidence.db`;
    let store = EvidenceStore.open(file);
    store.takeIn([at(ahead, '2026-03-02T12:00:01.090Z')]);
    store.close();
    store = EvidenceStore.open(file);
    store.takeIn([at(behind, '2026-03-02T12:00:01.000Z')]);
    const leaf: unknown = JSON.parse(Buffer.from(must(store.leafAt(1)).leaf).toString());
    expect(leaf).toMatchObject({ recordedAt: '2026-03-02T12:00:01.090Z' });
    store.close();
    await remove();
  });
});
