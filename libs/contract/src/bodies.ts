import type { Matter, Party } from '#libs/matter';
import {
  type CorrectionBody,
  correctionSlot,
  type Dataset,
  datasetSlot,
  type EntryBody,
  entrySlot,
  matterSlot,
  partySlot,
  type RetractionBody,
  retractionSlot,
  type WhatIf,
  whatIfSlot,
} from './body-dto.ts';
import { read } from './read.ts';

/** Files are read from disk, by their owner. */
const DATASET_VALUES = 2_000_000;

// Each answers with a copy of what it was given, and throws Malformed with everything it found wrong.
export const parseMatter = (value: unknown): Matter => read(matterSlot, value);
export const parseParty = (value: unknown): Party => read(partySlot, value);
export const parseEntry = (value: unknown): EntryBody => read(entrySlot, value);
export const parseCorrection = (value: unknown): CorrectionBody => read(correctionSlot, value);
export const parseRetraction = (value: unknown): RetractionBody => read(retractionSlot, value);
export const parseWhatIf = (value: unknown): WhatIf => read(whatIfSlot, value);
export const parseDataset = (value: unknown): Dataset => read(datasetSlot, value, DATASET_VALUES);
