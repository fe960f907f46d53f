import type { Expectation, Json, NewEvent } from './port.ts';
import { isUuid } from './uuid.ts';

/** Text of one event's data and metadata together, at most. KurrentDB refuses appends above 1 MiB by default. */
export const MAX_EVENT_BYTES = 1024 * 1024;
const MAX_DEPTH = 500;

/** An event whose values are JSON text already: nothing that a store does later can fail on them or change them. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly schema: number;
  readonly data: string;
  readonly meta: string;
}

export interface AppendRequest {
  readonly stream: string;
  readonly expectation: Expectation;
  readonly events: readonly [EncodedEvent, ...EncodedEvent[]];
}

/** Checks and serialises an append before it enters any queue. @throws TypeError for what a log cannot hold. */
export function encodeAppend(stream: string, expectation: Expectation, events: readonly NewEvent[]): AppendRequest {
  checkName('A stream', stream);
  checkExpectation(expectation);
  const [first, ...rest] = events.map(encodeEvent);
  if (!first) throw new TypeError('An append carries at least one event.');
  if (rest.length > 0 && new Set(events.map((event) => event.id)).size < events.length) {
    throw new TypeError('An append carries each event id once.');
  }
  return { stream, expectation, events: [first, ...rest] };
}

function encodeEvent(event: NewEvent): EncodedEvent {
  const { id, type, schema } = event;
  if (!isUuid(id)) throw new TypeError(`An event id is a UUID in lower case, not ${JSON.stringify(id)}.`);
  checkName('An event type', type);
  if (!Number.isSafeInteger(schema) || schema < 1) throw new TypeError('An event schema is a whole number from 1.');
  const data = encodeJson(event.data, 'data');
  const meta = encodeJson(event.meta, 'meta');
  if ((data.length + meta.length) * 3 > MAX_EVENT_BYTES && Buffer.byteLength(data + meta) > MAX_EVENT_BYTES) {
    throw new TypeError(`Event ${id} is larger than ${MAX_EVENT_BYTES} bytes.`);
  }
  return { id, type, schema, data, meta };
}

function checkName(what: string, name: string): void {
  // SQLite's text functions stop at NUL (sqlite.org/nulinstr.html); no control character belongs in a name anyway.
  const ok = typeof name === 'string' && name !== '' && name.isWellFormed() && !/\p{Cc}/u.test(name);
  if (!ok) throw new TypeError(`${what} is named by plain text, not ${JSON.stringify(name)}.`);
}

function checkExpectation(expectation: Expectation): void {
  if (expectation === 'no-stream' || expectation === 'stream-exists') return;
  if (Number.isSafeInteger(expectation?.revision) && expectation.revision >= 0) return;
  throw new TypeError('An expectation is no-stream, stream-exists or a revision from 0.');
}

/**
 * JSON.stringify drops undefined, writes null for NaN and keeps lone surrogates as escapes; all three would read back
 * as something else than was recorded, or be refused by other JSON implementations (RFC 8259 §8.2). Refuse them.
 */
function encodeJson(value: unknown, at: string): string {
  checkJson(value, at, 0);
  return JSON.stringify(value);
}

function checkJson(value: unknown, at: string, depth: number): void {
  if (typeof value === 'boolean' || value === null) return;
  if (typeof value === 'object') return checkContainer(value, at, depth);
  if (typeof value === 'string') return value.isWellFormed() ? undefined : refuse(at, 'a lone surrogate');
  if (typeof value !== 'number') return refuse(at, typeof value);
  if (!Number.isFinite(value)) refuse(at, String(value));
}

function checkContainer(value: object, at: string, depth: number): void {
  if (depth >= MAX_DEPTH) refuse(at, `deeper than ${MAX_DEPTH} levels, or in a circle`);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) checkJson(value[index], at, depth + 1);
    return;
  }
  // A plain object of any realm: its prototype is null, or the last of its chain.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) refuse(at, 'an instance of a class');
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) refuse(at, 'a key with a lone surrogate');
    checkJson(item, key, depth + 1);
  }
}

function refuse(at: string, what: string): never {
  throw new TypeError(`JSON cannot carry the value of "${at}": it is ${what}.`);
}

/** The value behind text that `encodeAppend` wrote. */
export function decodeJson(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}
