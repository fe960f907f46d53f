import type { NodeReader } from './merkle.ts';
import { concat, type Sha256 } from './bytes.ts';

/** C2SP tlog-tiles: 256 hashes to a tile, so a tile stands for a tree of height 8. */
export const TILE_WIDTH = 256;
export const HASH_SIZE = 32;
const TILE_HEIGHT = 8;
const HIGHEST_LEVEL = 63;
/** An entry's length is a uint16 there. */
export const LONGEST_ENTRY = 65_535;

export interface TileName {
  /** `entries`: the leaves themselves, rather than hashes. */
  readonly level: number | 'entries';
  readonly index: number;
  /** 256, or less for the partial tile at the right edge. */
  readonly width: number;
}

export function tilePath({ level, index, width }: TileName): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const parts = padded.match(/\d{3}/g) ?? [];
  const path = parts.map((part, at) => (at < parts.length - 1 ? `x${part}` : part)).join('/');
  return `tile/${level}/${path}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/** The tile that a path names, or undefined: every tile has one path. */
export function parseTilePath(path: string): TileName | undefined {
  const [, kind = '', number = '', partial] =
    /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  const level: TileName['level'] = kind === 'entries' ? kind : Number(kind);
  const index = Number(number.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const name = { level, index, width };
  const known = level === 'entries' || level <= HIGHEST_LEVEL;
  return known && Number.isSafeInteger(index) && width > 0 && tilePath(name) === path ? name : undefined;
}

/** How many hashes the tile has in a tree of this size; 0 when there is no such tile. */
export function tileWidth({ level, index }: Pick<TileName, 'level' | 'index'>, size: number): number {
  const complete = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  return Math.max(0, Math.min(TILE_WIDTH, complete - index * TILE_WIDTH));
}

/** The hash over a tile, or over any power of two of hashes that stand one after the other. */
export function foldHashes(sha256: Sha256, hashes: Uint8Array): Uint8Array {
  const row = Uint8Array.from(hashes);
  let width = hashes.length / HASH_SIZE;
  if (!Number.isInteger(Math.log2(width))) throw new RangeError('Hashes are folded by powers of two.');
  // The prefix of a node, and both its children as they stand beside each other.
  const node = new Uint8Array(1 + 2 * HASH_SIZE);
  node[0] = 1;
  for (; width > 1; width /= 2) {
    for (let at = 0; at < width / 2; at += 1) {
      node.set(row.subarray(at * 2 * HASH_SIZE, (at + 1) * 2 * HASH_SIZE), 1);
      row.set(sha256(node), at * HASH_SIZE);
    }
  }
  return row.slice(0, HASH_SIZE);
}

export function hashAt(tile: Uint8Array, index: number): Uint8Array {
  return tile.subarray(index * HASH_SIZE, (index + 1) * HASH_SIZE);
}

/** At least as much of a tile as there is; it may hold more than was asked for. */
export type TileReader = (level: number, index: number) => Uint8Array;

/** Every node of the tree, out of its tiles. */
export function nodesOf(sha256: Sha256, tile: TileReader): NodeReader {
  return (level, index) => {
    const [tileLevel, height] = [Math.floor(level / TILE_HEIGHT), level % TILE_HEIGHT];
    const width = 2 ** height;
    const first = index * width;
    const hashes = tile(tileLevel, Math.floor(first / TILE_WIDTH));
    const from = (first % TILE_WIDTH) * HASH_SIZE;
    const part = hashes.subarray(from, from + width * HASH_SIZE);
    if (part.length < width * HASH_SIZE) throw new RangeError(`A tile ends before node ${index} of level ${level}.`);
    return foldHashes(sha256, part);
  };
}

/** C2SP tlog-tiles, "Log entries": each with its length before it. @throws RangeError for an entry that is too long. */
export function entryBundle(leaves: readonly Uint8Array[]): Uint8Array {
  return concat(
    ...leaves.flatMap((leaf) => {
      if (leaf.length > LONGEST_ENTRY) throw new RangeError('An entry of a bundle has at most 65,535 bytes.');
      return [new Uint8Array([leaf.length >> 8, leaf.length & 0xff]), leaf];
    }),
  );
}
