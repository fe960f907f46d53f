import { compareBytes, type Sha256, utf8 } from './bytes.ts';
import type { Heads } from './checkpoint.ts';
import { hashLeaf, hashNode, inclusionProof, type NodeReader, treeRoot, verifyInclusion } from './merkle.ts';

/** The newest revision of a stream. */
export interface Head {
  readonly stream: string;
  readonly revision: number;
}

/** That a stream ends with this revision, at the moment of a checkpoint. */
export interface HeadProof extends Head {
  readonly index: number;
  readonly streams: number;
  readonly proof: readonly Uint8Array[];
}

/** One line of the tree. A name may hold spaces, a revision does not: the last space divides them. */
export function headLine({ stream, revision }: Head): Uint8Array {
  return utf8(`${stream} ${revision}`);
}

interface Line {
  readonly name: Uint8Array;
  readonly head: Head;
  readonly hash: Uint8Array;
}

/** The tree over all heads: what a checkpoint signs, and where proofs come from. Only what has moved is hashed again. */
export class HeadsTree {
  readonly #sha256: Sha256;
  /** In the order of the names' bytes. */
  readonly #lines: Line[] = [];
  /** Row n holds the nodes over 2^(n + 1) lines each. */
  readonly #rows: Uint8Array[][] = [];
  /** Lines whose nodes are out of date. */
  #moved = new Set<number>();
  /** From here on all are: a line was put in. */
  #shifted = Number.POSITIVE_INFINITY;

  constructor(sha256: Sha256, heads: Iterable<Head> = []) {
    this.#sha256 = sha256;
    for (const head of heads) this.set(head);
  }

  /** A stream has come to a revision. */
  set(head: Head): void {
    const name = utf8(head.stream);
    const place = this.#placeOf(name);
    const line = { name, head, hash: hashLeaf(this.#sha256, headLine(head)) };
    if (this.#lines[place]?.head.stream === head.stream) {
      this.#lines[place] = line;
      this.#moved.add(place);
    } else {
      this.#lines.splice(place, 0, line);
      this.#shifted = Math.min(this.#shifted, place);
    }
  }

  get heads(): Heads {
    const streams = this.#lines.length;
    this.#refresh();
    return { streams, root: treeRoot(this.#sha256, streams, this.#node) };
  }

  /** Undefined for a stream that has no events. */
  proof(stream: string): HeadProof | undefined {
    const index = this.#placeOf(utf8(stream));
    const head = this.#lines[index]?.head;
    if (head?.stream !== stream) return undefined;
    this.#refresh();
    const streams = this.#lines.length;
    return { ...head, index, streams, proof: inclusionProof(this.#sha256, index, streams, this.#node) };
  }

  /** Where a name is, or would be. */
  #placeOf(name: Uint8Array): number {
    let [low, high] = [0, this.#lines.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const there = this.#lines[middle];
      if (there && compareBytes(there.name, name) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #refresh(): void {
    let shifted = this.#shifted;
    let moved = new Set([...this.#moved].filter((place) => place < shifted));
    let width = this.#lines.length;
    for (let level = 0; width > 1; level += 1) {
      width = Math.floor(width / 2);
      shifted = Math.floor(shifted / 2);
      moved = new Set([...moved].map((place) => Math.floor(place / 2)).filter((place) => place < shifted));
      const row = (this.#rows[level] ??= []);
      for (const place of moved) if (place < width) row[place] = this.#pair(level, place);
      if (shifted < row.length) row.length = shifted;
      for (let place = row.length; place < width; place += 1) row.push(this.#pair(level, place));
    }
    this.#moved = new Set();
    this.#shifted = Number.POSITIVE_INFINITY;
  }

  #pair(level: number, place: number): Uint8Array {
    return hashNode(this.#sha256, this.#node(level, place * 2), this.#node(level, place * 2 + 1));
  }

  readonly #node: NodeReader = (level, index) => {
    const hash = level === 0 ? this.#lines[index]?.hash : this.#rows[level - 1]?.[index];
    if (!hash) throw new RangeError(`The tree of heads has no node ${index} at level ${level}.`);
    return hash;
  };
}

export function verifyHead(sha256: Sha256, heads: Heads, claim: HeadProof): boolean {
  const { stream, revision, index, streams: size, proof } = claim;
  if (size !== heads.streams || !Number.isSafeInteger(revision) || revision < 0) return false;
  const leafHash = hashLeaf(sha256, headLine({ stream, revision }));
  return verifyInclusion(sha256, { index, size, leafHash, proof, root: heads.root });
}
