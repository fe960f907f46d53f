import { equal } from '../core/bytes.ts';
import { sha256 } from '../node-crypto.ts';
import type { StoredCheckpoint } from '../store/checkpoints.ts';
import type { EvidenceStore } from '../store/evidence-store.ts';
import { GrowingTree } from './growing-tree.ts';

const PAGE = 4096;

/**
 * Whether the stored leaves lead to the root of a checkpoint: every byte is hashed again, and nothing is parsed. That the
 * leaves are those of the log, only an audit tells.
 */
export function verifyLeaves(store: EvidenceStore, { size, root }: Pick<StoredCheckpoint, 'size' | 'root'>): boolean {
  const tree = new GrowingTree();
  // One buffer for prefix and leaf; a longer leaf makes it grow.
  let buffer = Buffer.alloc(64 * 1024);
  for (let from = 0; from < size; from += PAGE) {
    for (const leaf of store.bytes(from, Math.min(size, from + PAGE))) {
      if (leaf.length >= buffer.length) buffer = Buffer.alloc(2 * leaf.length);
      buffer.set(leaf, 1);
      tree.push(sha256(buffer.subarray(0, 1 + leaf.length)));
    }
  }
  return tree.size === size && equal(tree.root(size), root);
}
