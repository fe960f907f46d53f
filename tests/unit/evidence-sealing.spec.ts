import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type EventLog, MemoryEventLog, uuidv7 } from '#libs/event-log';
import {
  CHECKPOINT_STREAM,
  hashLeaf,
  leafBytes,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  SealingHeld,
  sha256,
  SigningKeys,
  verifyConsistency,
  verifyEd25519,
  verifyHead,
  verifyInclusion,
  verifyNote,
} from '#libs/evidence';
import { append, aSealing, aTree, must, type Sealing } from '../support/evidence.ts';

const open: Sealing[] = [];
function sealing(log: EventLog, options: Parameters<typeof aSealing>[1] = {}): Sealing {
  const made = aSealing(log, options);
  open.push(made);
  return made;
}
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const sizes = async (log: EventLog): Promise<number> => (await Array.fromAsync(log.readAll())).length;

describe('sealing', () => {
  it('signs the tree over all events, and puts the checkpoint into the log', async () => {
    const log = new MemoryEventLog();
    const { sealer, evidence } = sealing(log);
    await append(log, 'matter-a', 'one', 'two');
    await append(log, 'matter-b', 'three');
    const { checkpoint, made } = must(await sealer.seal());
    expect({ made, size: checkpoint.size }).toEqual({ made: true, size: 3 });
    const events = await Array.fromAsync(log.readAll());
    const tree = aTree(events.map(leafBytes));
    expect(checkpoint.root).toEqual(new Uint8Array(tree.root(3)));
    expect(events.at(-1)).toMatchObject({ stream: CHECKPOINT_STREAM, type: 'CheckpointSigned', revision: 0 });
    const key = must(parseVerifierKey(sha256, must(evidence.store.keys[0])));
    expect(await verifyNote(verifyEd25519, parseNote(checkpoint.note), key)).toBe(true);
    expect(parseCheckpoint(parseNote(checkpoint.note).text).origin).toBe(key.name);
  });

  it('signs nothing when there is nothing', async () => {
    const log = new MemoryEventLog();
    expect(await sealing(log).sealer.seal()).toBeUndefined();
    expect(await sizes(log)).toBe(0);
  });

  it('is not in a hurry at its interval: only whoever waits for a proof takes the thread from everybody else', async () => {
    const log = new MemoryEventLog();
    await append(log, 'matter-a', ...Array.from({ length: 20 }, (_, index) => `${index}`));
    // After each event it rests ten thousand times as long as that took.
    const { evidence } = sealing(log, { pageSize: 1, share: 0.0001 });
    evidence.start();
    const waiting = { signal: AbortSignal.timeout(200), patient: true };
    await expect(evidence.catchUp(20n, waiting)).rejects.toThrow('timeout');
    expect(evidence.state.size).toBeLessThan(20);
    await evidence.catchUp(20n);
    expect(evidence.state.size).toBe(20);
  });

  it('signs no checkpoint over checkpoints alone', async () => {
    const log = new MemoryEventLog();
    const { sealer } = sealing(log);
    await append(log, 'matter-a', 'one');
    const first = must(await sealer.seal());
    const again = must(await sealer.seal());
    expect(again).toEqual({ ...first, made: false });
    expect(await sizes(log)).toBe(2);
    await append(log, 'matter-a', 'two');
    expect(must(await sealer.seal()).checkpoint.size).toBe(3);
  });

  it('gives proofs that hold for every event and every two checkpoints, over several tiles', async () => {
    const log = new MemoryEventLog();
    const { sealer, evidence } = sealing(log, { pageSize: 100 });
    const { store } = evidence;
    for (let round = 0; round < 6; round += 1) {
      await append(log, `matter-${round % 3}`, ...Array.from({ length: 150 }, (_, number) => `${round} ${number}`));
      await sealer.seal();
    }
    const events = await Array.fromAsync(log.readAll());
    const checkpoints = store.checkpoints(100);
    expect(checkpoints.map(({ size }) => size)).toEqual([905, 754, 603, 452, 301, 150]);
    const newest = must(checkpoints[0]);
    for (const [index, event] of events.slice(0, newest.size).entries()) {
      const proof = store.inclusion(must(store.leafOf(event.id)).index, newest.size);
      expect(proof.index).toBe(index);
      const leafHash = hashLeaf(sha256, leafBytes(event));
      expect(verifyInclusion(sha256, { ...proof, leafHash, root: newest.root })).toBe(true);
    }
    for (const from of checkpoints) {
      const proof = store.consistency(from.size, newest.size);
      const claim = { from: from.size, to: newest.size, fromRoot: from.root, toRoot: newest.root, proof };
      expect(verifyConsistency(sha256, claim)).toBe(true);
    }
  });

  it('commits to the newest revision of every stream, then and not later', async () => {
    const log = new MemoryEventLog();
    const { sealer, evidence } = sealing(log);
    await append(log, 'matter-b', 'one', 'two');
    await append(log, 'matter-é', 'one');
    await append(log, 'matter-a 1', 'one', 'two', 'three');
    const { checkpoint } = must(await sealer.seal());
    await append(log, 'matter-b', 'three');
    await append(log, 'matter-c', 'one');
    await sealer.seal();
    const heads = must(checkpoint.heads);
    expect(heads.streams).toBe(3);
    for (const [stream, revision] of [
      ['matter-b', 1],
      ['matter-é', 0],
      ['matter-a 1', 2],
    ] as const) {
      const proof = must(evidence.store.head(stream, checkpoint.size));
      expect(proof.revision).toBe(revision);
      expect(verifyHead(sha256, heads, proof)).toBe(true);
      expect(verifyHead(sha256, heads, { ...proof, revision: revision + 1 })).toBe(false);
      expect(verifyHead(sha256, heads, { ...proof, stream: `${stream}x` })).toBe(false);
      expect(verifyHead(sha256, heads, { ...proof, streams: 4 })).toBe(false);
    }
    expect(evidence.store.head('matter-c', checkpoint.size)).toBeUndefined();
    expect(must(evidence.store.head('matter-b', must(evidence.store.newest).size)).revision).toBe(2);
  });

  it('lets one of several replicas sign, and all of them have its checkpoint', async () => {
    const log = new MemoryEventLog();
    const replicas = [sealing(log), sealing(log), sealing(log)];
    for (let round = 0; round < 5; round += 1) {
      await append(log, 'matter-a', `round ${round}`);
      const sealed = await Promise.all(replicas.map(({ sealer }) => sealer.seal()));
      expect(sealed.filter((each) => each?.made)).toHaveLength(1);
      expect(new Set(sealed.map((each) => each?.checkpoint.note)).size).toBe(1);
    }
    expect(await sizes(log)).toBe(10);
  });

  it('makes one checkpoint of a size when replicas wait at once for their events to settle', async () => {
    const log = new MemoryEventLog();
    const replicas = [sealing(log, { settleMs: 40 }), sealing(log, { settleMs: 80 })];
    for (const { evidence } of replicas) evidence.start();
    for (let round = 0; round < 3; round += 1) {
      await append(log, 'matter-a', `round ${round}`);
      const sealed = await Promise.all(replicas.map(({ sealer }) => sealer.seal()));
      expect(new Set(sealed.map((each) => each?.checkpoint.note)).size).toBe(1);
    }
    expect(await sizes(log)).toBe(6);
    for (const { evidence } of replicas) expect(evidence.state.incident).toBeNull();
  });

  it('follows the log by itself, and tells of each checkpoint once', async () => {
    const log = new MemoryEventLog();
    const { sealer, evidence } = sealing(log, { pageSize: 7 });
    const told: number[] = [];
    evidence.onCheckpoint(({ size }) => told.push(size));
    evidence.start();
    await append(log, 'matter-a', ...Array.from({ length: 50 }, String));
    await sealer.seal();
    await append(log, 'matter-a', 'more');
    await Promise.all([sealer.seal(), sealer.seal()]);
    expect(told).toEqual([50, 52]);
    expect(evidence.state).toMatchObject({ size: 53, sealedSize: 52, incident: null, error: null });
  });

  it('makes the same tree again when its file is lost, with all checkpoints', async () => {
    const log = new MemoryEventLog();
    const { sealer, evidence } = sealing(log);
    await append(log, 'matter-a', ...Array.from({ length: 300 }, String));
    await sealer.seal();
    await append(log, 'matter-b', 'one');
    await sealer.seal();
    const fresh = sealing(log, { pageSize: 11 });
    await fresh.evidence.catchUp(await log.head());
    expect(fresh.evidence.store.checkpoints(9)).toEqual(evidence.store.checkpoints(9));
    expect(fresh.evidence.store.keys).toEqual(evidence.store.keys);
    expect(fresh.evidence.store.root(303)).toEqual(evidence.store.root(303));
  });

  it('does not sign while the process may not act', async () => {
    const log = new MemoryEventLog();
    await append(log, 'matter-a', 'one');
    await expect(sealing(log, { mayAct: () => false }).sealer.seal()).rejects.toThrow(SealingHeld);
    expect(await sizes(log)).toBe(1);
  });

  it('waits without complaint until the process may act, and then seals soon', async () => {
    const log = new MemoryEventLog();
    await append(log, 'matter-a', 'one');
    const asked: boolean[] = [];
    const complaints: unknown[] = [];
    const mayAct = (): boolean => asked.push(true) > 3;
    const { sealer } = sealing(log, { mayAct, report: (report) => complaints.push(report) });
    const stop = new AbortController();
    const running = sealer.run({ everyMs: 3_600_000, firstMs: 1, signal: stop.signal });
    for (let tries = 0; (await sizes(log)) === 1 && tries < 200; tries += 1) await sleep(10);
    stop.abort();
    await running;
    expect(await sizes(log)).toBe(2);
    expect(complaints).toEqual([]);
  });

  it('does not sign with the secret of another installation', async () => {
    const log = new MemoryEventLog();
    await append(log, 'matter-a', 'one');
    await sealing(log).sealer.seal();
    await append(log, 'matter-a', 'two');
    const other = sealing(log, { keys: new SigningKeys('8'.repeat(32)) });
    await expect(other.sealer.seal()).rejects.toThrow(/secret of another installation/);
    expect(await sizes(log)).toBe(3);
  });

  it('looks on for as long as it is told before it signs', async () => {
    const log = new MemoryEventLog();
    await append(log, 'matter-a', 'one');
    const { sealer } = sealing(log, { settleMs: 20 });
    const sealed = sealer.seal();
    await append(log, 'matter-a', 'two');
    expect(must(await sealed).checkpoint.size).toBe(1);
  });
});

describe('a key', () => {
  it('hands over to the next with the signatures of both, and the log keeps its name', async () => {
    const log = new MemoryEventLog();
    const { sealer, evidence } = sealing(log);
    await expect(sealer.rotate()).rejects.toThrow(SealingHeld);
    await append(log, 'matter-a', 'one');
    const before = must(await sealer.seal()).checkpoint;
    const key = await sealer.rotate();
    const after = must(await sealer.seal()).checkpoint;
    expect(after.size).toBe(3);
    expect(after.origin).toBe(before.origin);
    expect(evidence.store.keys).toHaveLength(2);
    expect(await verifyNote(verifyEd25519, parseNote(after.note), key)).toBe(true);
    expect(await verifyNote(verifyEd25519, parseNote(before.note), key)).toBe(false);
    const fresh = sealing(log);
    await fresh.evidence.catchUp(await log.head());
    expect(fresh.evidence.store.chain).toEqual(evidence.store.chain);
  });
});

describe('a log that holds what cannot be so', () => {
  it.each([
    ['a checkpoint with another root', (data: Record<string, unknown>) => ({ ...data, root: `${'A'.repeat(43)}=` })],
    ['a checkpoint of a size it never had', (data: Record<string, unknown>) => ({ ...data, size: 7 })],
    ['something else in the stream of checkpoints', () => ({})],
  ])('is not sealed any further: %s', async (_, forge) => {
    const log = new MemoryEventLog();
    const { sealer, evidence } = sealing(log);
    await append(log, 'matter-a', 'one');
    await sealer.seal();
    const [signed] = await Array.fromAsync(log.read(CHECKPOINT_STREAM));
    const { type, schema, data, meta } = must(signed);
    await log.append(CHECKPOINT_STREAM, { revision: 0 }, [
      { id: uuidv7(), type, schema, data: forge(Object(data)), meta },
    ]);
    await append(log, 'matter-a', 'two');
    await expect(sealer.seal()).rejects.toThrow(SealingHeld);
    expect(evidence.state.incident).toContain('position 3');
    expect(evidence.store.end.size).toBe(4);
  });
});
