import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ClusterLog, ConfigError, type EmbeddedLog, type LogPlace } from '#libs/config';
import { EventLog, EventLogError, uuidv7, WrongRevision } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { sparingly } from './sparingly.ts';
import { StartFailure } from './start-failure.ts';

export interface OpenLog {
  readonly log: EventLog;
  /** Whether an append would be taken now: tried on the store itself. */
  readonly writable: () => Promise<boolean>;
  /** Other processes write to it, too. */
  readonly shared: boolean;
}

export interface OpenLogOptions {
  readonly now: () => number;
  /** A line for whoever starts the service. */
  readonly say: (line: string) => void;
  /** What goes wrong later, and is tried again. */
  readonly warn: (line: string) => void;
  /** How long a server is waited for. Default 20,000. */
  readonly giveUpMs?: number;
}

/** With less than this the next large append may fail. */
const ROOM_BYTES = 16 * 1024 * 1024;
/** A start that takes longer than this says what it waits for. */
const PATIENCE_MS = 1000;
const PROBE_STREAM = 'health-probe';

/** The one place that knows which log this is. @throws EventLogError, ConfigError, StartFailure */
export async function openLog(place: LogPlace, options: OpenLogOptions): Promise<OpenLog> {
  return place.kind === 'sqlite' ? openEmbedded(place, options) : openCluster(place, options);
}

async function openEmbedded({ file }: EmbeddedLog, { now }: OpenLogOptions): Promise<OpenLog> {
  await mkdir(dirname(file), { recursive: true });
  const log = await SqliteEventLog.open({ file, now });
  return { log, shared: false, writable: async () => (await judges(log)) && hasRoom(file) };
}

async function openCluster(place: ClusterLog, { now, say, warn, giveUpMs = 20_000 }: OpenLogOptions): Promise<OpenLog> {
  const { connection, hosts, prefix } = place;
  // Loaded for whoever needs it: the embedded log starts without its 200 modules.
  const { checkConnectionString, KurrentEventLog } = await import('#libs/event-log-kurrent');
  const connectionString = connection.reveal();
  try {
    checkConnectionString(connectionString);
  } catch (error) {
    throw new ConfigError('INFORCE_LOG', `cannot be used: ${error instanceof Error ? error.message : ''}`);
  }
  const waiting = setTimeout(() => say(`Waiting for the log at ${hosts}.`), PATIENCE_MS);
  try {
    const log = await KurrentEventLog.open({ connectionString, prefix, now, giveUpMs, report: sparingly(warn) });
    return { log, shared: true, writable: async () => (await log.probe()).ok };
  } catch (error) {
    if (!(error instanceof EventLogError)) throw error;
    throw new StartFailure(`INFORCE_LOG names a KurrentDB at ${hosts}: ${error.message}`, { cause: error });
  } finally {
    clearTimeout(waiting);
  }
}

/**
 * An append to a stream that does not exist, on condition that it does: the log takes its write lock, judges, and
 * refuses. Nothing is written, and nothing but a log that can write answers so.
 */
async function judges(log: EventLog): Promise<boolean> {
  const event = { id: uuidv7(), type: 'Probed', schema: 1, data: null, meta: null };
  try {
    await log.append(PROBE_STREAM, 'stream-exists', [event]);
    return false;
  } catch (error) {
    return error instanceof WrongRevision;
  }
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
