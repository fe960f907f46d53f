import type { KnownEvents } from './known-events.ts';
import { placesOf } from './known-events.ts';
import type { Reader } from './reader.ts';
import type { RecordClock } from './record-clock.ts';

/** How far back a stream's events are learnt when it is first appended to under `stream-exists`. */
const LEARN = 512;
const MOST_STREAMS = 10_000;

/** The newest revisions of streams whose latest events are all known, so that repeats among them are recognised. */
export class StreamTails {
  readonly #reader: Reader;
  readonly #clock: RecordClock;
  readonly #known: KnownEvents;
  readonly #tails = new Map<string, number>();

  constructor(reader: Reader, clock: RecordClock, known: KnownEvents) {
    this.#reader = reader;
    this.#clock = clock;
    this.#known = known;
  }

  /** The stream's newest revision as far as is known here, or null when there is no such stream. */
  async of(stream: string): Promise<number | null> {
    const known = this.#tails.get(stream);
    if (known !== undefined) return known;
    const places = placesOf(await this.#reader.streamTail(stream, LEARN));
    const [newest] = places;
    if (!newest) return null;
    this.#known.add(stream, places);
    this.#clock.saw(newest.at);
    this.#set(stream, newest.revision);
    return newest.revision;
  }

  /** Learns what was appended after a revision by others. */
  async catchUp(stream: string, revision: number): Promise<void> {
    for (let from = revision + 1; ;) {
      const places = placesOf(await this.#reader.stream(stream, from, LEARN, true));
      this.#known.add(stream, places);
      const last = places.at(-1);
      if (!last) return;
      this.#clock.saw(last.at);
      this.#set(stream, last.revision);
      from = last.revision + 1;
    }
  }

  /** An append of ours moved the stream on; forgotten when something unknown lies between. */
  moved(stream: string, from: number | null, to: number): void {
    if (from === null || this.#tails.get(stream) === from) this.#set(stream, to);
  }

  #set(stream: string, revision: number): void {
    this.#tails.delete(stream);
    this.#tails.set(stream, revision);
    if (this.#tails.size <= MOST_STREAMS) return;
    for (const oldest of this.#tails.keys()) {
      this.#tails.delete(oldest);
      return;
    }
  }
}
