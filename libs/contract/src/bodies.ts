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
import {
  type ReplayBody,
  replaySlot,
  type WatchBody,
  type WatchChange,
  watchChangeSlot,
  watchSlot,
} from './watch-dto.ts';

/** Files are read from disk, by their owner. */
const DATASET_VALUES = 2_000_000;

// Each answers with a copy of what it was given, and throws Malformed with everything it found wrong.
export const parseMatter = (value: unknown): Matter => read(matterSlot, value);
export const parseParty = (value: unknown): Party => read(partySlot, value);
export const parseEntry = (value: unknown): EntryBody => read(entrySlot, value);
export const parseCorrection = (value: unknown): CorrectionBody => read(correctionSlot, value);
export const parseRetraction = (value: unknown): RetractionBody => read(retractionSlot, value);
export const parseWhatIf = (value: unknown): WhatIf => read(whatIfSlot, value);
export const parseWatch = (value: unknown): WatchBody => read(watchSlot, value);
export const parseWatchChange = (value: unknown): WatchChange => read(watchChangeSlot, value);
export const parseReplayBody = (value: unknown): ReplayBody => read(replaySlot, value);
export const parseDataset = (value: unknown): Dataset => read(datasetSlot, withoutNotes(value), DATASET_VALUES);

const ofDataset: ReadonlySet<string> = new Set(['$schema', 'matter', 'entries'] satisfies (keyof Dataset)[]);

/** The members of a dataset file that are its author's own: questions to check it with, what is not verified yet. */
export function datasetNotes(value: unknown): readonly string[] {
  return isObject(value) ? Object.keys(value).filter((key) => !ofDataset.has(key)) : [];
}

/** A file is kept by its author, who may put notes beside the record; a body is not. */
function withoutNotes(value: unknown): unknown {
  if (datasetNotes(value).length === 0 || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => ofDataset.has(key)));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
