import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  EventLogError,
  judge,
  restoreInto,
  type AppendRequest,
  type Appended,
  type EncodedRestored,
  type Verdict,
} from '#libs/event-log';
import type { SqliteLedger } from './ledger.ts';
import { logFailure } from './sqlite-failure.ts';

/** Events in one transaction, at most: keeps one commit from holding up the process for long. */
const MOST_EVENTS = 2000;

interface Waiting {
  readonly request: AppendRequest;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: EventLogError) => void;
}

interface Options {
  readonly ledger: SqliteLedger;
  readonly file: string;
  readonly now: () => number;
  readonly committed: () => void;
}

/** Gathers the appends that arrive in one turn of the event loop and carries them in one transaction, with one fsync. */
export class GroupCommit {
  readonly #db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #options: Options;
  #queue: Waiting[] = [];
  #scheduled = false;

  constructor(db: DatabaseSync, options: Options) {
    this.#db = db;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#end = db.prepare('COMMIT');
    this.#options = options;
  }

  append(request: AppendRequest): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
      this.#schedule();
    });
  }

  /** Events of another log, in one transaction, after all that wait. @throws EventLogError; then none of them is there. */
  restore(events: readonly EncodedRestored[]): void {
    this.drain();
    try {
      this.#begin.run();
      restoreInto(this.#options.ledger, events);
      this.#end.run();
    } catch (error) {
      this.#rollBack();
      throw logFailure(error, this.#options.file);
    }
    this.#options.committed();
  }

  /** Commits all that wait, now. */
  drain(): void {
    while (this.#queue.length > 0) this.#commit(this.#takeGroup());
  }

  // setImmediate runs right after the sockets that are ready were read: what came together is committed together, and
  // a lone append waits for nothing but the end of this turn.
  #schedule(): void {
    if (this.#scheduled || this.#queue.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#queue.length > 0) this.#commit(this.#takeGroup());
      this.#schedule();
    });
  }

  #takeGroup(): Waiting[] {
    let [count, events] = [0, 0];
    for (const { request } of this.#queue) {
      if (count > 0 && events + request.events.length > MOST_EVENTS) break;
      events += request.events.length;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  #commit(group: readonly Waiting[]): void {
    try {
      // Nobody is answered before COMMIT, not even with a refusal: it may rest on a neighbour that COMMIT still loses.
      for (const answer of this.#write(group)) answer();
    } catch (error) {
      const failure = logFailure(error, this.#options.file);
      this.#rollBack();
      for (const { reject } of group) reject(failure);
    }
  }

  #write(group: readonly Waiting[]): (() => void)[] {
    this.#begin.run();
    const answers = group.map((waiting) => this.#attempt(waiting));
    this.#end.run();
    this.#options.committed();
    return answers;
  }

  #attempt({ request, resolve, reject }: Waiting): () => void {
    const verdict = this.#judge(request);
    // A refusal wrote nothing and is this request's own affair; a failure to write is the whole group's.
    if (verdict instanceof EventLogError) return () => reject(verdict);
    const { ledger, now } = this.#options;
    const appended = verdict.kind === 'repeat' ? verdict.appended : ledger.add(request, verdict.revision, now());
    return () => resolve(appended);
  }

  #judge(request: AppendRequest): Verdict | EventLogError {
    try {
      return judge(request, this.#options.ledger);
    } catch (error) {
      if (error instanceof EventLogError) return error;
      throw error;
    }
  }

  #rollBack(): void {
    this.#options.ledger.forget();
    try {
      // Some failures, a full disk among them, have rolled back already (sqlite.org/lang_transaction.html).
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // The first failure is the one to report; the next BEGIN will tell if the connection is beyond use.
    }
  }
}
