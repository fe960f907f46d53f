import { hash } from 'node:crypto';
import type { AlertType } from '../alert.ts';

/**
 * The id of what a watch is told of one fact: a UUID of version 8 (RFC 9562 §5.8) made of a hash, so that whoever plans it
 * again, on another replica or after a restart, names the same alert.
 */
export function alertId(watch: string, type: AlertType, ...fact: readonly string[]): string {
  const bytes = hash('sha256', JSON.stringify([watch, type, ...fact]), 'buffer').subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
