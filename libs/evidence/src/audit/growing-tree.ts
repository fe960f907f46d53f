import { HASH_SIZE, foldHashes, hashAt, nodesOf, TILE_WIDTH } from '../core/tiles.ts';
import { treeRoot } from '../core/merkle.ts';
import { sha256 } from '../node-crypto.ts';

/** A tree made anew from leaf hashes, in memory: 32 bytes a leaf. */
export class GrowingTree {
  readonly #levels: Buffer[][] = [];
  readonly #node = nodesOf(sha256, (level, index) => this.tile(level, index));
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(leafHash: Uint8Array): void {
    let hash = leafHash;
    for (let [level, place] = [0, this.#size]; ; level += 1, place = Math.floor(place / TILE_WIDTH)) {
      const tiles = (this.#levels[level] ??= []);
      const tile = (tiles[Math.floor(place / TILE_WIDTH)] ??= Buffer.alloc(TILE_WIDTH * HASH_SIZE));
      tile.set(hash, (place % TILE_WIDTH) * HASH_SIZE);
      if (place % TILE_WIDTH < TILE_WIDTH - 1) break;
      hash = foldHashes(sha256, tile);
    }
    this.#size += 1;
  }

  root(size: number): Uint8Array {
    return treeRoot(sha256, size, this.#node);
  }

  leafHash(index: number): Uint8Array {
    return hashAt(this.tile(0, Math.floor(index / TILE_WIDTH)), index % TILE_WIDTH);
  }

  /** As wide as a tile can be; what lies beyond the tree's edge is zeros. */
  tile(level: number, index: number): Uint8Array {
    return this.#levels[level]?.[index] ?? Buffer.alloc(TILE_WIDTH * HASH_SIZE);
  }
}
