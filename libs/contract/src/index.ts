export {
  parseCorrection,
  parseDataset,
  parseEntry,
  parseMatter,
  parseParty,
  parseRetraction,
  parseWhatIf,
} from './bodies.ts';
export type { CorrectionBody, Dataset, EntryBody, RetractionBody, WhatIf } from './body-dto.ts';
export { Malformed, type ShapeError } from './malformed.ts';
