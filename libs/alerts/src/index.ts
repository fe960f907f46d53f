export * from './alert.ts';
export type { Channel, Watch, WatchFilter, WatchState } from './watch.ts';
