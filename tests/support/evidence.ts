import {
  consistencyProof,
  hashLeaf,
  inclusionProof,
  hashNode,
  sha256,
  treeRoot,
  type ConsistencyClaim,
  type InclusionClaim,
  type NodeReader,
} from '#libs/evidence';

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const reversedBits = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff);

export interface Tree {
  readonly node: NodeReader;
  readonly root: (size: number) => Uint8Array;
  readonly inclusion: (index: number, size: number) => InclusionClaim & { readonly root: Uint8Array };
  readonly consistency: (from: number, to: number) => ConsistencyClaim;
}

/** A tree with all its complete nodes in memory, and claims about it that hold. */
export function aTree(leaves: readonly Uint8Array[]): Tree {
  const rows = [leaves.map((leaf) => hashLeaf(sha256, leaf))];
  for (let row = rows[0] ?? []; row.length > 1; rows.push(row)) {
    const below = row;
    row = Array.from({ length: Math.floor(below.length / 2) }, (_, at) =>
      hashNode(sha256, must(below[at * 2]), must(below[at * 2 + 1])),
    );
  }
  const node: NodeReader = (level, index) => must(rows[level]?.[index]);
  const root = (size: number): Uint8Array => treeRoot(sha256, size, node);
  return {
    node,
    root,
    inclusion: (index, size) => ({
      index,
      size,
      leafHash: node(0, index),
      proof: inclusionProof(sha256, index, size, node),
      root: root(size),
    }),
    consistency: (from, to) => ({
      from,
      to,
      fromRoot: root(from),
      toRoot: root(to),
      proof: consistencyProof(sha256, from, to, node),
    }),
  };
}

export function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('This should be there.');
  return value;
}
