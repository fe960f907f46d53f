import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { events, followed, followUntil } from '../support/event-log.ts';
import { aDirectory } from '../support/event-log-files.ts';
import { killAll, WritingProcess } from '../support/event-log-process.ts';

describe('a reader beside the writer of another process', () => {
  let directory: Awaited<ReturnType<typeof aDirectory>>;
  let file: string;
  beforeEach(async () => {
    directory = await aDirectory();
    file = join(directory.path, 'events.log');
  });
  afterEach(async () => {
    await killAll();
    await directory.remove();
  });

  async function aWriter(): Promise<WritingProcess> {
    const writer = new WritingProcess(file, 'commands');
    expect(await writer.line()).toBe('open');
    return writer;
  }

  it('sees what was committed, and each new commit', async () => {
    const writer = await aWriter();
    await writer.command('3');
    const reader = await SqliteEventLog.open({ file, readOnly: true });
    expect(await count(reader)).toBe(3);
    await writer.command('2');
    expect(await count(reader)).toBe(5);
    expect(await reader.head()).toBe(5n);
    await reader.close();
    // Coming and going, the reader took nothing from the writer.
    expect(await writer.command('1')).toBe('6');
  });

  it('follows it live, and is told of a commit within a moment', async () => {
    const writer = await aWriter();
    await writer.command('3');
    const reader = await SqliteEventLog.open({ file, readOnly: true });
    let [asked, heard] = [0, 0];
    const messages = await followUntil(reader, {}, (all) => {
      if (all.at(-1)?.kind === 'caughtUp' && asked === 0) {
        asked = performance.now();
        void writer.command('2');
      }
      heard = performance.now();
      return followed(all).length === 5;
    });
    expect(messages.slice(0, 4).map(({ kind }) => kind)).toEqual(['event', 'event', 'event', 'caughtUp']);
    expect(heard - asked).toBeLessThan(1000);
    await reader.close();
  });

  it('reads with no writer about, and leaves no file behind', async () => {
    const log = await SqliteEventLog.open({ file });
    await log.append('matter-a', 'no-stream', events(4));
    await log.close();
    const before = await readdir(directory.path);
    const reader = await SqliteEventLog.open({ file, readOnly: true });
    expect(await count(reader)).toBe(4);
    expect(await readdir(directory.path)).toEqual(before);
    await reader.close();
    expect(await readdir(directory.path)).toEqual(before);
  });

  it('notices a writer that comes later, goes, and comes again', async () => {
    const log = await SqliteEventLog.open({ file });
    await log.append('matter-a', 'no-stream', events(1));
    await log.close();
    const reader = await SqliteEventLog.open({ file, readOnly: true });
    const stop = new AbortController();
    const live = (async () => {
      const positions: bigint[] = [];
      for await (const message of reader.follow({ signal: stop.signal })) {
        if (message.kind === 'event') positions.push(message.event.position);
        if (positions.length === 9) stop.abort();
      }
      return positions;
    })();
    for (const round of [0, 1]) {
      const writer = await aWriter();
      await writer.command('2');
      expect(await count(reader)).toBe(3 + round * 4);
      await writer.command('2');
      await writer.closeInput();
      expect(await count(reader)).toBe(5 + round * 4);
    }
    expect(await live).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n]);
    await reader.close();
  });

  it('reads what a killed writer had acknowledged', async () => {
    const writer = await aWriter();
    await writer.command('7');
    await writer.kill();
    const reader = await SqliteEventLog.open({ file, readOnly: true, check: 'full' });
    expect(await count(reader)).toBe(7);
    await reader.close();
  });
});

async function count(log: SqliteEventLog): Promise<number> {
  return (await Array.fromAsync(log.readAll())).length;
}
