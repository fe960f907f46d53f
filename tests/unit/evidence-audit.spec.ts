import { afterEach, describe, expect, it } from '@jest/globals';
import { type EventLog, MemoryEventLog, type RecordedEvent } from '#libs/event-log';
import {
  audit,
  type AuditReport,
  CHECKPOINT_SIGNED,
  CHECKPOINT_STREAM,
  ED25519,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  HeadsTree,
  parseVerifierKey,
  sha256,
  SigningKeys,
  toBase64,
  utf8,
  verifierKey,
} from '#libs/evidence';
import { anEvent, append, aSealing, must, OtherLog, type Sealing, SECRET } from '../support/evidence.ts';

const open: Sealing[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface Sealed {
  readonly sealing: Sealing;
  readonly events: readonly RecordedEvent[];
  readonly note: string;
}

/** Twelve notes in three streams, sealed after each four, with a new key in between, and two notes that are not. */
async function sealed(): Promise<Sealed> {
  const sealing = aSealing(new MemoryEventLog());
  open.push(sealing);
  const { log, sealer, evidence } = sealing;
  for (const round of [1, 2, 3]) {
    await append(log, 'matter-a', `${round} a`, `${round} b`);
    await append(log, `matter-${round}`, `${round} c`, `${round} d`);
    await sealer.seal();
    if (round === 2) await sealer.rotate();
  }
  await append(log, 'matter-a', 'not sealed', 'not sealed either');
  await evidence.catchUp(await log.head());
  return { sealing, events: await Array.fromAsync(log.readAll()), note: must(evidence.store.newest).note };
}

const first = ({ findings }: AuditReport): unknown => {
  const [found] = findings;
  return found && { kind: found.kind, index: found.index };
};
const edited = (event: RecordedEvent): RecordedEvent => ({ ...event, data: { text: 'something else' } });
const keysOf =
  (byte: number) =>
  (generation: number): Uint8Array =>
    new SigningKeys(String(byte).repeat(32)).generation(generation).publicKey;
const over = (events: readonly RecordedEvent[]): EventLog => new OtherLog(events);

describe('an audit', () => {
  it('finds nothing in a log that nobody touched', async () => {
    const { sealing, note, events } = await sealed();
    const { store } = sealing.evidence;
    const key = must(parseVerifierKey(sha256, must(store.keys[0])));
    const report = await audit({ log: sealing.log, store, key, outside: [{ name: 'kept', note }] });
    expect(report).toMatchObject({
      intact: true,
      sealed: 15,
      checkpoints: 3,
      outside: 1,
      anchor: 'given',
      findings: [],
    });
    expect(report.events).toBe(events.length);
    expect(report.keys).toEqual(store.keys);
    expect((await audit({ log: sealing.log })).intact).toBe(true);
  });

  it('finds nothing in an empty log', async () => {
    expect(await audit({ log: new MemoryEventLog() })).toMatchObject({ intact: true, events: 0, anchor: 'none' });
  });

  it('finds nothing wrong with a copy of the log in another store', async () => {
    const { events, note, sealing } = await sealed();
    const copy = over(events.map((event, index) => ({ ...event, position: BigInt(index * 1000 + 7) })));
    const report = await audit({ log: copy, outside: [{ name: 'kept', note }] });
    expect(report).toMatchObject({ intact: true, outside: 1, root: (await audit({ log: sealing.log })).root });
  });

  it('names the event that was edited, wherever it is', async () => {
    const { sealing, events } = await sealed();
    for (const [index, event] of events.entries()) {
      const log = over(events.with(index, edited(event)));
      const report = await audit({ log, store: sealing.evidence.store });
      expect(first(report)).toEqual({ kind: 'log', index });
      expect(report.findings[0]).toMatchObject({ position: event.position.toString(), event: event.id });
    }
  });

  it('names the stretch between two checkpoints when nothing but the log is left', async () => {
    const { events } = await sealed();
    for (const [index, event] of events.slice(0, 15).entries()) {
      const report = await audit({ log: over(events.with(index, edited(event))) });
      const { index: from } = must(report.findings[0]);
      expect(report.intact).toBe(false);
      expect(must(from ?? undefined)).toBeLessThanOrEqual(index);
    }
  });

  it.each([
    ['dropped', (events: readonly RecordedEvent[], at: number) => events.toSpliced(at, 1)],
    [
      'swapped',
      (events: readonly RecordedEvent[], at: number) =>
        events.with(at, must(events[at + 1])).with(at + 1, must(events[at])),
    ],
    [
      'put in',
      (events: readonly RecordedEvent[], at: number) =>
        events.toSpliced(at, 0, { ...must(events[at]), id: '0197aaaa-0000-7000-8000-000000000000' }),
    ],
  ])('names the place where an event was %s', async (_, change) => {
    const { sealing, events } = await sealed();
    for (let at = 0; at < events.length - 1; at += 1) {
      const log = over(change(events, at));
      const report = await audit({ log, store: sealing.evidence.store });
      expect(first(report)).toEqual({ kind: 'log', index: at });
      if (at < 15) expect((await audit({ log })).intact).toBe(false);
    }
  });

  it('finds that the tail was cut, sealed or not', async () => {
    const { sealing, events, note } = await sealed();
    for (let kept = 0; kept < events.length; kept += 1) {
      const log = over(events.slice(0, kept));
      expect(first(await audit({ log, store: sealing.evidence.store }))).toEqual({ kind: 'log', index: kept });
      const { intact } = await audit({
        log,
        key: must(parseVerifierKey(sha256, must(sealing.evidence.store.keys[0]))),
        outside: [{ name: 'kept', note }],
      });
      expect(intact).toBe(kept >= 15);
    }
  });

  it('finds a log that was signed anew with another key', async () => {
    const { sealing, events } = await sealed();
    const forged = aSealing(new MemoryEventLog(), { keys: new SigningKeys('9'.repeat(32)) });
    open.push(forged);
    for (const { stream, data } of events.slice(0, 3)) await append(forged.log, stream, String(Object(data).text));
    await forged.sealer.seal();
    const report = await audit({ log: forged.log, store: sealing.evidence.store });
    expect(report.findings[0]?.kind).toBe('log');
    const key = must(parseVerifierKey(sha256, must(sealing.evidence.store.keys[0])));
    expect((await audit({ log: forged.log, key })).intact).toBe(false);
    expect((await audit({ log: forged.log })).intact).toBe(true);
  });

  it('finds a checkpoint whose heads are not those of the streams, though it is signed', async () => {
    const log = new MemoryEventLog();
    await append(log, 'matter-a', 'one', 'two');
    const [tree, key] = [
      new HeadsTree(sha256, [{ stream: 'matter-a', revision: 0 }]),
      new SigningKeys(SECRET).generation(1),
    ];
    const honest = aSealing(log);
    open.push(honest);
    await honest.evidence.catchUp(await log.head());
    const origin = 'example.com/log';
    const root = honest.evidence.store.root(2);
    const text = formatCheckpoint({ origin, size: 2, root, heads: tree.heads });
    const verifier = verifierKey(sha256, { name: origin, type: ED25519, publicKey: key.publicKey });
    const signatures = [{ name: origin, keyId: verifier.keyId, signature: key.sign(utf8(text)) }];
    const heads = { streams: 1, root: toBase64(tree.heads.root) };
    const note = formatNote({ text, signatures });
    const signed = { note, key: formatVerifierKey(verifier), size: 2, root: toBase64(root), heads };
    await log.append(CHECKPOINT_STREAM, 'no-stream', [{ ...anEvent('', signed), type: CHECKPOINT_SIGNED }]);
    const report = await audit({ log });
    expect(report.findings).toMatchObject([
      { kind: 'log', index: 2, what: expect.stringContaining('its heads are not') },
    ]);
  });

  it('finds a secret that is not the one the log was sealed with', async () => {
    const { sealing } = await sealed();
    expect((await audit({ log: sealing.log, signsWith: keysOf(7) })).intact).toBe(true);
    expect(first(await audit({ log: sealing.log, signsWith: keysOf(8) }))).toEqual({ kind: 'own-state', index: null });
  });

  it('passes on what other checks find', async () => {
    const { sealing } = await sealed();
    const checks = [
      { name: 'views', run: async () => ({ result: 'failed', detail: 'they differ' }) as const },
      { name: 'receipts', run: async () => ({ result: 'skipped', detail: 'there are none' }) as const },
    ];
    const report = await audit({ log: sealing.log, checks });
    expect(report.intact).toBe(false);
    expect(report.findings).toMatchObject([{ kind: 'check', what: 'views: they differ' }]);
    expect(report.checks).toHaveLength(2);
  });

  it('says that a checkpoint from elsewhere is of another log, or was not signed', async () => {
    const { sealing, note } = await sealed();
    const stranger = note.replaceAll('inforce/', 'example/');
    const forged = note.replace(/\n\d+\n/, '\n16\n');
    for (const text of [stranger, forged, 'nothing']) {
      const report = await audit({ log: sealing.log, outside: [{ name: 'kept', note: text }] });
      expect(report.findings).toMatchObject([{ kind: 'outside' }]);
    }
  });
});
