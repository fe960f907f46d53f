import { KeyStoreFailure } from '#libs/access';
import { WatchRefusal } from '#libs/alerts';
import {
  Malformed,
  malformedProblem,
  pathProblem,
  type Problem,
  problem,
  type ProblemDetails,
  type ProblemRule,
} from '#libs/contract';
import { LogLocked, LogReadOnly, LogUnavailable } from '#libs/event-log';
import { EvidenceUnusable } from '#libs/evidence';
import { Refusal } from '#libs/matter';
import { IdempotencyKeyReused, NotFound, RevisionConflict, UnknownParty } from '#libs/register';
import { HttpRefusal } from './http-refusal.ts';

/** An error as HTTP tells it. */
export interface Told {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/** What Fastify itself refuses, by its error codes (fastify.dev/docs/latest/Reference/Errors). */
const fastifyRefusals: Readonly<Record<string, { readonly rule: ProblemRule; readonly detail: string }>> = {
  FST_ERR_BAD_URL: { rule: 'malformed', detail: 'The address is not well-formed: a % must begin an escape of UTF-8.' },
  FST_ERR_MAX_PARAM_LENGTH: { rule: 'uri-too-long', detail: 'A part of the address is too long.' },
  FST_ERR_CTP_BODY_TOO_LARGE: { rule: 'payload-too-large', detail: 'The body may have at most 1 MB.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { rule: 'unsupported-media-type', detail: 'The body must be application/json.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { rule: 'malformed', detail: 'The body is not as long as Content-Length says.' },
  FST_ERR_REQUEST_TIMEOUT: { rule: 'request-timeout', detail: 'The request took too long to arrive.' },
};

const AGAIN = { 'retry-after': '1' };

/** Every error there is, through the one table. What is not known here is our own fault, and says nothing of itself. */
export function problemOf(error: unknown, about: ProblemDetails): Told {
  if (error instanceof HttpRefusal)
    return { problem: problem(error.rule, error.message, { ...about, ...error.details }), headers: error.headers };
  const told = ofRecord(error, about) ?? ofServer(error, about);
  return told ?? { problem: problem('internal', 'The fault is ours, and was logged.', about), headers: {} };
}

const plain = (found: Problem): Told => ({ problem: found, headers: {} });

function ofRecord(error: unknown, about: ProblemDetails): Told | undefined {
  if (error instanceof Malformed) return plain(malformedProblem(error, about));
  if (error instanceof NotFound) return plain(pathProblem(error.rule, error.message, about));
  if (error instanceof RevisionConflict)
    return plain(problem(error.rule, error.message, { ...about, revision: error.revision }));
  if (error instanceof IdempotencyKeyReused) return plain(problem(error.rule, error.message, about));
  if (error instanceof Refusal) return plain(problem(error.rule, error.message, { ...about, ...blame(error) }));
  if (error instanceof WatchRefusal) return plain(ofWatch(error, about));
  return undefined;
}

function ofWatch({ rule, message, pointer = '' }: WatchRefusal, about: ProblemDetails): Problem {
  if (rule !== 'malformed-watch') return problem(rule, message, about);
  return malformedProblem(new Malformed([{ pointer, message }]), about);
}

/** Where in the request the fault lies, and which other entries are concerned. */
function blame(refusal: Refusal): ProblemDetails {
  const { message, pointer, entries } = refusal;
  const parameter = refusal instanceof UnknownParty ? refusal.parameter : undefined;
  const place = parameter === undefined ? pointer !== undefined && { pointer } : { parameter };
  return { ...(place && { errors: [{ ...place, message }] }), ...(entries.length > 0 && { entries }) };
}

function ofServer(error: unknown, about: ProblemDetails): Told | undefined {
  if (error instanceof LogUnavailable || error instanceof LogLocked || error instanceof LogReadOnly)
    return { problem: problem('log-unavailable', 'The log cannot be used just now.', about), headers: AGAIN };
  if (error instanceof KeyStoreFailure)
    return { problem: problem('not-ready', 'The keys cannot be looked at just now.', about), headers: AGAIN };
  // Not the caller's to mend, and no accident either: an operator has to look into it.
  if (error instanceof EvidenceUnusable) return { problem: problem('sealing-held', error.message, about), headers: {} };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const refusal = Object.hasOwn(fastifyRefusals, code) ? fastifyRefusals[code] : undefined;
  if (refusal) return { problem: problem(refusal.rule, refusal.detail, about), headers: {} };
  // The client went away while its body was being read: nobody hears this answer.
  if (code === 'ECONNRESET' || code === 'ECONNABORTED')
    return { problem: problem('request-timeout', 'The request ended before its body did.', about), headers: {} };
  // Fastify has more refusals than those: it found fault with the request, whatever it was.
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (code.startsWith('FST_') && status < 500)
    return { problem: problem('malformed', 'The request is not well-formed.', about), headers: {} };
  return undefined;
}
