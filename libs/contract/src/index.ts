export {
  datasetNotes,
  parseCorrection,
  parseDataset,
  parseEntry,
  parseMatter,
  parseParty,
  parseRetraction,
  parseWhatIf,
} from './bodies.ts';
export type { CorrectionBody, Dataset, EntryBody, RetractionBody, WhatIf } from './body-dto.ts';
export { type Cosignatures, type Erasure, parseCosignatures, parseErasure } from './evidence-dto.ts';
export { Malformed, type ShapeError } from './malformed.ts';
export {
  isProblemRule,
  malformedProblem,
  pathProblem,
  type Problem,
  problem,
  type ProblemDetails,
  problems,
  type ProblemRule,
} from './problems.ts';
export { datasetSchema, openApiParameters, openApiSchemas } from './schema.ts';
export { type RawQuery } from './call.ts';
export { type Cursor, decodeCursor, encodeCursor, type ResolvedClocks } from './cursor.ts';
export {
  type AllDeadlinesQuery,
  type AnswersQuery,
  type CheckpointsQuery,
  type Clocks,
  type ConsistencyQuery,
  type DeadlineListQuery,
  type DiffQuery,
  type EventsQuery,
  type LogQuery,
  type MattersQuery,
  nextCursor,
  type PagedQuery,
  parseAllDeadlinesQuery,
  parseAnswersQuery,
  parseCheckpointsQuery,
  parseClocksOnly,
  parseConsistencyQuery,
  parseDeadlinesQuery,
  parseDiffQuery,
  parseEntriesQuery,
  parseEventsQuery,
  parseLogQuery,
  parseMattersQuery,
  parseReplayQuery,
  parseSearchQuery,
  parseStatusQuery,
  parseTimelineQuery,
  type ReadQuery,
  type ReplayQuery,
  type SearchQuery,
  type StatusQueryText,
  type TimelineQuery,
} from './query.ts';
