import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { Evidence, EvidenceStore, EvidenceUnusable, writeCheckpoint } from '#libs/evidence';
import { aDirectory } from '../support/event-log-files.ts';
import { append, aSealing } from '../support/evidence.ts';

let directory: Awaited<ReturnType<typeof aDirectory>>;
const at = (name: string): string => join(directory.path, name);
beforeEach(async () => {
  directory = await aDirectory();
});
afterEach(() => directory.remove());

/** A log with so many events, sealed, and its evidence beside it. */
async function sealedFiles(count: number): Promise<void> {
  const log = await SqliteEventLog.open({ file: at('events.db') });
  const { sealer, close } = aSealing(log, { file: at('evidence.db') });
  await append(log, 'matter-a', ...Array.from({ length: count }, String));
  await sealer.seal();
  await close();
  await log.close();
}

describe('evidence.db', () => {
  it('is put aside when it is damaged, and made again from the log', async () => {
    await sealedFiles(300);
    const before = EvidenceStore.open(at('evidence.db'), { readOnly: true });
    const { newest } = before;
    before.close();
    const bytes = await readFile(at('evidence.db'));
    await writeFile(at('evidence.db'), bytes.fill(0xff, 4096, 12_288));
    const log = await SqliteEventLog.open({ file: at('events.db') });
    const said: string[] = [];
    const evidence = Evidence.open({ file: at('evidence.db'), log, report: ({ message }) => said.push(message) });
    await evidence.catchUp(await log.head());
    expect(evidence.store.newest).toEqual(newest);
    expect(said.join()).toContain('evidence.db.damaged-1');
    expect(await readdir(directory.path)).toContain('evidence.db.damaged-1');
    await evidence.stop();
    await log.close();
  });

  it('is put aside when what it holds of keys and checkpoints is none', async () => {
    await sealedFiles(3);
    const log = await SqliteEventLog.open({ file: at('events.db') });
    for (const statement of ["UPDATE checkpoints SET note = 'nothing'", "UPDATE keys SET key = 'nothing'"]) {
      const db = new DatabaseSync(at('evidence.db'));
      db.exec(statement);
      db.close();
      const { evidence, sealer, close } = aSealing(log, { file: at('evidence.db') });
      await append(log, 'matter-a', 'more');
      await sealer.seal();
      expect(evidence.store.keys).toHaveLength(1);
      expect(evidence.state.incident).toBeNull();
      await close();
    }
    expect((await readdir(directory.path)).filter((name) => /damaged-\d$/.test(name))).toHaveLength(2);
    await log.close();
  });

  it('is not touched when it is another application’s', async () => {
    const db = new DatabaseSync(at('other.db'));
    db.exec('CREATE TABLE things (id)');
    db.close();
    const before = await readFile(at('other.db'));
    const log = await SqliteEventLog.open({ file: at('events.db') });
    expect(() => Evidence.open({ file: at('other.db'), log })).toThrow(EvidenceUnusable);
    expect(() => Evidence.open({ file: at('other.db'), log })).toThrow('database of another application');
    expect(await readFile(at('other.db'))).toEqual(before);
    await log.close();
  });

  it('outlives a log that was put back, and then nothing is sealed any more', async () => {
    await sealedFiles(3);
    await copyFile(at('events.db'), at('backup.db'));
    await sealedFiles(2);
    await copyFile(at('backup.db'), at('events.db'));
    const log = await SqliteEventLog.open({ file: at('events.db') });
    const { evidence, sealer, close } = aSealing(log, { file: at('evidence.db') });
    evidence.start();
    await append(log, 'matter-a', 'goes on');
    await expect(sealer.seal()).rejects.toThrow(/put back to an earlier state, or altered/);
    await expect(sealer.seal()).rejects.toThrow(EvidenceUnusable);
    expect(evidence.state.incident).toMatch(/inforce verify --log/);
    expect(await log.head()).toBe(5n);
    await close();
    await log.close();
  });
});

describe('a checkpoint for a witness', () => {
  it('is written whole: to a file the newest, to a directory each', async () => {
    writeCheckpoint(at('newest'), { size: 1, note: 'one' });
    writeCheckpoint(at('newest'), { size: 2, note: 'two' });
    expect(await readFile(at('newest'), 'utf8')).toBe('two');
    writeCheckpoint(directory.path, { size: 1, note: 'one' });
    writeCheckpoint(directory.path, { size: 10, note: 'ten' });
    expect((await readdir(directory.path)).toSorted()).toEqual([
      '0000000000000001.checkpoint',
      '0000000000000010.checkpoint',
      'newest',
    ]);
    expect(() => writeCheckpoint(at('no/such/place'), { size: 1, note: 'one' })).toThrow('ENOENT');
  });
});
