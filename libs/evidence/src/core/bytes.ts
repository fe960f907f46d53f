/** SHA-256 of bytes. Given by whoever verifies: Node has one, and a browser or a single file brings its own. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

const HASH_BYTES = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** @throws TypeError for bytes that are no UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Memcmp's order, which is also the order of the code points of UTF-8 text. */
export function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const shared = Math.min(one.length, other.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_BYTES;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** RFC 4648 §4, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two = 0, three = 0] = bytes.subarray(at, at + 3);
    const bits = (one << 16) | (two << 8) | three;
    const rest = bytes.length - at;
    text += letter(bits >> 18) + letter(bits >> 12);
    text += rest > 1 ? letter(bits >> 6) : '=';
    text += rest > 2 ? letter(bits) : '=';
  }
  return text;
}

/**
 * The bytes behind base64, or undefined when it is not written in the one canonical way (RFC 4648 §3.5): a second text
 * for the same bytes would be a second document with the same proof.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!BASE64.test(text)) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    const bits = (code(text, at) << 18) | (code(text, at + 1) << 12) | (code(text, at + 2) << 6) | code(text, at + 3);
    bytes.set([bits >> 16, (bits >> 8) & 0xff, bits & 0xff].slice(0, bytes.length - to), to);
  }
  return toBase64(bytes) === text ? bytes : undefined;
}

/** 32 bytes in base64, or undefined. */
export function hashFromBase64(text: string): Uint8Array | undefined {
  const bytes = fromBase64(text);
  return bytes && isHash(bytes) ? bytes : undefined;
}

function letter(bits: number): string {
  return ALPHABET.charAt(bits & 0x3f);
}

function code(text: string, at: number): number {
  const letterCode = text.charAt(at);
  return letterCode === '=' ? 0 : ALPHABET.indexOf(letterCode);
}
