import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { uuidv7 } from '#libs/event-log';
import { realServer } from './kurrent-log.ts';
import { KurrentStandIn } from './kurrent-stand-in.ts';

const killing = process.env['INFORCE_TEST_KURRENTDB_KILL'];
const starting = process.env['INFORCE_TEST_KURRENTDB_START'];

/** A server that can be killed in the middle of its work and started again with all that it had acknowledged. */
export interface MortalServer {
  readonly name: string;
  readonly connectionString: string;
  readonly prefix: string;
  /** A cluster goes on without the node that was killed; a single server has to be started before anything goes on. */
  readonly cluster: boolean;
  readonly kills: number;
  /** How long it is left in peace between two kills. */
  readonly calmMs: number;
  kill(): Promise<void>;
  start(): Promise<void>;
  end(): void;
}

/**
 * The stand-in, or the real server when there are shell commands that kill its leader (with SIGKILL) and start again
 * whatever is down, until it is part of the cluster: INFORCE_TEST_KURRENTDB_KILL and INFORCE_TEST_KURRENTDB_START. A node
 * that led may end by itself, to cut off what nobody else had, and has to be started once more.
 */
export async function aMortalServer(): Promise<MortalServer> {
  const prefix = `inforce-test-${uuidv7()}.`;
  const kills = Number(process.env['INFORCE_TEST_KURRENTDB_KILLS'] ?? 3);
  if (realServer !== undefined && killing !== undefined && starting !== undefined) {
    const [kill, start] = [killing, starting].map((command) => () => run(command));
    const cluster = /^[^?]*,|\+discover:/.test(realServer);
    if (kill && start) {
      return {
        name: 'real server',
        connectionString: realServer,
        prefix,
        cluster,
        kills,
        calmMs: 3000,
        kill,
        start,
        end() {},
      };
    }
  }
  const standIn = await KurrentStandIn.start();
  return {
    name: 'stand-in',
    connectionString: standIn.connectionString,
    prefix,
    cluster: false,
    kills,
    calmMs: 300,
    kill: async () => standIn.kill(),
    async start() {
      await pause(200);
      await standIn.start();
    },
    end: () => standIn.kill(),
  };
}

async function run(command: string): Promise<void> {
  await promisify(execFile)('sh', ['-c', command]);
}
