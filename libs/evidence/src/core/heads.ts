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

/** The tree over all heads, kept as its rows of nodes: what a checkpoint signs, and where proofs come from. */
export class HeadsTree {
  readonly #sha256: Sha256;
  readonly #heads: readonly Head[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #rows: readonly (readonly Uint8Array[])[];

  constructor(sha256: Sha256, heads: Iterable<Head>) {
    this.#sha256 = sha256;
    this.#heads = [...heads]
      .map((head) => ({ head, name: utf8(head.stream) }))
      .toSorted((one, other) => compareBytes(one.name, other.name))
      .map(({ head }) => head);
    this.#places = new Map(this.#heads.map(({ stream }, place) => [stream, place]));
    this.#rows = rowsOver(
      sha256,
      this.#heads.map((head) => hashLeaf(sha256, headLine(head))),
    );
  }

  get heads(): Heads {
    const streams = this.#heads.length;
    return { streams, root: treeRoot(this.#sha256, streams, this.#node) };
  }

  /** Undefined for a stream that has no events. */
  proof(stream: string): HeadProof | undefined {
    const index = this.#places.get(stream);
    const head = index === undefined ? undefined : this.#heads[index];
    if (index === undefined || !head) return undefined;
    const streams = this.#heads.length;
    return { ...head, index, streams, proof: inclusionProof(this.#sha256, index, streams, this.#node) };
  }

  readonly #node: NodeReader = (level, index) => {
    const hash = this.#rows[level]?.[index];
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

function rowsOver(sha256: Sha256, leaves: readonly Uint8Array[]): (readonly Uint8Array[])[] {
  const rows = [leaves];
  for (let row = leaves; row.length > 1;) {
    const next: Uint8Array[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) {
      const [left, right] = [row[at], row[at + 1]];
      if (left && right) next.push(hashNode(sha256, left, right));
    }
    rows.push(next);
    row = next;
  }
  return rows;
}
