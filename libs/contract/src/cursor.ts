import { Malformed } from './malformed.ts';
import { isObject, type Plain, plainJson, type PlainObject } from './plain-json.ts';

/** The three clocks as they were resolved; null where there is none. */
export interface ResolvedClocks {
  readonly at: string | null;
  readonly knownAt: string | null;
  readonly publishedBy: string | null;
}

/** Where a list goes on, and what was asked for: a page must not mix two answers. */
export interface Cursor {
  readonly call: string;
  /** The parameters of the first call, as given. */
  readonly asked: Readonly<Record<string, string>>;
  readonly clocks: ResolvedClocks;
  /** Where the next page begins, in the list's own terms. */
  readonly after: Plain;
}

const LONGEST = 4000;
const MOST_VALUES = 200;

export function encodeCursor(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** @throws Malformed when `text` is nothing that `encodeCursor` made. */
export function decodeCursor(text: string): unknown {
  try {
    if (text.length > LONGEST) throw foreign();
    const bytes = Buffer.from(text, 'base64url');
    // Buffer reads on past junk.
    if (bytes.toString('base64url') !== text) throw foreign();
    const content: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return plainJson(content, MOST_VALUES);
  } catch {
    throw foreign();
  }
}

/** @throws Malformed when `text` is no cursor of this call. */
export function readCursor(text: string, call: string): Cursor {
  const content = decodeCursor(text);
  if (!isObject(content)) throw foreign();
  const { call: made, asked, clocks, after } = content;
  if (typeof made !== 'string' || !isObject(asked) || !isObject(clocks) || after === undefined) throw foreign();
  if (made !== call) throw new Malformed([{ parameter: 'cursor', message: 'belongs to another list' }]);
  return { call, asked: texts(asked), clocks: resolved(clocks), after };
}

function resolved(clocks: PlainObject): ResolvedClocks {
  const { at, knownAt, publishedBy } = clocks;
  return { at: textOrNull(at), knownAt: textOrNull(knownAt), publishedBy: textOrNull(publishedBy) };
}

function texts(content: PlainObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(content).map(([key, value]) => {
      if (typeof value !== 'string') throw foreign();
      return [key, value];
    }),
  );
}

function textOrNull(value: Plain | undefined): string | null {
  if (value !== null && typeof value !== 'string') throw foreign();
  return value;
}

export function foreign(): Malformed {
  return new Malformed([{ parameter: 'cursor', message: 'must be the `next` of an earlier answer' }]);
}
