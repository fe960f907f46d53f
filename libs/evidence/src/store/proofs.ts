import { type Head, type HeadProof, HeadsTree } from '../core/heads.ts';
import { consistencyProof, inclusionProof, type NodeReader, treeRoot } from '../core/merkle.ts';
import { entryBundle, HASH_SIZE, LONGEST_ENTRY, type TileName, TILE_WIDTH, tileWidth } from '../core/tiles.ts';
import { sha256 } from '../node-crypto.ts';
import type { Leaves } from './leaves.ts';
import type { Tiles } from './tiles.ts';

/** That a leaf is in the tree of a size. */
export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** What the stored tree shows of itself, at any size it has had. */
export class Proofs {
  readonly #leaves: Pick<Leaves, 'bytes' | 'heads'>;
  readonly #tiles: Pick<Tiles, 'nodes' | 'read'>;
  #heads: { readonly size: number; readonly tree: HeadsTree } | undefined;

  constructor(leaves: Pick<Leaves, 'bytes' | 'heads'>, tiles: Pick<Tiles, 'nodes' | 'read'>) {
    this.#leaves = leaves;
    this.#tiles = tiles;
  }

  root(size: number): Uint8Array {
    return treeRoot(sha256, size, this.#tiles.nodes());
  }

  inclusion(index: number, size: number): Inclusion {
    return inclusionIn(this.#tiles.nodes(), index, size);
  }

  /** As `inclusion`, for many leaves of one tree: what their proofs share is computed once. */
  inclusions(size: number): (index: number) => Inclusion {
    const nodes = remembered(this.#tiles.nodes());
    return (index) => inclusionIn(nodes, index, size);
  }

  consistency(from: number, to: number): readonly Uint8Array[] {
    return consistencyProof(sha256, from, to, this.#tiles.nodes());
  }

  /** The tree over the streams' heads as the first `size` leaves have them. */
  heads(size: number): HeadsTree {
    if (this.#heads?.size !== size) this.#heads = { size, tree: new HeadsTree(sha256, this.#leaves.heads(size)) };
    return this.#heads.tree;
  }

  head(stream: string, size: number): HeadProof | undefined {
    return this.heads(size).proof(stream);
  }

  /** The newest revision of every stream, as it is stored. */
  get streams(): readonly Head[] {
    return this.#leaves.heads(Number.MAX_SAFE_INTEGER);
  }

  /** Whether the tree of `size` leaves is large enough for a tile. */
  reaches({ level, index, width }: TileName, size: number): boolean {
    return width <= tileWidth({ level, index }, size);
  }

  /** A tile of the tree of `size` leaves; undefined when that has none so wide. */
  tile(name: TileName, size: number): Uint8Array | undefined {
    if (!this.reaches(name, size)) return undefined;
    const { level, index, width } = name;
    if (level !== 'entries') return this.#tiles.read(level, index)?.subarray(0, width * HASH_SIZE);
    const leaves = this.#leaves.bytes(index * TILE_WIDTH, index * TILE_WIDTH + width);
    return leaves.every(({ length }) => length <= LONGEST_ENTRY) ? entryBundle(leaves) : undefined;
  }

  /** After a roll-back: what is in memory may never have been stored. */
  forget(): void {
    this.#heads = undefined;
  }
}

function inclusionIn(nodes: NodeReader, index: number, size: number): Inclusion {
  return { index, size, leafHash: nodes(0, index), proof: inclusionProof(sha256, index, size, nodes) };
}

function remembered(nodes: NodeReader): NodeReader {
  const known = new Map<string, Uint8Array>();
  return (level, index) => {
    const name = `${level}/${index}`;
    let node = known.get(name);
    if (!node) known.set(name, (node = nodes(level, index)));
    return node;
  };
}
