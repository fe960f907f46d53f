import { KurrentEventLog, type KurrentEventLogOptions } from '#libs/event-log-kurrent';
import { uuidv7 } from '#libs/event-log';
import type { LogUnderTest } from './event-log.ts';
import { KurrentStandIn } from './kurrent-stand-in.ts';

/** A real server to test against instead of the stand-in. */
export const realServer = process.env['INFORCE_TEST_KURRENTDB'];

/** An empty log: on the stand-in, or on the real server under a prefix that nobody used before. */
export async function aKurrentLog(options: Partial<KurrentEventLogOptions> = {}): Promise<LogUnderTest> {
  const standIn = realServer === undefined ? await KurrentStandIn.start() : undefined;
  const connectionString = quick(standIn?.connectionString ?? realServer ?? '');
  const all = { connectionString, prefix: `inforce-test-${uuidv7()}.`, ...options };
  let log = await KurrentEventLog.open(all);
  return {
    log,
    async reopen() {
      await log.close();
      log = await KurrentEventLog.open(all);
      return log;
    },
    async cleanup() {
      await log.close();
      standIn?.kill();
    },
  };
}

/** The client's reading half waits for this long before it first connects, half a second by default. */
export function quick(connectionString: string): string {
  return `${connectionString}&discoveryInterval=10`;
}
