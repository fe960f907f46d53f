import type { FastifyRequest } from 'fastify';
import { Malformed } from '#libs/contract';
import type { Writer } from '#libs/register';
import { pathOf } from './request-id.ts';

const REVISION = /^"(0|[1-9]\d{0,14})"$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

/** Who writes, and on what terms, from a request's headers. @throws Malformed */
export function writerOf(request: FastifyRequest): Writer {
  const ifMatch = ifMatchOf(request.headers['if-match']);
  const key = idempotencyKeyOf(request.headers['idempotency-key']);
  return {
    actor: request.caller.actor,
    correlation: request.id,
    ...(ifMatch !== undefined && { ifMatch }),
    ...(key !== undefined && { idempotency: { key, path: pathOf(request), body: request.body } }),
  };
}

/** A matter's ETag is its revision. `*` asks only that the matter is there, which the path has settled. */
function ifMatchOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '*') return undefined;
  const revision = REVISION.exec(text.trim())?.[1];
  if (revision === undefined)
    throw malformedHeader('If-Match', 'must be one revision in quotes, such as "7", as the matter’s ETag gives it');
  return Number(revision);
}

function idempotencyKeyOf(text: string | string[] | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !IDEMPOTENCY_KEY.test(text))
    throw malformedHeader('Idempotency-Key', 'must be 1 to 200 visible ASCII characters, given once');
  return text;
}

function malformedHeader(header: string, message: string): Malformed {
  return new Malformed([{ parameter: header, message }]);
}
