export * from './record/basis.ts';
export * from './record/effect.ts';
export * from './record/entry.ts';
export * from './record/events.ts';
export * from './answer/shape.ts';
export { believe, type Belief, type BeliefClocks, publicFrom, recordedBy } from './record/believe.ts';
export { mergePatch } from './record/merge-patch.ts';
export { evolve, fold, liveEntries, type EntryState, type MatterRecord, type RecordedEntry } from './record/record.ts';
export {
  MATTER_STREAMS,
  type MatterLogged,
  readMatterEvent,
  type StoredEvent,
  Unreadable,
} from './record/read-event.ts';
export { inLegalOrder } from './record/legal-order.ts';
export { Roster } from './record/roster.ts';
export { conflicts, Refusal, type Rule } from './decide/refusal.ts';
export { type Command, decide, type Decision } from './decide/decide.ts';
export { sameContent } from './decide/same-content.ts';
export { interpret, statusAt } from './answer/interpret.ts';
export { type Held, heldBy } from './answer/held.ts';
export { nextTurn } from './answer/turns.ts';
export { type Change, changesBetween, type DeadlineChange, deadlineChanges } from './answer/diff.ts';
export { deadlinesOf, type DeadlinesQuery } from './answer/deadlines.ts';
export { segmentsOf, type SegmentsQuery } from './answer/segments.ts';
