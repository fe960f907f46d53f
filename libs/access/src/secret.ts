import { hash, timingSafeEqual } from 'node:crypto';

const PREFIX = 'inforce_';
const SECRET_BYTES = 32;
const SHAPE = /^inforce_[A-Za-z0-9_-]{43}$/;

export function newSecret(random: (size: number) => Buffer): string {
  return PREFIX + random(SECRET_BYTES).toString('base64url');
}

/** Saves hashing what cannot be a key, however long it is. */
export function looksLikeKey(text: string): boolean {
  return SHAPE.test(text);
}

/**
 * One pass of SHA-256 on purpose. Slow, salted hashes protect secrets that people choose (NIST SP 800-63B §3.1.1.2); these
 * are 256 random bits, which no number of guesses reaches, and each request pays for this hash.
 */
export function digest(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

export function sameDigest(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}
