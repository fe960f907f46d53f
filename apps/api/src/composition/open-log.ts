import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EmbeddedLog } from '#libs/config';
import type { EventLog } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';

export interface OpenLog {
  readonly log: EventLog;
  /** Whether the store has what it needs beside its own word: leave to write, and room. */
  readonly storable: () => Promise<boolean>;
}

/** With less than this the next large append may fail. */
const ROOM_BYTES = 16 * 1024 * 1024;

/** The one place that knows which log this is. @throws EventLogError */
export async function openLog({ file }: EmbeddedLog, now: () => number): Promise<OpenLog> {
  await mkdir(dirname(file), { recursive: true });
  const log = await SqliteEventLog.open({ file, now });
  return { log, storable: () => hasRoom(file) };
}

async function hasRoom(file: string): Promise<boolean> {
  try {
    await access(file, constants.W_OK);
    const { bavail, bsize } = await statfs(dirname(file));
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}
