import { Bell, encodePosition, type EventLog, type RecordedEvent } from '#libs/event-log';
import { eventAnswer } from '#libs/register';
import type { Lifetime } from '../composition/lifetime.ts';
import { MATTER_STREAMS } from './log-reader.ts';

/** An event as a client of server-sent events gets it (WHATWG HTML §9.2). */
export interface Frame {
  readonly position: bigint;
  readonly stream: string;
  readonly text: string;
}

export interface TailOptions {
  readonly after: bigint;
  /** Only this stream; absent: every matter's. */
  readonly stream?: string;
  readonly signal: AbortSignal;
}

/** Kept for those who listen: whoever is further behind reads the log. */
const [MOST_FRAMES, MOST_CHARACTERS] = [1024, 8 * 1024 * 1024];
/** Taken at once: a slow client must not keep hold of all that was kept when it came. */
const HANDFUL = 32;

/**
 * The newest events of all matters, followed once for everybody who listens: a subscription of each client's own would
 * be a connection to the log's server for each, and a look at its end four times a second.
 */
export class LiveTail {
  readonly #log: EventLog;
  readonly #lifetime: Lifetime;
  readonly #bell = new Bell();
  #starting: Promise<void> | undefined;
  #frames: Frame[] = [];
  #characters = 0;
  /** Every matter's event after this position is among the frames. */
  #floor = 0n;

  constructor(log: EventLog, lifetime: Lifetime) {
    this.#log = log;
    this.#lifetime = lifetime;
  }

  /** From a position on, and then live, until the signal. Ends, too, when the log can no longer be followed. */
  async *frames({ after, stream, signal }: TailOptions): AsyncGenerator<Frame, void> {
    let from = after;
    while (!signal.aborted) {
      const tail = (this.#starting ??= this.#start());
      await tail;
      const seen = this.#bell.rings;
      if (from < this.#floor) {
        const before = from;
        for await (const frame of this.#fromLog(from, stream, signal)) {
          from = frame.position;
          if (frame.text !== '') yield frame;
        }
        // A log that was rolled back may end before what was once kept: there is nothing to do but wait.
        if (from === before) await this.#bell.after(seen, signal);
        continue;
      }
      const next = this.#after(from);
      for (const frame of next) {
        from = frame.position;
        if (stream === undefined || frame.stream === stream) yield frame;
      }
      if (next.length === 0 && this.#starting === tail) await this.#bell.after(seen, signal);
      if (this.#starting !== tail) return;
    }
  }

  /** What the log holds just now; last, how far it was looked through. */
  async *#fromLog(after: bigint, stream: string | undefined, signal: AbortSignal): AsyncGenerator<Frame, void> {
    const head = await this.#log.head();
    const filter = { streamPrefixes: [stream ?? MATTER_STREAMS] };
    let last = after;
    for await (const event of this.#log.readAll({ after, filter })) {
      if (signal.aborted) return;
      last = event.position;
      // The filter is a prefix: matter-us also begins matter-us-tiktok.
      if (stream === undefined || event.stream === stream) yield frameOf(event);
    }
    if (head > last) yield { position: head, stream: '', text: '' };
  }

  async #start(): Promise<void> {
    try {
      this.#floor = await this.#log.head();
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
    this.#frames = [];
    this.#characters = 0;
    void this.#run(this.#floor);
  }

  async #run(after: bigint): Promise<void> {
    const filter = { streamPrefixes: [MATTER_STREAMS] };
    try {
      for await (const message of this.#log.follow({ after, filter, signal: this.#lifetime.signal })) {
        if (message.kind === 'event') this.#keep(frameOf(message.event));
      }
    } catch {
      // What is wrong with the log is told by those who watch over it; clients come back, and begin another tail.
    }
    this.#starting = undefined;
    this.#bell.ring();
  }

  #keep(frame: Frame): void {
    this.#frames.push(frame);
    this.#characters += frame.text.length;
    while (this.#frames.length > MOST_FRAMES || this.#characters > MOST_CHARACTERS) {
      const oldest = this.#frames.shift();
      if (!oldest) break;
      this.#characters -= oldest.text.length;
      this.#floor = oldest.position;
    }
    this.#bell.ring();
  }

  #after(position: bigint): readonly Frame[] {
    let [low, high] = [0, this.#frames.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#frames[middle]?.position ?? 0n) > position) high = middle;
      else low = middle + 1;
    }
    return this.#frames.slice(low, low + HANDFUL);
  }
}

function frameOf(event: RecordedEvent): Frame {
  const { position, stream } = event;
  const text = `id: ${encodePosition(position)}\ndata: ${JSON.stringify(eventAnswer(event))}\n\n`;
  return { position, stream, text };
}
