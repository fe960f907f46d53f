import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { foldHashes, HASH_SIZE, nodesOf, TILE_WIDTH } from '../core/tiles.ts';
import type { NodeReader } from '../core/merkle.ts';
import { sha256 } from '../node-crypto.ts';

const TILE_BYTES = TILE_WIDTH * HASH_SIZE;

/** A tile at the right edge of the tree, as far as it is full. */
interface Edge {
  readonly index: number;
  readonly hashes: Buffer;
  count: number;
  changed: boolean;
}

/** The tiles of the tree. Those at the right edge are kept in memory between transactions; see `forget`. */
export class Tiles {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #edges: Edge[] = [];

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT hashes FROM tiles WHERE level = ? AND idx = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO tiles (level, idx, hashes) VALUES (?, ?, ?)');
  }

  /** What is stored of a tile, which may be more than a smaller tree has of it. */
  read(level: number, index: number): Uint8Array | undefined {
    const hashes = this.#get.get(level, index)?.['hashes'];
    return hashes instanceof Uint8Array ? hashes : undefined;
  }

  /** Nodes as they are stored. Tiles are remembered for as long as the reader is. */
  nodes(): NodeReader {
    const known = new Map<string, Uint8Array>();
    return nodesOf(sha256, (level, index) => {
      const name = `${level}/${index}`;
      let tile = known.get(name);
      if (!tile) known.set(name, (tile = this.read(level, index) ?? new Uint8Array()));
      return tile;
    });
  }

  /** Adds the leaf hash number `size`. Nothing is stored before `flush`. */
  push(size: number, leafHash: Uint8Array): void {
    let hash = leafHash;
    for (let [level, place] = [0, size]; ; level += 1, place = Math.floor(place / TILE_WIDTH)) {
      const edge = this.#edge(level, Math.floor(place / TILE_WIDTH), place % TILE_WIDTH);
      edge.hashes.set(hash, edge.count * HASH_SIZE);
      edge.count += 1;
      edge.changed = true;
      if (edge.count < TILE_WIDTH) return;
      this.#store(level, edge);
      hash = foldHashes(sha256, edge.hashes);
    }
  }

  flush(): void {
    for (const [level, edge] of this.#edges.entries()) if (edge.changed) this.#store(level, edge);
  }

  /** After a roll-back, or when somebody else has written: what is in memory may never have been stored. */
  forget(): void {
    this.#edges.length = 0;
  }

  #edge(level: number, index: number, count: number): Edge {
    const known = this.#edges[level];
    if (known && known.index === index && known.count === count) return known;
    const hashes = Buffer.alloc(TILE_BYTES);
    const stored = count > 0 ? this.read(level, index) : undefined;
    if (count > 0 && stored?.length !== count * HASH_SIZE)
      throw new RangeError(`Tile ${index} of level ${level} does not hold ${count} hashes.`);
    if (stored) hashes.set(stored);
    const edge = { index, hashes, count, changed: false };
    this.#edges[level] = edge;
    return edge;
  }

  #store(level: number, edge: Edge): void {
    this.#put.run(level, edge.index, edge.hashes.subarray(0, edge.count * HASH_SIZE));
    edge.changed = false;
  }
}
