import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventLog, type SqliteEventLogOptions } from '#libs/event-log-sqlite';
import type { LogUnderTest } from './event-log.ts';

/** A directory of its own for one test's files. */
export async function aDirectory(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'inforce-log-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export async function aSqliteLog(options: Partial<SqliteEventLogOptions> = {}): Promise<LogUnderTest> {
  const directory = await aDirectory();
  const all = { file: join(directory.path, 'events.log'), ...options };
  let log = await SqliteEventLog.open(all);
  return {
    log,
    async reopen() {
      await log.close();
      log = await SqliteEventLog.open(all);
      return log;
    },
    async cleanup() {
      await log.close();
      await directory.remove();
    },
  };
}
