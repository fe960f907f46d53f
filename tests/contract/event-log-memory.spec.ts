import { MemoryEventLog } from '#libs/event-log';
import { eventLogContract } from './event-log.contract.ts';

eventLogContract('in memory', async (options) => {
  const log = new MemoryEventLog(options);
  return { log, cleanup: () => log.close() };
});
