import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** A value that JSON can carry. */
export type PlainJson = null | boolean | number | string | readonly PlainJson[] | { readonly [key: string]: PlainJson };

/**
 * A value that the log holds without showing it. `salted` commits to it for ever, base64 of SHA-256(salt ‖ JCS(value));
 * `sealed` is its ciphertext, absent once it was erased. The salt keeps short values from being guessed.
 */
export type PrivateValue = {
  readonly salted: string;
  readonly sealed?: string;
};

/** What was sealed, with the salt that proves it to somebody who knows `salted`. */
export interface Revealed {
  /** Base64. */
  readonly salt: string;
  readonly value: PlainJson;
}

const KEYS: ReadonlySet<string> = new Set(['salted', 'sealed']);

export function isPrivateValue(value: unknown): value is PrivateValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = Object.entries(value);
  return (
    fields.some(([key]) => key === 'salted') &&
    fields.every(([key, text]) => KEYS.has(key) && typeof text === 'string' && text !== '')
  );
}

/** Base64 of SHA-256(salt ‖ JCS(value)). */
export function commitment({ salt, value }: Revealed): string {
  return createHash('sha256').update(Buffer.from(salt, 'base64')).update(jcs(value)).digest('base64');
}

/** RFC 8785. */
export function jcs(value: PlainJson): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('Only what JSON can carry can be sealed.');
  return text;
}
