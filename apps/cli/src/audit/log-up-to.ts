import {
  type Appended,
  EventLog,
  type FollowMessage,
  LogReadOnly,
  type ReadAllOptions,
  type ReadOptions,
  type RecordedEvent,
} from '#libs/event-log';

/** A log as it was when it ended at a position. */
export class LogUpTo extends EventLog {
  readonly #log: EventLog;
  readonly #end: bigint;

  constructor(log: EventLog, end: bigint) {
    super();
    this.#log = log;
    this.#end = end;
  }

  override async append(): Promise<Appended> {
    throw readOnly();
  }

  override async restore(): Promise<void> {
    throw readOnly();
  }

  override async *read(stream: string, options: ReadOptions = {}): AsyncGenerator<RecordedEvent, void> {
    for await (const event of this.#log.read(stream, options)) {
      if (event.position > this.#end) return;
      yield event;
    }
  }

  override async *readAll(options: ReadAllOptions = {}): AsyncGenerator<RecordedEvent, void> {
    for await (const event of this.#log.readAll(options)) {
      if (event.position > this.#end) return;
      yield event;
    }
  }

  override async *follow(
    options: ReadAllOptions & { readonly signal: AbortSignal },
  ): AsyncGenerator<FollowMessage, void> {
    for await (const event of this.readAll(options)) yield { kind: 'event', event };
    yield { kind: 'caughtUp', position: this.#end };
    const { signal } = options;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  override async head(): Promise<bigint> {
    return this.#end;
  }

  override async newest(): Promise<RecordedEvent | undefined> {
    let newest: RecordedEvent | undefined;
    for await (const event of this.readAll()) newest = event;
    return newest;
  }

  override async close(): Promise<void> {
    // The log is somebody else's to close.
  }
}

function readOnly(): LogReadOnly {
  return new LogReadOnly('A log up to a position is for reading only.');
}
