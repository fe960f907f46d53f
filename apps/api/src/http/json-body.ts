import type { FastifyInstance } from 'fastify';
import { HttpRefusal } from './http-refusal.ts';
import { jsonFault } from './json-fault.ts';

export const BODY_LIMIT = 1024 * 1024;

const FORMS = ['application/x-www-form-urlencoded', 'multipart/form-data'];

/** JSON in UTF-8 is the only body there is. `__proto__` arrives as a field like any other, and the contract refuses it. */
export function acceptJson(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  // Mail programs send one where a mail offers to unsubscribe (RFC 8058 §3.2).
  http.addContentTypeParser(FORMS, { parseAs: 'buffer' }, ({ routeOptions }, _body, done) => {
    if (routeOptions.config.call?.form) done(null);
    else done(new HttpRefusal('unsupported-media-type', 'The body must be application/json.'));
  });
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, ({ routeOptions, headers }, body, done) => {
    const { call } = routeOptions.config;
    try {
      plain(headers['content-encoding']);
      // Many clients name the type on every request, also where there is nothing to say.
      done(null, body.length === 0 && call && call.body === undefined ? undefined : parse(body));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** RFC 9110 §8.4.1: `identity` is no coding. @throws HttpRefusal */
function plain(coding: string | undefined): void {
  if (coding === undefined || coding.toLowerCase() === 'identity') return;
  throw new HttpRefusal('unsupported-media-type', 'The body must be sent as it is, without a Content-Encoding.');
}

function parse(body: string | Buffer): unknown {
  const text = typeof body === 'string' ? body : decode(body);
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpRefusal('malformed-json', complaint(text, jsonFault(text)));
  }
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new HttpRefusal('malformed-json', 'The body is not UTF-8.');
  }
}

function complaint(text: string, at: number): string {
  if (text.trim() === '') return 'The body is empty.';
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const place = `position ${at} (line ${line}, column ${at - before.lastIndexOf('\n')})`;
  return at >= text.length
    ? `The body ends at ${place}, before its JSON does.`
    : `The body is not JSON from ${place} on.`;
}
