import type { Sha256 } from './bytes.ts';
import { rotationText } from './chain.ts';
import {
  ED25519,
  formatVerifierKey,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
  verifyNote,
  type VerifyEd25519,
} from './note.ts';

/**
 * The keys of a log from its first one on, along notes that the old and the new key of each hand-over have signed, the
 * oldest first. Undefined when they do not lead to `last`. @throws NoteMalformed
 */
export async function keysHandedOver(
  sha256: Sha256,
  verify: VerifyEd25519,
  notes: readonly string[],
  last: VerifierKey,
): Promise<readonly VerifierKey[] | undefined> {
  const keys: VerifierKey[] = [];
  for (const text of notes) {
    const note = parseNote(text);
    const [, , fromText = '', toText = ''] = note.text.split('\n');
    const [from, to] = [parseVerifierKey(sha256, fromText), parseVerifierKey(sha256, toText)];
    if (!from || !to || ![from, to].every(({ type, name }) => type === ED25519 && name === last.name)) return undefined;
    if (note.text !== rotationText({ origin: last.name, key: from }, to)) return undefined;
    const before = keys.at(-1);
    if (before && !same(before, from)) return undefined;
    if (!((await verifyNote(verify, note, from)) && (await verifyNote(verify, note, to)))) return undefined;
    if (!before) keys.push(from);
    keys.push(to);
  }
  const newest = keys.at(-1);
  if (!newest) return [last];
  return same(newest, last) ? keys : undefined;
}

function same(one: VerifierKey, other: VerifierKey): boolean {
  return formatVerifierKey(one) === formatVerifierKey(other);
}
