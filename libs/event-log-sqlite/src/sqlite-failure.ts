import { EventLogError, LogUnavailable, LogUnusable } from '#libs/event-log';

// Primary result codes, sqlite.org/rescode.html.
const BUSY = 5;
const CORRUPT = 11;
const NOTADB = 26;

/** The failure in the log's own words: what will not heal is unusable, everything else may succeed later. */
export function logFailure(error: unknown, file: string): EventLogError {
  if (error instanceof EventLogError) return error;
  const code = primaryCode(error);
  if (code === NOTADB)
    return new LogUnusable(`${file} is not an event log: it is not an SQLite database.`, { cause: error });
  if (code === CORRUPT) return new LogUnusable(`${file} is damaged; restore it from a copy.`, { cause: error });
  return new LogUnavailable(`${file} cannot be used just now: ${messageOf(error)}.`, { cause: error });
}

export function isBusy(error: unknown): boolean {
  return primaryCode(error) === BUSY;
}

// By shape and not by class: an error thrown by Node is no instance of the Error of another realm, as in a test runner.
function primaryCode(error: unknown): number | undefined {
  const known = typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number';
  // The low byte of an extended code is its primary code.
  return known ? Number(error.errcode) & 0xff : undefined;
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
