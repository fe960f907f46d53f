import type { EventLog, RecordedEvent } from '#libs/event-log';
import type { Matter, Party } from '#libs/matter';
import type * as shapes from './shapes.ts';

export interface RegisterOptions {
  readonly log: EventLog;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Makes UUIDs, version 7 by default. */
  readonly newId?: () => string;
  /** How many events cached matters may hold together. Default 200 000. */
  readonly cachedEvents?: number;
}

/**
 * The record between the doors (HTTP, command line, importer) and the log: decides what is written, and answers.
 * Writing throws Malformed, Refusal, RevisionConflict, NotFound, IdempotencyKeyReused or EventLogError.
 */
export class Register {
  constructor(_options: RegisterOptions) {}

  openMatter(_matter: Matter, _by: shapes.Writer): Promise<shapes.Written> {
    throw new Error('written next');
  }
  addParty(_matterId: string, _party: Party, _by: shapes.Writer): Promise<shapes.Written> {
    throw new Error('written next');
  }
  /** Makes an id when the entry has none. */
  record(_matterId: string, _entry: shapes.EntryBody, _by: shapes.Writer): Promise<shapes.Written> {
    throw new Error('written next');
  }
  correct(
    _matterId: string,
    _entryId: string,
    _body: shapes.CorrectionBody,
    _by: shapes.Writer,
  ): Promise<shapes.Written> {
    throw new Error('written next');
  }
  retract(
    _matterId: string,
    _entryId: string,
    _body: shapes.RetractionBody,
    _by: shapes.Writer,
  ): Promise<shapes.Written> {
    throw new Error('written next');
  }
  whatIf(_matterId: string, _body: shapes.WhatIf): Promise<shapes.WhatIfAnswer> {
    throw new Error('written next');
  }
  importDataset(
    _dataset: shapes.Dataset,
    _by: shapes.Writer,
    _options?: shapes.ImportOptions,
  ): Promise<shapes.Imported> {
    throw new Error('written next');
  }

  file(_matterId: string): Promise<shapes.MatterFile> {
    throw new Error('written next');
  }
  matter(_matterId: string, _clocks: shapes.ClockQuery): Promise<shapes.Answered<shapes.MatterAnswer>> {
    throw new Error('written next');
  }
  status(_matterId: string, _query: shapes.StatusAsked): Promise<shapes.Answered<shapes.StatusAnswer>> {
    throw new Error('written next');
  }
  timeline(_matterId: string, _query: shapes.TimelineAsked): Promise<shapes.Answered<shapes.TimelineAnswer>> {
    throw new Error('written next');
  }
  entries(
    _matterId: string,
    _query: shapes.EntriesAsked,
  ): Promise<shapes.Answered<shapes.ListAnswer<shapes.EntryAnswer>>> {
    throw new Error('written next');
  }
  entry(
    _matterId: string,
    _entryId: string,
    _clocks: shapes.ClockQuery,
  ): Promise<shapes.Answered<shapes.EntryAnswer & { readonly clocks: shapes.Clocks }>> {
    throw new Error('written next');
  }
  deadlines(
    _matterId: string,
    _query: shapes.DeadlinesAsked,
  ): Promise<shapes.Answered<shapes.ListAnswer<shapes.Deadline>>> {
    throw new Error('written next');
  }
  diff(_matterId: string, _query: shapes.DiffAsked): Promise<shapes.Answered<shapes.DiffAnswer>> {
    throw new Error('written next');
  }
  history(
    _matterId: string,
    _query: shapes.HistoryAsked,
  ): Promise<shapes.Answered<shapes.ListAnswer<shapes.EventAnswer>>> {
    throw new Error('written next');
  }
  historyStream(_matterId: string, _clocks?: shapes.ClockQuery): AsyncIterable<shapes.EventAnswer> {
    throw new Error('written next');
  }

  /** Tells of an event that was followed from the log: keeps cached matters fresh. */
  notice(_event: RecordedEvent): void {
    throw new Error('written next');
  }
  /** Once on, a cached matter is trusted without asking the log. */
  live(_on: boolean): void {
    throw new Error('written next');
  }
  /** Calls after a matter changed (for answer caches). Answers how to stop. */
  onChange(_listener: (matterId: string) => void): () => void {
    throw new Error('written next');
  }
}
