import {
  FORWARDS,
  START,
  streamNameFilter,
  type KurrentDBClient,
  type RecordedEvent as Recorded,
} from '@kurrent/kurrentdb-client';
import { Attempts, within, type Patience } from './attempts.ts';
import type { ClientHolder } from './clients.ts';
import { positionOf } from './envelope.ts';
import { classify } from './failure.ts';

const GROUP = 256;
/** The most events that one call asks for. */
const MOST = 65_536;

export interface Stretch {
  readonly after: bigint;
  readonly until: bigint;
  /** What stream names begin with. */
  readonly names: readonly string[];
  /** How many events the first call is to ask for. */
  readonly atFirst?: number | undefined;
}

/** One call of the client's, and how far it has come. */
interface Part {
  readonly client: KurrentDBClient;
  readonly asked: number;
  readonly events: AsyncIterator<{ readonly event?: Recorded }>;
  count: number;
  over: boolean;
}

/**
 * Reads a stretch of the log. Each call of the client begins with a pause of some 30 ms, so that calls are made long.
 * One that is left half way would block the connection, and has to be read to its end: who mostly stops soon says so. A
 * call that breaks or falls silent is made anew from where it was.
 */
export class LongRead {
  readonly #holder: ClientHolder;
  readonly #patience: Patience;
  readonly #stretch: Stretch;
  #attempts: Attempts;
  #part: Part | undefined;
  #reached: bigint;
  #next: number;
  #done = false;

  constructor(holder: ClientHolder, patience: Patience, stretch: Stretch) {
    this.#holder = holder;
    this.#patience = patience;
    this.#stretch = stretch;
    this.#reached = stretch.after;
    // The event at `after` itself is read with them.
    this.#next = Math.min(MOST, (stretch.atFirst ?? MOST) + 1);
    this.#attempts = new Attempts('Reading the log', patience);
  }

  /** The next events, or undefined when there are no more. To be called again only when it has answered. */
  async group(): Promise<Recorded[] | undefined> {
    while (!this.#done) {
      const part = (this.#part ??= this.#begin());
      try {
        const events = await within(this.#attempts.searchMs, 'Reading the log', take(part));
        this.#attempts = new Attempts('Reading the log', this.#patience);
        const fresh = this.#fresh(events);
        if (part.over) this.#part = undefined;
        this.#done = this.#reached >= this.#stretch.until || (part.over && part.count < part.asked);
        if (fresh.length > 0) return fresh;
      } catch (error) {
        this.#part = undefined;
        const failure = classify(error);
        if (failure.kind !== 'not-leader') this.#holder.discard(part.client, this.#patience.deadlineMs);
        await this.#attempts.next(error, failure);
      }
    }
    return undefined;
  }

  /** To be called when no more is wanted. */
  leave(): void {
    this.#done = true;
    if (this.#part) void drain(this.#part);
  }

  #begin(): Part {
    const client = this.#holder.get();
    const asked = this.#next;
    this.#next = MOST;
    const fromPosition = this.#reached === 0n ? START : { commit: this.#reached, prepare: this.#reached };
    const filter = streamNameFilter({ prefixes: [...this.#stretch.names] });
    const reading = client.readAll({ fromPosition, direction: FORWARDS, maxCount: asked, filter });
    return { client, asked, events: reading[Symbol.asyncIterator](), count: 0, over: false };
  }

  /** Without what was there before: the server reads from a position on and includes it. */
  #fresh(events: Recorded[]): Recorded[] {
    const { until } = this.#stretch;
    const from = this.#reached;
    const [first] = events;
    const last = events.at(-1);
    if (!first || !last) return [];
    this.#reached = positionOf(last);
    if (positionOf(first) > from && this.#reached <= until) return events;
    return events.filter((event) => positionOf(event) > from && positionOf(event) <= until);
  }
}

/** A group, or fewer events at the end. */
async function take(part: Part): Promise<Recorded[]> {
  const events: Recorded[] = [];
  while (events.length < GROUP) {
    const { done, value } = await part.events.next();
    if (done) {
      part.over = true;
      break;
    }
    part.count += 1;
    if (value.event) events.push(value.event);
  }
  return events;
}

async function drain(part: Part): Promise<void> {
  try {
    while (!part.over) await take(part);
  } catch {
    // It broke: then it blocks nothing either.
  }
}
