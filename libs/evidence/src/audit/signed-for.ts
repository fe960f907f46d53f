import { equal } from '../core/bytes.ts';
import { type Checkpoint, parseCheckpoint } from '../core/checkpoint.ts';
import { NoteMalformed, parseNote, type VerifierKey } from '../core/note.ts';
import { hasSigned } from '../node-crypto.ts';
import type { GrowingTree } from './growing-tree.ts';

/** A checkpoint that did not come out of the log's own events. */
export interface OutsideCheckpoint {
  /** Where it was found. */
  readonly name: string;
  readonly note: string;
}

/** What a checkpoint says of a log. */
export type Verdict =
  | { readonly kind: 'holds'; readonly checkpoint: Checkpoint }
  /** The log has fewer events than were signed for. */
  | { readonly kind: 'longer'; readonly checkpoint: Checkpoint }
  /** The log has other events than were signed for. */
  | { readonly kind: 'differs'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'not-signed'; readonly why: string };

/** Compares a tree with what a key of the log has signed, whenever that was. */
export function judge(note: string, keys: readonly VerifierKey[], tree: GrowingTree): Verdict {
  try {
    const signed = parseNote(note);
    const checkpoint = parseCheckpoint(signed.text);
    const own = keys.filter(({ name }) => name === checkpoint.origin);
    if (own.length === 0) return { kind: 'not-signed', why: 'it is the checkpoint of another log' };
    if (!own.some((key) => hasSigned(signed, key)))
      return { kind: 'not-signed', why: unknownKey(checkpoint.size > tree.size) };
    if (checkpoint.size > tree.size) return { kind: 'longer', checkpoint };
    return { kind: equal(tree.root(checkpoint.size), checkpoint.root) ? 'holds' : 'differs', checkpoint };
  } catch (error) {
    if (error instanceof NoteMalformed) return { kind: 'not-signed', why: error.message };
    throw error;
  }
}

function unknownKey(later: boolean): string {
  const words = 'no key of this log has signed it';
  return later
    ? `${words}; it is over more events than there are, so the log may have been put back to before a key was handed over`
    : words;
}
