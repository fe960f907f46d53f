import { decodeCursor, encodeCursor, Malformed } from '#libs/contract';
import type { Json } from '#libs/event-log';
import type { Clocks, ListAnswer } from './answers.ts';
import type { ClockQuery, Paging, PageStart } from './shapes.ts';
import { type View } from './view.ts';

type Texts = Readonly<Record<string, string>>;
type Given = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A list's question once its cursor, if any, was read: clocks and filter are the cursor's. */
export interface PageQuestion {
  readonly clocks: ClockQuery;
  readonly filter: Texts;
  readonly limit: number;
  readonly offset: number;
  /** The newest revision the first page saw; absent on the first page. */
  readonly upTo?: number;
  readonly origin: Pick<PageStart, 'call' | 'asked'>;
}

/**
 * @param call What a cursor of this list belongs to, its matter included.
 * @throws Malformed for a cursor that is none, or that another question made.
 */
export function pageQuestion(call: string, query: Paging & { clocks?: ClockQuery }, filter: Given): PageQuestion {
  const { limit, cursor } = query;
  const clocks = query.clocks ?? {};
  const given = texts({ ...clocks, ...filter });
  if (cursor === undefined) {
    const origin = query.origin ?? { call, asked: given };
    return { clocks, filter: texts(filter), limit, offset: 0, origin };
  }
  const start = typeof cursor === 'string' ? readCursor(cursor, call, given) : cursor;
  const { at: _, knownAt: __, publishedBy: ___, limit: ____, ...kept } = start.asked;
  const { offset, upTo } = placeOf(start.after);
  const origin = query.origin ?? { call: start.call, asked: start.asked };
  return { clocks: texts(start.clocks), filter: kept, limit, offset, upTo, origin };
}

/** The page of `all` that was asked for, and a cursor to the next one, if there is one. */
export function pageOf<Item>(
  all: readonly Item[],
  question: PageQuestion,
  { clocks, revision }: View,
): ListAnswer<Item> {
  const end = question.offset + question.limit;
  const items = all.slice(question.offset, end);
  const next = end < all.length ? encodeCursor(startAt(question, clocks, end, revision)) : null;
  return { clocks, items, next };
}

function startAt({ origin }: PageQuestion, clocks: Clocks, offset: number, upTo: number): PageStart {
  const { at, knownAt, publishedBy } = clocks;
  // Several events can bear one recordedAt: the revision keeps out those that came after the first page.
  return { ...origin, clocks: { at, knownAt, publishedBy }, after: { offset, upTo } };
}

function readCursor(text: string, call: string, given: Texts): PageStart {
  const content = decodeCursor(text);
  if (!isObject(content)) throw malformed('cursor', FOREIGN);
  const { call: made, asked, clocks, after } = content;
  if (made !== call) throw malformed('cursor', typeof made === 'string' ? 'belongs to another list' : FOREIGN);
  if (!isObject(asked) || !isObject(clocks) || after === undefined) throw malformed('cursor', FOREIGN);
  const start = {
    call,
    asked: texts(asked),
    clocks: { at: null, knownAt: null, publishedBy: null, ...texts(clocks) },
    after,
  };
  const kept: Texts = { ...start.asked };
  for (const [parameter, value] of Object.entries(given)) {
    if (value !== kept[parameter] && value !== texts(clocks)[parameter]) {
      throw malformed(parameter, 'contradicts the cursor');
    }
  }
  return start;
}

function placeOf(after: Json): { readonly offset: number; readonly upTo: number } {
  const { offset, upTo } = isObject(after) ? after : {};
  if (!isIndex(offset) || !isIndex(upTo)) throw malformed('cursor', FOREIGN);
  return { offset, upTo };
}

const FOREIGN = 'must be the `next` of an earlier answer';

const malformed = (parameter: string, message: string): Malformed => new Malformed([{ parameter, message }]);

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members that say something, lists joined as a query writes them. */
function texts(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const said: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === 'string') said[key] = value;
    else if (Array.isArray(value)) said[key] = value.join(',');
  }
  return said;
}
