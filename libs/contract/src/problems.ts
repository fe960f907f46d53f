import type { Rule as DomainRule } from '#libs/matter';
import type { Malformed, ShapeError } from './malformed.ts';

interface Kind {
  readonly status: number;
  readonly title: string;
}

/** Every rule by which a request can be refused: errors carry the rule alone, and meet their status here. */
export const problems = {
  malformed: { status: 400, title: 'The request is not of the expected shape' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  unauthorized: { status: 401, title: 'A valid key is needed' },
  forbidden: { status: 403, title: 'This key may not do that' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'unknown-matter': { status: 404, title: 'There is no such matter' },
  'unknown-watch': { status: 404, title: 'There is no such watch' },
  'unknown-event': { status: 404, title: 'There is no such event' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  'not-acceptable': { status: 406, title: 'The answer cannot be given in that form' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'already-open': { status: 409, title: 'The matter is open already' },
  'entry-differs': { status: 409, title: 'The id is taken by other content' },
  'entry-retracted': { status: 409, title: 'The entry was retracted' },
  'still-referenced': { status: 409, title: 'Other entries refer to what this entry made' },
  'not-sealed': { status: 409, title: 'The event is not under a checkpoint yet' },
  'watch-disabled': { status: 409, title: 'The watch is disabled' },
  'revision-conflict': { status: 412, title: 'The matter has moved on' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'uri-too-long': { status: 414, title: 'The address is too long' },
  'unsupported-media-type': { status: 415, title: 'The body is of another media type' },
  'authority-exceeded': { status: 422, title: 'The author has no authority for that' },
  'ambiguous-order': { status: 422, title: 'The order of two acts of one day is not stated' },
  'unknown-party': { status: 422, title: 'There is no such party' },
  'unknown-provision': { status: 422, title: 'There is no such provision' },
  'unknown-restraint': { status: 422, title: 'There is no such restraint' },
  'unknown-ending': { status: 422, title: 'There is no such ending' },
  'unknown-deadline': { status: 422, title: 'There is no such deadline' },
  'unknown-instrument': { status: 422, title: 'There is no such instrument' },
  'unknown-entry': { status: 422, title: 'There is no such entry' },
  'provision-exists': { status: 422, title: 'The provision exists already' },
  'restraint-exists': { status: 422, title: 'The restraint exists already' },
  'ending-exists': { status: 422, title: 'The ending exists already' },
  'deadline-exists': { status: 422, title: 'The deadline exists already' },
  'circular-class': { status: 422, title: 'The classes would contain themselves' },
  'circular-restraint': { status: 422, title: 'The restraints would restrain themselves' },
  'too-many': { status: 422, title: 'The entry has too many effects or sources' },
  'cosignature-refused': { status: 422, title: 'The cosignature is not taken' },
  'unknown-private-value': { status: 422, title: 'There is no private value there' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key was used with another body' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  'integrity-incident': { status: 503, title: 'The log lost what it had shown' },
  'log-unavailable': { status: 503, title: 'The log cannot be reached just now' },
  'not-caught-up': { status: 503, title: 'The views have not reached that position yet' },
  'sealing-held': { status: 503, title: 'Nothing is sealed just now' },
  'not-ready': { status: 503, title: 'The service is starting or stopping' },
} as const satisfies Readonly<Record<DomainRule, Kind>> & Readonly<Record<string, Kind>>;

export type ProblemRule = keyof typeof problems;

export function isProblemRule(text: unknown): text is ProblemRule {
  return typeof text === 'string' && Object.hasOwn(problems, text);
}

/** What RFC 9457 leaves to the problem type. */
export interface ProblemDetails {
  readonly instance?: string;
  readonly errors?: readonly ShapeError[];
  /** Of the matter as it stands, for `revision-conflict`. */
  readonly revision?: number;
  readonly [member: string]: unknown;
}

/** An RFC 9457 problem. */
export interface Problem extends ProblemDetails {
  readonly type: `urn:inforce:problem:${ProblemRule}`;
  readonly title: string;
  readonly status: number;
  readonly rule: ProblemRule;
  readonly detail: string;
}

/** `extra` adds members and cannot change the standard ones. */
export function problem(rule: ProblemRule, detail: string, extra: ProblemDetails = {}): Problem {
  const { status, title } = problems[rule];
  return { ...extra, type: `urn:inforce:problem:${rule}`, title, status, rule, detail };
}

/** The same rule where the request's own path names what is not there. */
export function pathProblem(rule: ProblemRule, detail: string, extra: ProblemDetails = {}): Problem {
  return { ...problem(rule, detail, extra), status: 404 };
}

export function malformedProblem(error: Malformed, extra: ProblemDetails = {}): Problem {
  return problem(error.rule, error.message, { ...extra, errors: error.errors });
}
