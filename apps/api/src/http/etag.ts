import { hash } from 'node:crypto';

/** Strong: of these very bytes. */
export function etagOf(bytes: string | Buffer): string {
  return `"${hash('sha256', bytes, 'base64url').slice(0, 27)}"`;
}

/** Weak where more follows: the cursors of a list that was asked for twice differ, and lead to the same. */
export function pageTag(page: { readonly next: string | null }): string {
  if (page.next === null) return etagOf(JSON.stringify(page));
  return `W/${etagOf(JSON.stringify({ ...page, next: true }))}`;
}

export const revisionTag = (revision: number): string => `"${revision}"`;

/** RFC 9110 §13.1.2: whether the client has this answer already. Compared weakly, as If-None-Match is. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag) return true;
  const opaque = etag.replace(/^W\//, '');
  return ifNoneMatch.split(',').some((part) => {
    const tag = part.trim();
    return tag === '*' || tag.replace(/^W\//, '') === opaque;
  });
}
