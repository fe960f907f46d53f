import { hashFromBase64, utf8 } from './bytes.ts';
import { canonicalText } from './canonical.ts';

/** An event as it is recorded, read or exported; `position` and whatever else it carries is not evidence. */
export interface EvidentEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly schema: number;
  readonly recordedAt: string;
  readonly data: unknown;
  readonly meta: unknown;
}

/** Which rules turn an event into a leaf. It stands in every leaf, so that another scheme can follow this one. */
export const LEAF_SCHEME = 1;

/**
 * The canonical text of an event: RFC 8785, without `position`, which differs from store to store. A private value
 * stands in it by its salted hash alone, so that it can be erased without touching any proof.
 * @throws NotCanonical
 */
export function leafText(event: EvidentEvent): string {
  const { id, stream, revision, type, schema, recordedAt, meta } = event;
  const data = withoutSealed(event.data);
  return canonicalText({ id, stream, revision, type, schema, recordedAt, data, meta, scheme: LEAF_SCHEME });
}

/** The bytes that are hashed into the tree. @throws NotCanonical */
export function leafBytes(event: EvidentEvent): Uint8Array {
  return utf8(leafText(event));
}

/** A value that only those with the installation's secret can read, until it is erased. */
export interface PrivateValue {
  /** Base64 of SHA-256(salt ‖ JCS(value)). */
  readonly salted: string;
  /** Base64 of salt and value, encrypted; gone once it was erased. */
  readonly sealed?: string;
}

export function isPrivateValue(value: unknown): value is PrivateValue {
  if (typeof value !== 'object' || value === null || !('salted' in value)) return false;
  const sealed: unknown = 'sealed' in value ? value.sealed : undefined;
  if (Object.keys(value).length !== (sealed === undefined ? 1 : 2)) return false;
  if (sealed !== undefined && typeof sealed !== 'string') return false;
  return typeof value.salted === 'string' && hashFromBase64(value.salted) !== undefined;
}

function withoutSealed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.some(holdsSealed) ? value.map(withoutSealed) : value;
  if (isPrivateValue(value)) return { salted: value.salted };
  if (!holdsSealed(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSealed(item)]));
}

/** Looked for first: nearly no event holds a private value, and those need no copy. */
function holdsSealed(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsSealed);
  return isPrivateValue(value) || Object.values(value).some(holdsSealed);
}
