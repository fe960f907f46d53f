/** What went wrong with the log, by kind; `code` is stable. */
export abstract class EventLogError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return this.constructor.name;
  }
}

/** The stream is not where the writer believed it to be. */
export class WrongRevision extends EventLogError {
  override readonly code = 'wrong-revision';
  readonly stream: string;
  /** The stream's newest revision, or null when it does not exist. */
  readonly actual: number | null;
  constructor(stream: string, actual: number | null) {
    super(`Stream ${stream} is at revision ${actual ?? 'none'}.`);
    this.stream = stream;
    this.actual = actual;
  }
}

/** An event id is in the log already, at another place or in another batch. */
export class EventIdTaken extends EventLogError {
  override readonly code = 'event-id-taken';
  readonly eventId: string;
  constructor(eventId: string) {
    super(`Event id ${eventId} is in the log already.`);
    this.eventId = eventId;
  }
}

/** An event of another log was recorded before the newest of this one: time would run backwards in log order. */
export class RecordedEarlier extends EventLogError {
  override readonly code = 'recorded-earlier';
  readonly eventId: string;
  constructor(eventId: string, at: number, floor: number) {
    const [its, newest] = [at, floor].map((time) => new Date(time).toISOString());
    super(`Event ${eventId} was recorded at ${its}, before the newest of this log (${newest}).`);
    this.eventId = eventId;
  }
}

/** This log was opened for reading only. */
export class LogReadOnly extends EventLogError {
  override readonly code = 'read-only';
}

/** Another process writes to this log. */
export class LogLocked extends EventLogError {
  override readonly code = 'locked';
}

/** The file is not ours, is damaged, or was written by a newer version. */
export class LogUnusable extends EventLogError {
  override readonly code = 'unusable';
}

/** The store cannot be reached or cannot write just now; the same call may succeed later. */
export class LogUnavailable extends EventLogError {
  override readonly code = 'unavailable';
}
