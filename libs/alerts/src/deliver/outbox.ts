import { type EventLog, uuidv7, WrongRevision } from '#libs/event-log';
import type { RaisedAlert } from '../alert.ts';
import { dataOf, type DeliveryEnded, type OutboxEvent, outboxStream, readOutboxEvent } from './outbox-events.ts';
import { type Claim, emptyOutbox, evolve, freeAt, type OutboxState } from './outbox-state.ts';

export interface OutboxOptions {
  readonly log: EventLog;
  readonly watch: string;
  readonly replica: string;
  /** Runs an append until the log takes it: the same event, so that an append whose answer was lost is found again. */
  readonly persist: <Result>(append: () => Promise<Result>) => Promise<Result>;
}

interface Claiming {
  /** After which the alert was next: a replay that was asked for meanwhile begins somewhere else. */
  readonly cursor: number;
  readonly now: number;
  readonly leaseMs: number;
}

/** What is done, and by whom, for one watch: the fold of its stream, and appends at its exact revision. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #stream: string;
  #state: OutboxState = emptyOutbox;
  #revision = -1;
  #read = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#stream = outboxStream(options.watch);
  }

  /** As last seen: whoever acts on it finds out, from the log's refusal, that somebody was faster. */
  async state(): Promise<OutboxState> {
    return this.#inTurn(() => this.#known());
  }

  get cursor(): number {
    return this.#state.cursor;
  }

  /** Somebody else has added to it. */
  stale(): void {
    this.#read = false;
  }

  /** The right to send this alert now; undefined when another replica has it, or it is not this one's turn. */
  async claim({ alert, seq }: RaisedAlert, { cursor, now, leaseMs }: Claiming): Promise<Claim | undefined> {
    const { replica } = this.#options;
    const leaseUntil = new Date(now + leaseMs).toISOString();
    const id = await this.#append((state) => {
      if (state.cursor !== cursor || freeAt(state, replica) > now) return undefined;
      const data = { alert: alert.id, seq, round: state.round, attempt: state.tries + 1, replica, leaseUntil };
      return { type: 'DeliveryStarted', data };
    });
    return this.#state.claim?.id === id ? (this.#state.claim ?? undefined) : undefined;
  }

  /** False when the claim was taken over: then somebody else has sent it, too, and says how that went. */
  async end(end: DeliveryEnded): Promise<boolean> {
    const id = await this.#append((state) =>
      end.claim === null || state.claim?.id === end.claim ? { type: 'DeliveryEnded', data: end } : undefined,
    );
    return id !== undefined;
  }

  async replay(after: number, by: string): Promise<void> {
    await this.#append(() => ({ type: 'ReplayRequested', data: { after, by } }));
  }

  /** Id of the appended event; undefined when, as things stand, there is nothing to append. */
  async #append(decide: (state: OutboxState) => OutboxEvent | undefined): Promise<string | undefined> {
    return this.#inTurn(async () => {
      for (;;) {
        const event = decide(await this.#known());
        if (!event) return undefined;
        const id = uuidv7();
        try {
          await this.#add(event, id);
          return id;
        } catch (error) {
          if (!(error instanceof WrongRevision)) throw error;
          this.#read = false;
        }
      }
    });
  }

  /** One after the other: a delivery, a replay and a test may come at once. */
  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.#last;
    const result = before.then(work, work);
    this.#last = result;
    return result;
  }

  async #add(event: OutboxEvent, id: string): Promise<void> {
    const { log, persist, replica } = this.#options;
    const expectation = this.#revision < 0 ? ('no-stream' as const) : { revision: this.#revision };
    const added = { id, type: event.type, schema: 1, data: dataOf(event), meta: { actor: `delivery:${replica}` } };
    const { revision } = await persist(() => log.append(this.#stream, expectation, [added]));
    this.#revision = revision;
    this.#state = evolve(this.#state, { ...event, id });
  }

  async #known(): Promise<OutboxState> {
    if (this.#read) return this.#state;
    this.#read = true;
    try {
      for await (const recorded of this.#options.log.read(this.#stream, { from: this.#revision + 1 })) {
        const event = readOutboxEvent(recorded);
        if (event) this.#state = evolve(this.#state, { ...event, id: recorded.id });
        this.#revision = recorded.revision;
      }
    } catch (error) {
      this.#read = false;
      throw error;
    }
    return this.#state;
  }
}
