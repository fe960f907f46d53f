import type { AuditCheck, CheckOutcome } from '#libs/evidence';
import { type LiveDigest, liveDigest, Views, ViewsUnusable } from '#libs/views';
import { LogUpTo } from './log-up-to.ts';

const PATIENCE_MS = 24 * 3_600_000;

/** The views, made again in memory from the log, are those that answer. */
export function viewsCheck(file: string): AuditCheck {
  return {
    name: 'views',
    async run({ log }): Promise<CheckOutcome> {
      const live = liveIn(file);
      if ('result' in live) return live;
      if (live.position > (await log.head()))
        return { result: 'failed', detail: `the views are at position ${live.position}, beyond the end of the log` };
      const digest = await rebuilt(new LogUpTo(log, live.position), live.position);
      return digest === live.digest
        ? { result: 'passed', detail: `the rows at position ${live.position} are those that the log gives` }
        : { result: 'failed', detail: `the rows at position ${live.position} are not those that the log gives` };
    },
  };
}

/** What there is to compare; or what is said where there is nothing. */
function liveIn(file: string): LiveDigest | CheckOutcome {
  try {
    const live = liveDigest(file);
    return typeof live === 'string' ? { result: 'skipped', detail: live } : live;
  } catch (error) {
    if (!(error instanceof ViewsUnusable)) throw error;
    const detail = `${error.message} Move it away and start the service: the views are made again from the log.`;
    return { result: 'failed', detail };
  }
}

async function rebuilt(log: LogUpTo, position: bigint): Promise<string> {
  const views = Views.open({ file: ':memory:', log, now: Date.now });
  try {
    views.start();
    await views.waitFor(position, PATIENCE_MS);
    return views.digest();
  } finally {
    await views.stop();
  }
}
