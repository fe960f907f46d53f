import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ClusterLog, type Config, ConfigError, type EmbeddedLog } from '#libs/config';
import type { EventLog } from '#libs/event-log';
import { exitCode } from '../exit-code.ts';
import { CliFailure, unable } from '../failures.ts';

/**
 * `create`: make the log when there is none. `rehearse`: as `read`, or nothing at all. `audit`: as `read`, and every page of
 * the store is looked at first.
 */
export type Mode = 'read' | 'write' | 'create' | 'rehearse' | 'audit';

/** A wait that is longer than this is told of. */
const PATIENCE_MS = 1000;

/** The one place of this program that knows which log this is. */
export async function openLog(config: Pick<Config, 'log' | 'host' | 'port'>, mode: Mode): Promise<EventLog> {
  const { log } = config;
  return log.kind === 'sqlite' ? openEmbedded(log, mode, config) : openCluster(log);
}

async function openEmbedded(
  { file }: EmbeddedLog,
  mode: Mode,
  server: Pick<Config, 'host' | 'port'>,
): Promise<EventLog> {
  if (mode === 'create') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  else if (!existsSync(file)) {
    if (mode === 'rehearse') return emptyLog();
    const hint = 'Load one with inforce import <file>, name its directory with --data, or a server with --server.';
    throw unable(`There is no event log at ${file}.`, hint);
  }
  const readOnly = mode !== 'write' && mode !== 'create';
  // A look at every page, before writing; it would cost a reader more than its answer.
  const check = mode === 'read' || mode === 'rehearse' ? 'none' : 'quick';
  const { SqliteEventLog } = await import('#libs/event-log-sqlite');
  try {
    return await SqliteEventLog.open({ file, readOnly, check });
  } catch (error) {
    throw locked(error, server);
  }
}

async function emptyLog(): Promise<EventLog> {
  const { MemoryEventLog } = await import('#libs/event-log');
  return new MemoryEventLog();
}

function locked(error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): unknown {
  if (!(error instanceof Error) || error.name !== 'LogLocked') return error;
  const hint = `Let the server that holds it do this: add --server http://${host}:${port || '<port>'} and a key, or stop it first.`;
  return new CliFailure(exitCode.unable, 'log-locked', error.message, hint, { cause: error });
}

/** There is nothing to lock and nothing to make: streams begin with their first event. */
async function openCluster({ connection, hosts, prefix }: ClusterLog): Promise<EventLog> {
  const { checkConnectionString, KurrentEventLog } = await import('#libs/event-log-kurrent');
  const connectionString = connection.reveal();
  try {
    checkConnectionString(connectionString);
  } catch (error) {
    throw new ConfigError('INFORCE_LOG', `cannot be used: ${messageOf(error)}`);
  }
  const waiting = setTimeout(() => process.stderr.write(`Waiting for the log at ${hosts}.\n`), PATIENCE_MS);
  try {
    return await KurrentEventLog.open({ connectionString, prefix });
  } catch (error) {
    throw unable(`The KurrentDB at ${hosts}: ${messageOf(error)}`, undefined, error);
  } finally {
    clearTimeout(waiting);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
