import { cp, mkdtemp, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { EventLogError, type RecordedEvent } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import {
  audit,
  type AuditReport,
  type Finding,
  EvidenceStore,
  EvidenceUnusable,
  leafText,
  type OutsideCheckpoint,
  parseVerifierKey,
  sha256,
} from '#libs/evidence';
import { append, aSealing, must } from '../support/evidence.ts';

let directory: string;
let log: string;
let evidence: string;
let original: readonly RecordedEvent[];
let note: string;
let key: string;

/** 290 events in 7 streams, so that there are two levels of tiles; five checkpoints, two keys, and a tail. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'inforce-flips-'));
  [log, evidence] = [join(directory, 'events.db'), join(directory, 'evidence.db')];
  const events = await SqliteEventLog.open({ file: log });
  const sealing = aSealing(events, { file: evidence });
  for (let round = 0; round < 5; round += 1) {
    for (let stream = 0; stream < 6; stream += 1)
      await append(events, `matter-${stream}`, ...Array.from({ length: 9 }, (_, number) => `${round} “${number}” é`));
    await sealing.sealer.seal();
    if (round === 2) await sealing.sealer.rotate();
  }
  await append(events, 'matter-tail', ...Array.from({ length: 10 }, String));
  await sealing.evidence.catchUp(await events.head());
  note = must(sealing.evidence.store.newest).note;
  key = must(sealing.evidence.store.keys[0]);
  original = await Array.fromAsync(events.readAll());
  await sealing.close();
  await events.close();
  const db = new DatabaseSync(log);
  db.exec('DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted');
  db.close();
}, 60_000);
afterAll(() => rm(directory, { recursive: true }));

/** What an auditor finds, with whatever is in the files now. */
async function audited(
  files = { log, evidence },
  outside: readonly OutsideCheckpoint[] = [],
): Promise<AuditReport | 'unreadable'> {
  const damage: string[] = [];
  let store: EvidenceStore | undefined;
  try {
    store = EvidenceStore.open(files.evidence, { readOnly: true });
  } catch (error) {
    if (!(error instanceof EvidenceUnusable)) throw error;
    damage.push(error.message);
  }
  try {
    const events = await SqliteEventLog.open({ file: files.log, readOnly: true, check: 'none' });
    try {
      return await audit({ log: events, store, damage, outside, key: parseVerifierKey(sha256, key) });
    } finally {
      await events.close();
    }
  } catch (error) {
    if (error instanceof EventLogError) return 'unreadable';
    throw error;
  } finally {
    store?.close();
  }
}

interface Cell {
  readonly table: string;
  readonly column: string;
  readonly where: string;
}

/** Changes one byte, or one bit of a number, in one place of a database, and puts it back afterwards. */
async function withFlip<Result>(
  file: string,
  { table, column, where }: Cell,
  { at, by }: { readonly at: number; readonly by: number },
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const db = new DatabaseSync(file);
  const cell = db.prepare(`SELECT ${column} AS value, typeof(${column}) AS type FROM ${table} WHERE ${where}`).get();
  const set = (value: SQLInputValue, as: string): void =>
    void db.prepare(`UPDATE ${table} SET ${column} = ${as} WHERE ${where}`).run(value);
  const { value = null, type } = cell ?? {};
  try {
    if (typeof value === 'number') set(value ^ (1 << (at % 20)), '?');
    else {
      const bytes = Buffer.from(type === 'text' ? Buffer.from(String(value)) : Buffer.from(Object(value)));
      if (bytes.length === 0) return undefined;
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ by;
      set(bytes, type === 'text' ? 'CAST(? AS TEXT)' : '?');
    }
    return await work();
  } catch (error) {
    // A constraint of the table (a key that is taken) keeps this flip from being stored at all.
    if (String(error).includes('constraint')) return undefined;
    throw error;
  } finally {
    set(value, '?');
    db.close();
  }
}

const flip = fc.record({ at: fc.nat(9000), by: fc.integer({ min: 1, max: 255 }) });
const fieldOfEvent = fc.constantFrom('data', 'meta', 'type', 'id', 'schema', 'recorded_at', 'revision', 'data', 'meta');

function mustBlame(report: AuditReport | 'unreadable' | undefined, kind: Finding['kind'], index?: number): void {
  if (report === undefined) return;
  if (report === 'unreadable') throw new Error('An edit of one value must be told with its place.');
  const [first] = report.findings;
  expect(report.intact).toBe(false);
  expect(first?.kind).toBe(kind);
  if (index !== undefined) expect(first?.index).toBe(index);
}

describe('one byte, changed anywhere', () => {
  it('finds nothing while nothing was changed', async () => {
    expect(await audited()).toMatchObject({ intact: true, checkpoints: 5, findings: [] });
  });

  it('in a stored event is found, at its place', async () => {
    let found = 0;
    const place = fc.nat(original.length - 1);
    await fc.assert(
      fc.asyncProperty(place, fieldOfEvent, flip, async (index, column, how) => {
        const where = `position = ${index + 1}`;
        await withFlip(log, { table: 'events', column, where }, how, async () => {
          const report = await audited();
          if (report !== 'unreadable' && report.intact) return mustBeTheSame();
          found += 1;
          return mustBlame(report, 'log', index);
        });
      }),
      { numRuns: 900 },
    );
    expect(found).toBeGreaterThan(700);
  }, 240_000);

  it('in the name of a stream is found, where it begins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), flip, async (id, how) => {
        const first = original.findIndex(({ stream }) => stream === `matter-${id - 1}`);
        await withFlip(log, { table: 'streams', column: 'name', where: `id = ${id}` }, how, async () =>
          mustBlame(await audited(), 'log', first),
        );
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it('in a tile is found, and told from an edit of the log', async () => {
    const tile = fc.constantFrom('level = 0 AND idx = 0', 'level = 0 AND idx = 1', 'level = 1 AND idx = 0');
    await fc.assert(
      fc.asyncProperty(tile, flip, async (where, how) => {
        const report = await withFlip(evidence, { table: 'tiles', column: 'hashes', where }, how, audited);
        mustBlame(report, 'own-state');
        if (typeof report === 'object') expect(report.findings[0]?.what).toMatch(/in tile|tile \d\/\d|the hash of/);
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  it('in a stored leaf, or in what is noted beside it, is found and told from an edit of the log', async () => {
    const column = fc.constantFrom('leaf', 'leaf', 'leaf', 'event_id', 'position', 'revision');
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length - 1), column, flip, async (index, field, how) => {
        const cell = { table: 'leaves', column: field, where: `idx = ${index}` };
        mustBlame(await withFlip(evidence, cell, how, audited), 'own-state');
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it('in a checkpoint or a key, as it is stored, is found and told from an edit of the log', async () => {
    const cell = fc.constantFrom(
      { table: 'checkpoints', column: 'note' },
      { table: 'checkpoints', column: 'note' },
      { table: 'checkpoints', column: 'size' },
      { table: 'checkpoints', column: 'recorded_at' },
      { table: 'keys', column: 'key' },
      { table: 'keys', column: 'origin' },
      { table: 'keys', column: 'generation' },
    );
    await fc.assert(
      fc.asyncProperty(cell, fc.nat(9), flip, async ({ table, column }, row, how) => {
        const where = `idx = (SELECT idx FROM ${table} ORDER BY idx LIMIT 1 OFFSET ${row} % (SELECT count(*) FROM ${table}))`;
        mustBlame(await withFlip(evidence, { table, column, where }, how, audited), 'own-state');
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it('in a checkpoint, or a key, that was kept elsewhere is found', async () => {
    await fc.assert(
      fc.asyncProperty(flip, async ({ at, by }) => {
        const bytes = Buffer.from(note);
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ by;
        mustBlame(await audited(undefined, [{ name: 'kept', note: bytes.toString() }]), 'outside');
        const keyBytes = Buffer.from(key);
        keyBytes[at % keyBytes.length] = (keyBytes[at % keyBytes.length] ?? 0) ^ by;
        expect(parseVerifierKey(sha256, keyBytes.toString())).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('in the files themselves never passes for the log that was signed', async () => {
    const scratch = { log: join(directory, 'scratch.db'), evidence: join(directory, 'scratch-evidence.db') };
    const pristine = { log: await readFile(log), evidence: await readFile(evidence) };
    await cp(log, scratch.log);
    await cp(evidence, scratch.evidence);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('log' as const, 'evidence' as const),
        fc.nat(),
        flip,
        async (which, offset, { by }) => {
          const bytes = Buffer.from(pristine[which]);
          bytes[offset % bytes.length] = (bytes[offset % bytes.length] ?? 0) ^ by;
          await writeFile(scratch[which], bytes);
          const report = await audited(scratch);
          if (report !== 'unreadable' && report.intact) await mustBeTheSame(scratch.log);
          await writeFile(scratch[which], pristine[which]);
        },
      ),
      { numRuns: 300 },
    );
  }, 120_000);
});

/** What is read is what was recorded: the flip changed how a value is written, or nothing that is read. */
async function mustBeTheSame(file = log): Promise<void> {
  const events = await SqliteEventLog.open({ file, readOnly: true, check: 'none' });
  const read = await Array.fromAsync(events.readAll());
  await events.close();
  expect(read.map(leafText)).toEqual(original.map(leafText));
}
