import { EventLog, type RecordedEvent } from '#libs/event-log';

/** An event as it was just recorded, ready to be written. */
export interface LiveEvent {
  readonly stream: string;
  readonly position: bigint;
  readonly frame: Buffer;
}

export interface Listener {
  readonly take: (event: LiveEvent) => void;
  /** There will be no more. */
  readonly end: () => void;
}

export interface LiveTailOptions {
  readonly log: EventLog;
  /** Streams whose names begin like this. */
  readonly prefix: string;
  readonly frameOf: (event: RecordedEvent) => string;
  readonly signal: AbortSignal;
}

/**
 * What is recorded from now on, read and made into bytes once for all who listen: a thousand clients cost a thousand
 * writes, and not a thousand readings of the log. It keeps nothing: whoever cannot take an event leaves, and reads on
 * in the log.
 */
export class LiveTail {
  readonly #options: LiveTailOptions;
  readonly #listeners = new Set<Listener>();
  #position = 0n;
  #started: Promise<void> | undefined;

  constructor(options: LiveTailOptions) {
    this.#options = options;
  }

  /** Every event up to here has been given to those who listened. */
  get position(): bigint {
    return this.#position;
  }

  /** It runs once anybody has asked for it. */
  async ready(): Promise<void> {
    this.#started ??= this.#start();
    await this.#started;
  }

  /** To be called by those who know everything up to `position`. */
  join(listener: Listener): void {
    this.#listeners.add(listener);
  }

  leave(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  async #start(): Promise<void> {
    const { log } = this.#options;
    this.#position = await log.head();
    void this.#run();
  }

  /** Whatever ends it, a log that was closed or that cannot be read: its listeners go, come back, and start it anew. */
  async #run(): Promise<void> {
    const { log, prefix, signal } = this.#options;
    try {
      const filter = { streamPrefixes: [prefix] };
      for await (const message of log.follow({ after: this.#position, filter, signal })) {
        if (message.kind === 'event') this.#tell(message.event);
        else if (message.kind === 'checkpoint') this.#position = message.position;
      }
    } catch {
      // As told to the listeners: there will be no more.
    }
    this.#started = undefined;
    for (const listener of this.#listeners) listener.end();
    this.#listeners.clear();
  }

  #tell(event: RecordedEvent): void {
    const { stream, position } = event;
    this.#position = position;
    if (this.#listeners.size === 0) return;
    const live = { stream, position, frame: Buffer.from(this.#options.frameOf(event)) };
    for (const listener of this.#listeners) listener.take(live);
  }
}
