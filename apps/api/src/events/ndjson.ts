import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventAnswer } from '#libs/register';
import { etagOf, isKnown } from '../http/etag.ts';
import { NDJSON } from './media.ts';

export interface Lines {
  /** Events in log order; those after `upTo` are left out. */
  readonly events: AsyncIterable<EventAnswer>;
  readonly upTo: bigint;
  readonly after?: bigint;
  /** An explicit limit, as it was given. */
  readonly limit?: string | undefined;
}

/** One write a line would cost more than the lines. */
const CHUNK = 16 * 1024;

/** Events as lines. Recorded events never change: the address and how far it reaches say what the bytes are. */
export async function ndjson(
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: Lines,
): Promise<Readable | undefined> {
  return asLines(request, reply, etagOf(`${request.url} ${wanted.upTo}`), within(wanted));
}

/**
 * Lines of JSON, made as fast as they are read. The first is awaited, so that a refusal is still an answer of its own.
 * Nothing where the client has them already. Lines are sent `chunk` characters at a time; 0: each as it is made.
 */
export async function asLines(
  request: FastifyRequest,
  reply: FastifyReply,
  etag: string,
  items: AsyncGenerator<object, void>,
  chunk = CHUNK,
): Promise<Readable | undefined> {
  void reply.headers({ etag, 'cache-control': 'no-cache' });
  const known = isKnown(request.headers['if-none-match'], etag);
  if (known) void reply.code(304);
  else void reply.type(NDJSON);
  if (known || request.method === 'HEAD') return undefined;
  const first = await items.next();
  return Readable.from(lines(first, items, chunk));
}

async function* within({ events, upTo, after = -1n, limit }: Lines): AsyncGenerator<EventAnswer, void> {
  let left = limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  for await (const event of events) {
    const position = BigInt(event.position);
    if (position > upTo) return;
    if (position <= after) continue;
    yield event;
    left -= 1;
    if (left <= 0) return;
  }
}

async function* lines(
  first: IteratorResult<object, void>,
  rest: AsyncIterable<object>,
  chunk: number,
): AsyncGenerator<string, void> {
  let text = '';
  for await (const item of again(first, rest)) {
    text += `${JSON.stringify(item)}\n`;
    if (text.length < chunk) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** What was begun, from its beginning. */
export async function* again<Item>(
  first: IteratorResult<Item, void>,
  rest: AsyncIterable<Item>,
): AsyncGenerator<Item, void> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
