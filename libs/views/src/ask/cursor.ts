import { BadCursor } from '../queries.ts';

type Part = string | number | null;

/** Where a list goes on: the list's name and what it needs to know, in its own terms. */
export function writeCursor(list: string, parts: readonly Part[]): string {
  return Buffer.from(JSON.stringify([list, ...parts])).toString('base64url');
}

/** @throws BadCursor for what `writeCursor` never made for this list; `shape` has a letter per part: s, n, or S, N with null. */
export function readCursor(text: string, list: string, shape: string): readonly Part[] {
  const parts = parsed(text);
  if (parts.length !== shape.length + 1 || parts[0] !== list) throw bad();
  return parts.slice(1).map((part, index) => {
    const kind = shape[index] ?? '';
    if (part === null && kind === kind.toUpperCase()) return null;
    if (typeof part === 'string' && kind.toLowerCase() === 's') return part;
    if (typeof part === 'number' && kind.toLowerCase() === 'n') return part;
    throw bad();
  });
}

function parsed(text: string): readonly unknown[] {
  try {
    const content: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(content) ? content : [];
  } catch {
    throw bad();
  }
}

export function bad(): BadCursor {
  return new BadCursor('The cursor must be the `next` of an earlier answer.');
}
