import { type EventLog, type RecordedEvent, uuidv7 } from '#libs/event-log';
import { type Matter, type Party } from '#libs/matter';
import { diffAnswer } from './diff.ts';
import { Draft } from './draft.ts';
import { Files } from './files.ts';
import { existing, mustStayEntry, recordedEntry } from './guards.ts';
import { historyAnswer, historyOf } from './history.ts';
import { type Destination, importInto } from './import.ts';
import { deadlinesAnswer, entriesAnswer, entryAnswerOf, takenBack, timelineAnswer } from './lists.ts';
import { type PageQuestion, pageQuestion } from './pages.ts';
import type * as answers from './answers.ts';
import type * as shapes from './shapes.ts';
import { replayOf } from './replay.ts';
import { statusAnswer, whoOf } from './status.ts';
import { answered, type View, viewOf } from './view.ts';
import { whatIfAnswer } from './what-if.ts';
import { Writing } from './writing.ts';

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
 * Writing throws Malformed, Refusal, RevisionConflict, NotFound, IdempotencyKeyReused or EventLogError; reading throws
 * Malformed (a cursor), UnknownParty, NotFound or EventLogError.
 */
export class Register {
  readonly #log: EventLog;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #files: Files;
  readonly #writing: Writing;

  constructor({ log, now, newId = () => uuidv7(), cachedEvents = 200_000 }: RegisterOptions) {
    this.#log = log;
    this.#now = now;
    this.#newId = newId;
    this.#files = new Files(log, cachedEvents);
    this.#writing = new Writing(log, this.#files, newId);
  }

  openMatter(matter: Matter, by: shapes.Writer): Promise<shapes.Written> {
    return this.#writing.open(matter.id, by, () => ({ command: { kind: 'open-matter', matter }, subject: matter.id }));
  }

  addParty(matterId: string, party: Party, by: shapes.Writer): Promise<shapes.Written> {
    return this.#writing.write(matterId, by, (file) => {
      existing(matterId, file);
      return { command: { kind: 'add-party', party }, subject: party.id };
    });
  }

  /** Makes an id when the entry has none. */
  record(matterId: string, body: shapes.EntryBody, by: shapes.Writer): Promise<shapes.Written> {
    const entry = { ...body, id: body.id ?? this.#newId() };
    return this.#writing.write(matterId, by, (file) => {
      existing(matterId, file);
      return { command: { kind: 'record-entry', entry }, subject: entry.id };
    });
  }

  /** What the changes make of the entry must be an entry again: pointers of Malformed and Refusal begin `/changes`. */
  correct(matterId: string, entryId: string, body: shapes.CorrectionBody, by: shapes.Writer): Promise<shapes.Written> {
    const plan = (file: shapes.MatterFile | undefined) => {
      mustStayEntry(recordedEntry(matterId, entryId, file).entry, body.changes);
      return { command: { kind: 'correct-entry', correction: { entry: entryId, ...body } } as const, subject: entryId };
    };
    return this.#writing.write(matterId, by, plan, '/changes');
  }

  retract(matterId: string, entryId: string, body: shapes.RetractionBody, by: shapes.Writer): Promise<shapes.Written> {
    return this.#writing.write(matterId, by, (file) => {
      recordedEntry(matterId, entryId, file);
      return { command: { kind: 'retract-entry', retraction: { entry: entryId, ...body } }, subject: entryId };
    });
  }

  async whatIf(matterId: string, body: shapes.WhatIf): Promise<answers.WhatIfAnswer> {
    return whatIfAnswer(await this.file(matterId), body, this.#now(), this.#newId);
  }

  /**
   * Opens the matter or adds its new parties, then records every entry; refusals of entries are listed. Whoever imports
   * the same twice appends nothing the second time. Each append stands by itself: an import that broke off goes on
   * where it stopped when it is done again.
   * @throws Refusal `already-open` when the matter is open with other content.
   */
  async importDataset(
    dataset: shapes.Dataset,
    by: shapes.Writer,
    { dryRun = false, onProgress }: shapes.ImportOptions = {},
  ): Promise<shapes.Imported> {
    const file = dryRun ? await this.#files.newest(dataset.matter.id) : undefined;
    const destination = dryRun ? this.#rehearsal(file) : this.#inTheLog(dataset.matter.id, by);
    return importInto(destination, dataset, this.#newId, onProgress);
  }

  /** @throws NotFound */
  async file(matterId: string): Promise<shapes.MatterFile> {
    return existing(matterId, await this.#files.newest(matterId));
  }

  /** As the log holds it now, whatever this process was told of it. @throws NotFound */
  async fresh(matterId: string): Promise<shapes.MatterFile> {
    return existing(matterId, await this.#files.asked(matterId));
  }

  async matter(matterId: string, clocks: shapes.ClockQuery): Promise<answers.Answered<answers.MatterAnswer>> {
    const view = await this.#view(matterId, clocks);
    const { belief, revision, position } = view;
    return answered(view, { ...belief.matter, clocks: view.clocks, revision, position });
  }

  /** `upTo`: as if no event after this revision had been recorded yet. */
  async status(
    matterId: string,
    query: shapes.StatusAsked,
    upTo?: number,
  ): Promise<answers.Answered<answers.StatusAnswer>> {
    const view = await this.#view(matterId, query.clocks, upTo);
    return answered(view, statusAnswer(view, whoOf(view.belief.matter, query)));
  }

  /** The entries are paged; every page has all segments that overlap `from` and `to`, whole, and the headlines. */
  async timeline(matterId: string, query: shapes.TimelineAsked): Promise<answers.Answered<answers.TimelineAnswer>> {
    const { from, to, party, enforcer } = query;
    const question = pageQuestion(`timeline:${matterId}`, query, { from, to, party, enforcer });
    return this.#page(matterId, question, timelineAnswer);
  }

  /** In order of recording. */
  async entries(
    matterId: string,
    query: shapes.EntriesAsked,
  ): Promise<answers.Answered<answers.ListAnswer<answers.EntryAnswer>>> {
    return this.#page(matterId, pageQuestion(`entries:${matterId}`, query, {}), entriesAnswer);
  }

  async entry(
    matterId: string,
    entryId: string,
    clocks: shapes.ClockQuery,
  ): Promise<answers.Answered<answers.EntryAnswer & { readonly clocks: answers.Clocks }>> {
    const view = await this.#view(matterId, clocks);
    return answered(view, { ...entryAnswerOf(view, entryId), clocks: view.clocks });
  }

  /** By due date. */
  async deadlines(
    matterId: string,
    query: shapes.DeadlinesAsked,
  ): Promise<answers.Answered<answers.ListAnswer<answers.Deadline>>> {
    const { state, party } = query;
    return this.#page(matterId, pageQuestion(`deadlines:${matterId}`, query, { state, party }), deadlinesAnswer);
  }

  /** What a retraction took out of that list, as withdrawn. */
  async takenBack(matterId: string, asked: shapes.TakenBackAsked): Promise<readonly answers.Deadline[]> {
    return takenBack(await this.#view(matterId, asked.clocks), asked);
  }

  async diff(matterId: string, query: shapes.DiffAsked): Promise<answers.Answered<answers.DiffAnswer>> {
    const { view, body } = diffAnswer(await this.file(matterId), query, this.#now());
    return answered(view, body);
  }

  /** Events as recorded, oldest first. `publishedBy` leaves out what was not public by then. */
  async history(
    matterId: string,
    query: shapes.HistoryAsked,
  ): Promise<answers.Answered<answers.ListAnswer<answers.EventAnswer>>> {
    const question = pageQuestion(`log:${matterId}`, query, { after: query.after });
    const view = await this.#view(matterId, question.clocks, question.upTo);
    return answered(view, await historyAnswer(this.#log, view, question));
  }

  /** As `history`, without pages. Throws NotFound when its first event is asked for. */
  async *historyStream(matterId: string, clocks: shapes.ClockQuery = {}): AsyncGenerator<answers.EventAnswer, void> {
    yield* historyOf(this.#log, await this.#view(matterId, clocks));
  }

  /**
   * How an answer came about, step by step; each is made when it is taken. Throws like `status` before the first.
   * `revision` and `position` are of the newest event that was known at its end.
   */
  async replay(matterId: string, asked: shapes.ReplayAsked): Promise<answers.Replayed> {
    const { end, steps } = replayOf(await this.file(matterId), asked, this.#now());
    const { clocks, revision, position, belief } = end;
    return { clocks, revision, position, timeZone: belief.matter.timeZone, steps };
  }

  /** Tells of an event that was followed from the log: keeps cached matters fresh. Never throws. */
  notice(event: RecordedEvent): void {
    this.#files.notice(event);
  }

  /**
   * Once on, a cached matter is trusted without asking the log again. To be called once the follower has told of
   * everything up to the log's end, and with `false` when it lost touch.
   */
  live(on: boolean): void {
    this.#files.live(on);
  }

  /** Calls after a matter changed (for answer caches). Answers how to stop. */
  onChange(listener: (matterId: string) => void): () => void {
    return this.#files.changes.listen(listener);
  }

  async #view(matterId: string, clocks: shapes.ClockQuery, upTo?: number): Promise<View> {
    return viewOf(await this.file(matterId), clocks, this.#now(), upTo);
  }

  async #page<Body>(
    matterId: string,
    question: PageQuestion,
    answer: (view: View, question: PageQuestion) => Body,
  ): Promise<answers.Answered<Body>> {
    const view = await this.#view(matterId, question.clocks, question.upTo);
    return answered(view, answer(view, question));
  }

  #inTheLog(matterId: string, { actor, correlation }: shapes.Writer): Destination {
    const by = { actor, ...(correlation !== undefined && { correlation }) };
    return {
      record: async () => (await this.#files.newest(matterId))?.record,
      open: async (matter) => (await this.openMatter(matter, by)).repeated,
      addParty: async (party) => (await this.addParty(matterId, party, by)).repeated,
      recordEntry: async (entry) => (await this.record(matterId, entry, by)).repeated,
    };
  }

  #rehearsal(file: shapes.MatterFile | undefined): Destination {
    const draft = new Draft(file?.record, file?.newest.recordedAt ?? new Date(this.#now()).toISOString(), this.#newId);
    return {
      record: async () => draft.record,
      open: async (matter) => draft.take({ kind: 'open-matter', matter }).kind === 'repeat',
      addParty: async (party) => draft.take({ kind: 'add-party', party }).kind === 'repeat',
      recordEntry: async (entry) => draft.take({ kind: 'record-entry', entry }).kind === 'repeat',
    };
  }
}
