export * from './queries.ts';
export type { Incident, Quarantined, Report, ReportLine, ViewsState, Waited } from './state.ts';
export { type LiveDigest, liveDigest } from './store/live-digest.ts';
export { ViewsUnusable } from './store/database.ts';
export { Views, type ViewsOptions } from './views.ts';
