import type { Entry, EntryType, Matter, Party, Source } from './entry.ts';

/** RFC 7386: arrays are replaced whole, null removes. */
export type MergePatch = Readonly<Record<string, unknown>>;

export interface Correction {
  readonly entry: string;
  readonly reason: string;
  readonly changes: MergePatch;
  readonly sources?: readonly Source[];
}

export interface Retraction {
  readonly entry: string;
  readonly reason: string;
  readonly sources?: readonly Source[];
  readonly allowOrphans?: boolean;
}

/** What the stream of one matter may hold. An entry's event carries the entry's own type. */
export type MatterEvent =
  | { readonly type: 'MatterOpened'; readonly data: Matter }
  | { readonly type: 'PartyAdded'; readonly data: Party }
  | { readonly type: EntryType; readonly data: Entry }
  | { readonly type: 'EntryCorrected'; readonly data: Correction }
  | { readonly type: 'EntryRetracted'; readonly data: Retraction };

/** A matter's event with its place in the record. */
export type RecordedMatterEvent = MatterEvent & {
  readonly id: string;
  readonly revision: number;
  /** RFC 3339 in UTC; never goes backwards along the stream. */
  readonly recordedAt: string;
};
