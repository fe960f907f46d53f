export * from './alert.ts';
export type { Channel, Watch, WatchFilter, WatchSettings, WatchState } from './watch.ts';
export { WatchRefusal, type WatchRule } from './watches/refusal.ts';
export { parseLead } from './watches/settings.ts';
export { type WatchCommand, decideWatch } from './watches/decide.ts';
export { WatchList } from './watches/watch-list.ts';
export { WatchDesk, type WatchDeskOptions, type WatchWish, type WatchWritten } from './watches/watch-desk.ts';
export { WATCH_STREAMS } from './watches/watch-event.ts';
export * from './delivery.ts';
