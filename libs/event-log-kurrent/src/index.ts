export { KurrentEventLog, type KurrentEventLogOptions } from './kurrent-event-log.ts';
export { hashOfData, pin, type Pinned } from './pinned.ts';
export type { Health } from './probe.ts';
