export * from './port.ts';
export * from './errors.ts';
export { Bell } from './bell.ts';
export { judge, type Ledger, type RecordedBatch, type Verdict } from './decide.ts';
export { decodeJson, encodeAppend, MAX_EVENT_BYTES, type AppendRequest, type EncodedEvent } from './encode.ts';
export {
  type Erasable,
  ERASURE_STREAM,
  erasureIn,
  isErasable,
  PRIVATE_ERASED,
  type PrivateErased,
  type SealedPlace,
  valueAt,
} from './erasable.ts';
export { flatten } from './flatten.ts';
export { MemoryEventLog } from './memory-event-log.ts';
export { followPages, newestOf, pagesOf, type LogPage, type PageSource } from './pages.ts';
export { hashOfData, isPinned, pin, type Pinned } from './pinned.ts';
export { decodePosition, encodePosition } from './position.ts';
export { encodeRestored, restoreInto, type EncodedRestored, type RestoreLedger } from './restore.ts';
export { isUuid, uuidv7 } from './uuid.ts';
