export { checkConnectionString } from './clients.ts';
export { KurrentEventLog, type KurrentEventLogOptions } from './kurrent-event-log.ts';
export type { Health } from './probe.ts';
