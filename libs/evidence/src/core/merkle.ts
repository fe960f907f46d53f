import { concat, equal, isHash, type Sha256 } from './bytes.ts';

/**
 * RFC 9162 §2.1 (the tree of RFC 6962, unchanged). Sizes and indices are whole numbers below 2^53; no bit operators,
 * which would cut them to 32 bits.
 */

/** The hash over the leaves from `index · 2^level` on, 2^level of them. */
export type NodeReader = (level: number, index: number) => Uint8Array;

const LEAF_PREFIX = new Uint8Array([0]);
const NODE_PREFIX = new Uint8Array([1]);

export function hashLeaf(sha256: Sha256, leaf: Uint8Array): Uint8Array {
  return sha256(concat(LEAF_PREFIX, leaf));
}

export function hashNode(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(NODE_PREFIX, left, right));
}

/** The root of the first `size` leaves; of none it is the hash of nothing. */
export function treeRoot(sha256: Sha256, size: number, node: NodeReader): Uint8Array {
  return size === 0 ? sha256(new Uint8Array()) : rangeHash(sha256, node, 0, size);
}

/** RFC 9162 §2.1.3.1: what leads from a leaf to the root of the first `size` leaves. */
export function inclusionProof(sha256: Sha256, index: number, size: number, node: NodeReader): readonly Uint8Array[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`Leaf ${index} is not in a tree of ${size}.`);
  const proof: Uint8Array[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      proof.push(rangeHash(sha256, node, middle, end));
      end = middle;
    } else {
      proof.push(rangeHash(sha256, node, begin, middle));
      begin = middle;
    }
  }
  return proof.toReversed();
}

/** RFC 9162 §2.1.4.1: that the tree of the first `from` leaves is the beginning of that of the first `to`. */
export function consistencyProof(sha256: Sha256, from: number, to: number, node: NodeReader): readonly Uint8Array[] {
  if (!(from >= 0 && from <= to)) throw new RangeError(`A tree of ${from} is not the beginning of one of ${to}.`);
  if (from === 0 || from === to) return [];
  const proof: Uint8Array[] = [];
  let [begin, end] = [0, to];
  // SUBPROOF: while everything so far is the old tree's left part, the verifier has its hash already.
  let known = true;
  while (end !== from) {
    const middle = begin + splitOf(end - begin);
    if (from <= middle) {
      proof.push(rangeHash(sha256, node, middle, end));
      end = middle;
    } else {
      proof.push(rangeHash(sha256, node, begin, middle));
      begin = middle;
      known = false;
    }
  }
  if (!known) proof.push(rangeHash(sha256, node, begin, end));
  return proof.toReversed();
}

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** RFC 9162 §2.1.3.2: the root that the claim leads to, or undefined when it cannot be a proof for such a tree. */
export function rootOfInclusion(
  sha256: Sha256,
  { index, size, leafHash, proof }: InclusionClaim,
): Uint8Array | undefined {
  if (!areSizes(index, size) || index >= size || ![leafHash, ...proof].every(isHash)) return undefined;
  let [place, last, root] = [index, size - 1, leafHash];
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (isOdd(place) || place === last) {
      root = hashNode(sha256, sibling, root);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      root = hashNode(sha256, root, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? root : undefined;
}

export function verifyInclusion(sha256: Sha256, claim: InclusionClaim & { readonly root: Uint8Array }): boolean {
  const root = rootOfInclusion(sha256, claim);
  return root !== undefined && equal(root, claim.root);
}

export interface ConsistencyClaim {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** RFC 9162 §2.1.4.2. */
export function verifyConsistency(sha256: Sha256, claim: ConsistencyClaim): boolean {
  const { from, to, fromRoot, toRoot, proof } = claim;
  if (!areSizes(from, to) || from > to || ![fromRoot, toRoot, ...proof].every(isHash)) return false;
  if (from === to) return proof.length === 0 && equal(fromRoot, toRoot);
  if (from === 0) return proof.length === 0 && equal(fromRoot, sha256(new Uint8Array()));
  const path = isPowerOfTwo(from) ? [fromRoot, ...proof] : proof;
  const [first, ...rest] = path;
  if (!first) return false;
  let [place, last] = [from - 1, to - 1];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  let [oldRoot, newRoot] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      oldRoot = hashNode(sha256, sibling, oldRoot);
      newRoot = hashNode(sha256, sibling, newRoot);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      newRoot = hashNode(sha256, newRoot, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && equal(oldRoot, fromRoot) && equal(newRoot, toRoot);
}

/** MTH(D[begin:end]) for a stretch as the recursion of the RFC cuts it: `begin` is a multiple of its largest part. */
function rangeHash(sha256: Sha256, node: NodeReader, begin: number, end: number): Uint8Array {
  const width = end - begin;
  const split = splitOf(width);
  if (split * 2 === width || width === 1) return node(Math.log2(width), begin / width);
  return hashNode(sha256, node(Math.log2(split), begin / split), rangeHash(sha256, node, begin + split, end));
}

/** The largest power of two below a width of two or more. */
function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

function areSizes(...sizes: readonly number[]): boolean {
  return sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
}

const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;
const isPowerOfTwo = (value: number): boolean => value === 1 || splitOf(value) * 2 === value;
