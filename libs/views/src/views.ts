import type { EventLog, RecordedEvent } from '#libs/event-log';
import { listDeadlines } from './ask/deadlines.ts';
import { listMatters } from './ask/matters.ts';
import { searchEntries } from './ask/search.ts';
import { Gauge } from './follow/gauge.ts';
import { Runner } from './follow/runner.ts';
import { Waiting } from './follow/waiting.ts';
import { projections } from './projections/index.ts';
import { type ViewName, viewNames } from './projections/projection.ts';
import type {
  ClockedPage,
  Deadline,
  DeadlinesAsked,
  MatterListed,
  MattersAsked,
  Page,
  SearchAsked,
  SearchHit,
} from './queries.ts';
import type { Incident, Report, ViewsState, Waited } from './state.ts';
import { Database } from './store/database.ts';
import { digestOf } from './store/digest.ts';

export interface ViewsOptions {
  /** Created when missing; disposable. `:memory:` for none. */
  readonly file: string;
  readonly log: EventLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report?: Report;
  /** Events per transaction. */
  readonly pageSize?: number;
  /** Versions of views other than the code's own: to have one built again. */
  readonly versions?: Partial<Readonly<Record<ViewName, number>>>;
}

interface Listeners {
  readonly applied: Set<Listener>;
  readonly touch: Set<(inTouch: boolean) => void>;
  readonly incident: Set<(incident: Incident) => void>;
}

type Listener = (events: readonly RecordedEvent[]) => void;

/** The read models: rows that follow the log, and the questions they answer. */
export class Views {
  readonly #options: ViewsOptions;
  readonly #db: Database;
  readonly #runner: Runner;
  readonly #gauge: Gauge;
  readonly #waiting = new Waiting();
  readonly #listeners: Listeners = { applied: new Set(), touch: new Set(), incident: new Set() };
  #stopping: Promise<void> | undefined;
  #last: ViewsState | undefined;

  private constructor(options: ViewsOptions, db: Database) {
    const { log, now, pageSize = 500, versions = {}, report = () => {} } = options;
    this.#options = options;
    this.#db = db;
    this.#gauge = new Gauge(log, now);
    this.#runner = new Runner({
      log,
      db,
      pageSize,
      report,
      projections: viewNames.map((name) => ({
        ...projections[name],
        version: versions[name] ?? projections[name].version,
      })),
      moved: () => this.#waiting.reached(this.#runner.position),
      applied: (events) => this.#tell(this.#listeners.applied, events),
      inTouch: (on) => this.#tell(this.#listeners.touch, on),
      incident: (incident) => this.#tell(this.#listeners.incident, incident),
      now,
    });
  }

  /** @throws ViewsUnusable when the file is another application's. */
  static open(options: ViewsOptions): Views {
    const db = Database.open(options.file, options.report ?? (() => {}));
    try {
      return new Views(options, db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Follows the log until `stop`. */
  start(): void {
    this.#gauge.start(() => this.#runner.position);
    this.#runner.start();
  }

  /** Ends with a whole page and its checkpoint. */
  async stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    await this.#stopping;
  }

  /**
   * Hears of matters' events when their rows and the checkpoint are committed. What is only read again to build the
   * views is no news.
   */
  onApplied(listener: Listener): () => void {
    return heard(this.#listeners.applied, listener);
  }

  /** Hears whether new events are told of: `false` from when the connection to the log is lost until it is found. */
  onTouch(listener: (inTouch: boolean) => void): () => void {
    return heard(this.#listeners.touch, listener);
  }

  /** Hears, once, that the log no longer holds what these views were made of. */
  onIncident(listener: (incident: Incident) => void): () => void {
    return heard(this.#listeners.incident, listener);
  }

  get state(): ViewsState {
    return this.#last ?? this.#gauge.state(this.#runner);
  }

  async waitFor(position: bigint, timeoutMs: number, signal?: AbortSignal): Promise<Waited> {
    return this.#waiting.until(position, timeoutMs, signal);
  }

  async matters(query: MattersAsked): Promise<ClockedPage<MatterListed>> {
    return listMatters(this.#runner.shared, query, this.#options.now(), this.#runner.position);
  }

  async deadlines(query: DeadlinesAsked): Promise<ClockedPage<Deadline>> {
    return listDeadlines(this.#runner.shared, query, this.#options.now(), this.#runner.position);
  }

  async search(query: SearchAsked): Promise<Page<SearchHit>> {
    return searchEntries(this.#runner.shared, this.#options.log, query);
  }

  /** Of these, the parties that no matter has. */
  unknownParties(ids: readonly string[]): readonly string[] {
    const { db, tables } = this.#runner.shared;
    return ids.filter((id) => db.get(`SELECT 1 FROM ${tables.parties} WHERE id = ? LIMIT 1`, id) === undefined);
  }

  /** Matters of which an entry was retracted. */
  retracted(): readonly { readonly id: string; readonly jurisdiction: string }[] {
    const { db, tables } = this.#runner.shared;
    const rows = db.all(
      `SELECT id, jurisdiction FROM ${tables.matters}
       WHERE key IN (SELECT key FROM ${tables.entries} WHERE state = 'retracted') ORDER BY id`,
    );
    return rows.map(({ id, jurisdiction }) => ({ id: String(id), jurisdiction: String(jurisdiction) }));
  }

  /** SHA-256 over all rows: the same for the same log, whenever and however it was replayed. */
  digest(): string {
    const answering = this.#runner.lanes.flatMap(({ generations }) => generations.filter(({ active }) => active));
    return digestOf(this.#db, answering);
  }

  async #stop(): Promise<void> {
    this.#gauge.stop();
    await this.#runner.stop();
    this.#waiting.stop();
    this.#last = { ...this.#gauge.state(this.#runner), caughtUp: false };
    this.#db.close();
  }

  #tell<News>(listeners: ReadonlySet<(news: News) => void>, news: News): void {
    for (const listener of listeners) {
      try {
        listener(news);
      } catch (error) {
        this.#options.report?.({ level: 'error', message: `A listener of the views failed: ${String(error)}` });
      }
    }
  }
}

function heard<Heard>(listeners: Set<Heard>, listener: Heard): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
