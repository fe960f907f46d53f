import { afterEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, type RecordedEvent } from '#libs/event-log';
import { audit, type OutsideCheckpoint, parseVerifierKey, sha256, SigningKeys, type VerifierKey } from '#libs/evidence';
import { append, aSealing, must, OtherLog, type Sealing, SECRET } from '../support/evidence.ts';

const open: Sealing[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface History {
  readonly sealing: Sealing;
  readonly events: readonly RecordedEvent[];
  readonly keys: readonly VerifierKey[];
  readonly outside: readonly OutsideCheckpoint[];
}

/** Leaves: two notes, a checkpoint (2), two notes, a hand-over (5), a checkpoint (6) with the second key. */
async function history(): Promise<History> {
  const sealing = aSealing(new MemoryEventLog());
  open.push(sealing);
  const { log, sealer, evidence } = sealing;
  await append(log, 'matter-a', 'one', 'two');
  await sealer.seal();
  await append(log, 'matter-a', 'three', 'four');
  await sealer.rotate();
  await sealer.seal();
  const { store } = evidence;
  return {
    sealing,
    events: await Array.fromAsync(log.readAll()),
    keys: store.keys.map((text) => must(parseVerifierKey(sha256, text))),
    outside: store.checkpoints(10).map(({ size, note }) => ({ name: `kept ${size}`, note })),
  };
}

const signsWith = (generation: number): Uint8Array => new SigningKeys(SECRET).generation(generation).publicKey;
const putBack = { kind: 'log', what: expect.stringContaining('put back to an earlier state, or cut') };

describe('a log that was put back, with nothing but checkpoints that were kept elsewhere', () => {
  it('is told from another log when it is back before its first checkpoint', async () => {
    const { events, keys, outside } = await history();
    for (const left of [0, 1]) {
      const log = new OtherLog(events.slice(0, left));
      const byKey = await audit({ log, outside, key: keys[0] });
      expect(byKey.findings).toEqual(expect.arrayContaining([expect.objectContaining({ ...putBack, index: left })]));
      expect(byKey).toMatchObject({ intact: false, sealed: 0, anchor: 'none' });
      const bySecret = await audit({ log, outside, signsWith });
      expect(bySecret.findings[0]).toMatchObject({ ...putBack, index: left });
      expect(bySecret.findings.filter(({ kind }) => kind === 'outside')).toEqual([]);
    }
  });

  it('is told from another log when it is back before a hand-over of its key', async () => {
    const { events, keys, outside } = await history();
    const log = new OtherLog(events.slice(0, 5));
    for (const options of [{ signsWith }, { key: keys[0], signsWith }]) {
      const { findings } = await audit({ log, outside, ...options });
      expect(findings).toMatchObject([{ ...putBack, index: 5 }]);
    }
  });
});

describe('a key that somebody trusts', () => {
  it('may be a later one of the log', async () => {
    const { sealing, keys, outside } = await history();
    for (const key of keys)
      expect(await audit({ log: sealing.log, store: sealing.evidence.store, key, outside, signsWith })).toMatchObject({
        intact: true,
        sealed: 6,
        anchor: 'given',
      });
  });

  it('vouches for nothing that only keys before it have signed', async () => {
    const { events, keys } = await history();
    const report = await audit({ log: new OtherLog(events.slice(0, 6)), key: keys[1] });
    expect(report).toMatchObject({ intact: true, sealed: 0, checkpoints: 0 });
  });

  it('is none of the log, and that is said once', async () => {
    const { sealing, events } = await history();
    const stranger = aSealing(new MemoryEventLog(), { keys: new SigningKeys('9'.repeat(32)) });
    open.push(stranger);
    await append(stranger.log, 'matter-a', 'one');
    await stranger.sealer.seal();
    const key = parseVerifierKey(sha256, must(stranger.evidence.store.keys[0]));
    const report = await audit({ log: sealing.log, store: sealing.evidence.store, key, signsWith });
    expect(report).toMatchObject({ intact: false, sealed: 0, checkpoints: 0 });
    expect(report.findings).toMatchObject([{ kind: 'log', index: 2, event: must(events[2]).id }]);
  });
});

describe('a log that was edited', () => {
  it('is all that is blamed: evidence.db, which has what was there, is not called damaged', async () => {
    const { sealing, events } = await history();
    const edited = events.with(0, { ...must(events[0]), data: { text: 'something else' } });
    const { findings } = await audit({ log: new OtherLog(edited), store: sealing.evidence.store });
    expect(findings).toMatchObject([{ kind: 'log', index: 0 }]);
  });

  it('beyond reading is not asked for anything more', async () => {
    const { events, sealing, outside, keys } = await history();
    class Unreadable extends OtherLog {
      override async *readAll(): AsyncGenerator<RecordedEvent, void> {
        yield* events.slice(0, 1);
        throw new SyntaxError('Unexpected token');
      }
    }
    const checks = [{ name: 'views', run: () => new Promise<never>(() => {}) }];
    const report = await audit({
      log: new Unreadable([]),
      checks,
      store: sealing.evidence.store,
      outside,
      key: keys[0],
      signsWith,
    });
    expect(report.findings).toMatchObject([
      { kind: 'log', index: 1, what: expect.stringContaining('cannot be read any further') },
    ]);
    expect(report.checks).toMatchObject([{ name: 'views', result: 'skipped' }]);
  });
});
