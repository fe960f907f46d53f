import { ANSWER_GIVEN, ANSWERS } from '#libs/alerts';
import { type EventLog, LogUnavailable, type NewEvent, uuidv7, WrongRevision } from '#libs/event-log';
import type { Caller } from '../http/caller.ts';
import type { AnswerGiven } from './answer-given.ts';

const MOST_IN_A_BATCH = 200;

interface Batch {
  readonly events: NewEvent[];
  readonly done: Promise<void>;
}

/**
 * Keeps what was told to whom. An answer is sent once this is durable: somebody may be on record for an answer that the
 * network lost, and nobody has an answer that is on no record. What comes while an append is under way goes with the next.
 */
export class AnswersLog {
  /** Whether answers are recorded at all. */
  readonly on: boolean;
  readonly #log: EventLog;
  readonly #now: () => number;
  readonly #next = new Map<string, Batch>();
  readonly #running = new Map<string, Promise<void>>();
  recorded = 0;

  constructor({ log, now, on }: { readonly log: EventLog; readonly now: () => number; readonly on: boolean }) {
    this.#log = log;
    this.#now = now;
    this.on = on;
  }

  /** Whether what this caller is told goes on record. */
  concerns({ kind }: Caller): boolean {
    return this.on && kind !== 'anonymous';
  }

  /** @throws EventLogError: then the answer must not be given. */
  async record({ actor }: Caller, correlation: string, given: AnswerGiven): Promise<void> {
    const id = uuidv7(this.#now());
    const data = { ...given, clocks: { ...given.clocks } };
    const event = { id, type: ANSWER_GIVEN, schema: 1, data, meta: { actor, correlation } };
    const batch = this.#batchFor(`${ANSWERS}${actor.replace(/^key:/, '')}`);
    batch.events.push(event);
    await batch.done;
    this.recorded += 1;
  }

  #batchFor(stream: string): Batch {
    const waiting = this.#next.get(stream);
    if (waiting && waiting.events.length < MOST_IN_A_BATCH) return waiting;
    const events: NewEvent[] = [];
    const before = this.#running.get(stream) ?? Promise.resolve();
    const batch: Batch = { events, done: before.then((): Promise<void> => this.#append(stream, batch)) };
    const settled = batch.done
      .catch(() => {})
      .then(() => {
        if (this.#running.get(stream) === settled) this.#running.delete(stream);
      });
    this.#next.set(stream, batch);
    this.#running.set(stream, settled);
    return batch;
  }

  async #append(stream: string, batch: Batch): Promise<void> {
    if (this.#next.get(stream) === batch) this.#next.delete(stream);
    try {
      await this.#surely(stream, 'stream-exists', batch.events);
    } catch (error) {
      if (!(error instanceof WrongRevision)) throw error;
      await this.#begin(stream, batch.events);
    }
  }

  async #begin(stream: string, events: readonly NewEvent[]): Promise<void> {
    try {
      await this.#surely(stream, 'no-stream', events);
    } catch (error) {
      if (!(error instanceof WrongRevision)) throw error;
      // Another replica was first.
      await this.#surely(stream, 'stream-exists', events);
    }
  }

  /** Once more where the first append ended in doubt: the log knows the events by their ids. */
  async #surely(
    stream: string,
    expectation: 'no-stream' | 'stream-exists',
    events: readonly NewEvent[],
  ): Promise<void> {
    try {
      await this.#log.append(stream, expectation, events);
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
      await this.#log.append(stream, expectation, events);
    }
  }
}
