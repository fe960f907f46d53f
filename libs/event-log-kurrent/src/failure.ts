import { LogUnavailable, LogUnusable, type EventLogError } from '#libs/event-log';

/**
 * What became of a call. `unclear` is every way in which it may or may not have been carried out, and may go better the
 * next time; `unknown` is what nobody foresaw, tried again a few times and reported.
 */
export type Failure =
  | { readonly kind: 'wrong-revision'; readonly reason: string; readonly actual: number | null }
  | { readonly kind: Plain; readonly reason: string };

type Plain = 'missing' | 'not-leader' | 'unclear' | 'denied' | 'too-large' | 'refused' | 'incompatible' | 'unknown';

/** An attempt of ours that did not end in time: both clients leave such calls pending for ever. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

// The client's CommandError carries a `type`; see its ErrorType.
const byType: Readonly<Record<string, Plain>> = {
  'stream-not-found': 'missing',
  'no-stream': 'missing',
  'not-leader': 'not-leader',
  unavailable: 'unclear',
  'deadline-exceeded': 'unclear',
  timeout: 'unclear',
  cancelled: 'unclear',
  'access-denied': 'denied',
  'invalid-argument': 'refused',
  'stream-deleted': 'refused',
  'stream-tombstoned': 'refused',
  'maximum-append-size-exceeded': 'too-large',
  unsupported: 'incompatible',
};

// grpc.github.io/grpc/core/md_doc_statuscodes.html
const byCode: Readonly<Record<number, Plain>> = {
  1: 'unclear',
  3: 'refused',
  4: 'unclear',
  7: 'denied',
  8: 'unclear',
  10: 'unclear',
  12: 'incompatible',
  13: 'unclear',
  14: 'unclear',
  16: 'denied',
};

/**
 * Tells what an error of either half of the client means: its CommandError, a raw gRPC error with a numeric code, or a
 * plain Error ("Failed to discover …"). By shape and not by class: errors made by Node or by the native half are no
 * instances of the Error of another realm, as in a test runner.
 */
export function classify(error: unknown): Failure {
  const reason = text(error, 'message') ?? String(error);
  // grpc-js reports what it cannot decode as INTERNAL, which the client then calls unavailable: look at the words first.
  if (/parsing error|assertion failed|invalid wire type|failed to decode/i.test(reason)) {
    return { kind: 'incompatible', reason };
  }
  const type = text(error, 'type');
  if (type === 'wrong-expected-version') return { kind: 'wrong-revision', reason, actual: actualOf(error) };
  const kind = (type === undefined ? undefined : byType[type]) ?? kindOfRest(error, reason);
  return { kind, reason: reason || type || kind };
}

function kindOfRest(error: unknown, reason: string): Plain {
  if (error instanceof OutOfTime || /failed to discover|no connection established|server is not ready/i.test(reason))
    return 'unclear';
  const code: unknown = field(error, 'code');
  return (typeof code === 'number' ? byCode[code] : undefined) ?? 'unknown';
}

/** The failure that a caller is told of, once there is no more trying. */
export function logFailure(error: unknown): EventLogError {
  const { kind, reason } = classify(error);
  if (kind === 'incompatible') {
    return new LogUnusable(`The server and this client do not understand each other: ${reason}.`, { cause: error });
  }
  if (kind === 'denied') return new LogUnusable(`The server does not let this user in: ${reason}.`, { cause: error });
  if (kind === 'refused') return new LogUnusable(`The server refuses this for good: ${reason}.`, { cause: error });
  return new LogUnavailable(`The log's server cannot be reached just now: ${reason}.`, { cause: error });
}

function actualOf(error: unknown): number | null {
  const actual: unknown = field(error, 'actualState');
  return typeof actual === 'bigint' ? Number(actual) : null;
}

function text(error: unknown, name: string): string | undefined {
  const value: unknown = field(error, name);
  return typeof value === 'string' ? value : undefined;
}

function field(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}
