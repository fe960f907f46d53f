/** An event that a view could not take in; the matter it belongs to is marked stale. */
export interface Quarantined {
  readonly view: string;
  readonly position: string;
  readonly eventId: string;
  readonly reason: string;
}

export interface ViewsState {
  /** Everything up to here is in the rows, headlines and deadlines included. */
  readonly position: bigint;
  /** The newest event of the log, as last looked at. */
  readonly head: bigint;
  /** Events not yet taken in; an estimate where the log does not number its events one by one. */
  readonly behind: number;
  /** Age of the oldest event not yet taken in; 0 when there is none. While reconnecting, since then at least. */
  readonly ageMs: number;
  readonly caughtUp: boolean;
  readonly rebuilding: { readonly view: string; readonly done: number; readonly total: number } | null;
  readonly quarantined: readonly Quarantined[];
  /** Why the views stand still, or null. */
  readonly error: string | null;
  /** Why the connection to the log was lost, while it is not found again. */
  readonly reconnecting: string | null;
  /** The log no longer holds what these views were made of: they have stopped for good. */
  readonly incident: Incident | null;
}

/** An event that was taken in and is gone from its place in the log. */
export interface Incident {
  readonly detail: string;
  /** Where the event was. */
  readonly position: string;
  readonly eventId: string;
  /** When it was found out, RFC 3339. */
  readonly at: string;
}

/** One line for the operator. */
export interface ReportLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly [field: string]: unknown;
}
export type Report = (line: ReportLine) => void;

export type Waited = 'reached' | 'timed-out' | 'stopped';
