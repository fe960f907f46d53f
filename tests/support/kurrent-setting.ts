import { afterEach } from '@jest/globals';
import type { EventLog, FollowMessage } from '#libs/event-log';
import { KurrentEventLog, type KurrentEventLogOptions } from '#libs/event-log-kurrent';
import { followed, followUntil } from './event-log.ts';
import { quick } from './kurrent-log.ts';
import { KurrentStandIn } from './kurrent-stand-in.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

export interface KurrentSetting {
  readonly server: KurrentStandIn;
  readonly log: KurrentEventLog;
  readonly reports: string[];
  /** The same log, as another process would open it. */
  readonly open: (options?: Partial<KurrentEventLogOptions>) => Promise<KurrentEventLog>;
}

/** A log on a stand-in of its own, impatient, with all that it reports. Cleaned up after the test. */
export async function aSetting(options: Partial<KurrentEventLogOptions> = {}): Promise<KurrentSetting> {
  const server = await KurrentStandIn.start();
  cleanups.push(() => server.kill());
  const reports: string[] = [];
  const open = async (more: Partial<KurrentEventLogOptions> = {}): Promise<KurrentEventLog> => {
    const log = await KurrentEventLog.open({
      connectionString: quick(server.connectionString),
      deadlineMs: 400,
      giveUpMs: 8000,
      report: (line) => reports.push(line),
      ...options,
      ...more,
    });
    cleanups.push(() => log.close());
    return log;
  };
  return { server, log: await open(), reports, open };
}

/** Follows from the beginning until so many events came, and tells what was said on the way. */
export function whole(log: EventLog, count: number, prefixes?: readonly string[]): Promise<FollowMessage[]> {
  return followUntil(log, prefixes ? { prefixes } : {}, (all) => followed(all).length >= count);
}
