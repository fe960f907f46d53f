import type { EventLog, RecordedEvent } from '#libs/event-log';
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
import type { Report, ViewsState, Waited } from './state.ts';

export interface ViewsOptions {
  /** Created when missing; disposable. `:memory:` for none. */
  readonly file: string;
  readonly log: EventLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report?: Report;
  /** Events per transaction. */
  readonly pageSize?: number;
}

/** The read models: rows that follow the log, and the questions they answer. */
export class Views {
  static open(_options: ViewsOptions): Views {
    return new Views();
  }

  start(): void {
    throw new Error('written next');
  }

  async stop(): Promise<void> {
    throw new Error('written next');
  }

  onApplied(_listener: (events: readonly RecordedEvent[]) => void): () => void {
    throw new Error('written next');
  }

  get state(): ViewsState {
    throw new Error('written next');
  }

  async waitFor(_position: bigint, _timeoutMs: number, _signal?: AbortSignal): Promise<Waited> {
    throw new Error('written next');
  }

  async matters(_query: MattersAsked): Promise<ClockedPage<MatterListed>> {
    throw new Error('written next');
  }

  async deadlines(_query: DeadlinesAsked): Promise<ClockedPage<Deadline>> {
    throw new Error('written next');
  }

  async search(_query: SearchAsked): Promise<Page<SearchHit>> {
    throw new Error('written next');
  }

  /** Of these, the parties that no matter has. */
  unknownParties(_ids: readonly string[]): readonly string[] {
    throw new Error('written next');
  }

  digest(): string {
    throw new Error('written next');
  }
}
