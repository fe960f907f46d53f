import type { DatabaseSync } from 'node:sqlite';
import type { RecordedEvent } from '#libs/event-log';
import { equal } from '../core/bytes.ts';
import { type Chain, CHECKPOINT_STREAM, ChainFault, nextStep } from '../core/chain.ts';
import { consistencyProof, hashLeaf, inclusionProof, type NodeReader, treeRoot } from '../core/merkle.ts';
import { type Head, type HeadProof, HeadsTree } from '../core/heads.ts';
import { entryBundle, HASH_SIZE, LONGEST_ENTRY, type TileName, tileWidth } from '../core/tiles.ts';
import { hasSigned, sha256 } from '../node-crypto.ts';
import { type CheckpointCosigned, COSIGNATURE_STREAM, cosignatureIn } from '../seal/cosigned.ts';
import { Checkpoints, type Fault, type StoredCheckpoint } from './checkpoints.ts';
import { hashedLeaf, Leaves, notBefore, recordedAtIn, type StoredLeaf } from './leaves.ts';
import { failure, openDatabase } from './schema.ts';
import { Tiles } from './tiles.ts';

/** That a leaf is in the tree of a size. */
export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whose events alone are no reason for another checkpoint. */
const OWN_STREAMS = [CHECKPOINT_STREAM, COSIGNATURE_STREAM];

/** Leaves, tiles and checkpoints in one SQLite file, a page of the log to a transaction. */
export class EvidenceStore {
  readonly #file: string;
  readonly #db: DatabaseSync;
  readonly #leaves: Leaves;
  readonly #tiles: Tiles;
  readonly #checkpoints: Checkpoints;
  #size = 0;
  /** Of the last leaf, once it was needed. */
  #recordedAt: string | undefined;
  #heads: { readonly size: number; readonly tree: HeadsTree } | undefined;

  private constructor(file: string, db: DatabaseSync) {
    this.#file = file;
    this.#db = db;
    this.#leaves = new Leaves(db);
    this.#tiles = new Tiles(db);
    this.#checkpoints = new Checkpoints(db);
    this.#size = this.#leaves.end().size;
    // Damage shows now, while the file can still be put aside.
    void [this.newest, this.chain];
  }

  /** @throws EvidenceUnusable */
  static open(file: string, options: { readonly readOnly?: boolean } = {}): EvidenceStore {
    const db = openDatabase(file, options);
    try {
      return new EvidenceStore(file, db);
    } catch (error) {
      db.close();
      throw failure(error, file);
    }
  }

  /** Leaves so far, and up to which position of the log. */
  get end(): { readonly size: number; readonly position: bigint } {
    return this.#leaves.end();
  }

  get newest(): StoredCheckpoint | undefined {
    return this.#checkpoints.newest;
  }

  get chain(): Chain | undefined {
    return this.#checkpoints.chain;
  }

  /** Every verifier key there was, the oldest first. */
  get keys(): readonly string[] {
    return this.#checkpoints.keys;
  }

  /** What was signed at each hand-over from one of these keys to the next. */
  get handovers(): readonly string[] {
    return this.#checkpoints.handovers;
  }

  /** The first thing in the log that cannot be so: from then on, nothing is sealed. */
  get fault(): Fault | undefined {
    return this.#checkpoints.fault;
  }

  /** The newest first. */
  checkpoints(limit: number, before?: number): readonly StoredCheckpoint[] {
    return this.#checkpoints.list(limit, before);
  }

  checkpointOf(size: number): StoredCheckpoint | undefined {
    return this.#checkpoints.ofSize(size);
  }

  /** Whether anything but checkpoints, and what witnesses signed, has come since the newest checkpoint. */
  get worthSealing(): boolean {
    const sealed = this.newest?.size ?? 0;
    return this.#leaves.hasOthers(sealed, OWN_STREAMS) || this.#checkpoints.rotatedSince(sealed);
  }

  /** Takes a page of the log in, or nothing of it; events that are in are passed over. */
  takeIn(events: readonly RecordedEvent[]): void {
    this.#transaction(() => {
      const end = this.#leaves.end();
      // Another process may have taken in the same events meanwhile.
      if (end.size !== this.#size) this.#forget();
      this.#size = end.size;
      for (const event of events) if (event.position > end.position) this.#add(event);
      this.#tiles.flush();
    });
  }

  root(size: number): Uint8Array {
    return treeRoot(sha256, size, this.#tiles.nodes());
  }

  leafOf(eventId: string): StoredLeaf | undefined {
    return this.#leaves.byEvent(eventId);
  }

  /** Undefined for an event that was not taken in. */
  indexOf(eventId: string): number | undefined {
    return this.#leaves.indexOf(eventId);
  }

  leafAt(index: number): StoredLeaf | undefined {
    return this.#leaves.at(index);
  }

  /** The newest revision that was taken in of a stream. */
  newestOf(stream: string): number | undefined {
    return this.#leaves.newest(stream);
  }

  inclusion(index: number, size: number): Inclusion {
    const nodes = this.#tiles.nodes();
    return { index, size, leafHash: nodes(0, index), proof: inclusionProof(sha256, index, size, nodes) };
  }

  /** As `inclusion`, for many leaves of one tree: what their proofs share is computed once. */
  inclusions(size: number): (index: number) => Inclusion {
    const nodes = remembered(this.#tiles.nodes());
    return (index) => ({ index, size, leafHash: nodes(0, index), proof: inclusionProof(sha256, index, size, nodes) });
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

  /** Whether the tree of `size` leaves is large enough for a tile. */
  reaches({ level, index, width }: TileName, size: number): boolean {
    return width <= tileWidth({ level, index }, size);
  }

  /** A tile of the tree of `size` leaves; undefined when that has none so wide. */
  tile(name: TileName, size: number): Uint8Array | undefined {
    if (!this.reaches(name, size)) return undefined;
    const { level, index, width } = name;
    if (level !== 'entries') return this.#tiles.read(level, index)?.subarray(0, width * HASH_SIZE);
    const leaves = this.#leaves.bytes(index * 256, index * 256 + width);
    return leaves.every(({ length }) => length <= LONGEST_ENTRY) ? entryBundle(leaves) : undefined;
  }

  /** The bytes of the leaves from one index to before another. */
  bytes(from: number, to: number): readonly Uint8Array[] {
    return this.#leaves.bytes(from, to);
  }

  /** Leaves as they are stored, from one index to before another: for an audit. */
  rows(from: number, to: number): readonly StoredLeaf[] {
    return this.#leaves.rows(from, to);
  }

  /** Checkpoints, keys and cosignatures as they are stored: for an audit. */
  get lines(): readonly string[] {
    return this.#checkpoints.lines();
  }

  get notes(): readonly string[] {
    return this.#checkpoints.notes();
  }

  /** The newest revision of every stream, as it is stored: for an audit. */
  get streams(): readonly Head[] {
    return this.#leaves.heads(Number.MAX_SAFE_INTEGER);
  }

  storedTile(level: number, index: number): Uint8Array | undefined {
    return this.#tiles.read(level, index);
  }

  /** From now on, until `thaw`, this is read as it is at this moment, whoever writes meanwhile. */
  freeze(): void {
    this.#db.exec('BEGIN');
    // A snapshot begins with the first read (sqlite.org/isolation.html).
    this.#leaves.end();
  }

  thaw(): void {
    if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #add(recorded: RecordedEvent): void {
    const index = this.#size;
    // Whoever follows a log from its middle knows the running maximum of what it last saw there, and not of all before.
    this.#recordedAt ??= index === 0 ? '' : recordedAtIn(this.#leaves.at(index - 1)?.leaf ?? new Uint8Array());
    const event = notBefore(this.#recordedAt, recorded);
    this.#recordedAt = event.recordedAt;
    const { leaf, hash } = hashedLeaf(event);
    this.#tiles.push(index, hash);
    this.#leaves.add(index, event, leaf);
    this.#size += 1;
    if (event.stream === CHECKPOINT_STREAM) this.#step(index, event);
    if (event.stream === COSIGNATURE_STREAM) this.#cosigned(index, cosignatureIn(event));
  }

  #step(index: number, event: RecordedEvent): void {
    const before = this.#checkpoints.chain;
    try {
      const { chain, checkpoint } = nextStep(sha256, hasSigned, before, event);
      if (chain !== before) this.#checkpoints.addKey(index, chain);
      if (!checkpoint) return;
      this.#tiles.flush();
      const { size, root } = checkpoint;
      if (size > index || size <= (this.newest?.size ?? 0)) throw new ChainFault('its size is out of order');
      if (!equal(this.root(size), root)) throw new ChainFault('its root is not that of the events before it');
      const { note } = Object(event.data);
      this.#checkpoints.add(index, { size, note: String(note), recordedAt: event.recordedAt });
    } catch (error) {
      if (!(error instanceof ChainFault)) throw error;
      this.#checkpoints.addFault({ index, position: event.position, what: error.message });
    }
  }

  #cosigned(index: number, cosigned: CheckpointCosigned | undefined): void {
    const checkpoint = cosigned && this.#checkpoints.ofSize(cosigned.size);
    if (checkpoint) this.#checkpoints.addCosignature(index, checkpoint.index, cosigned.line);
  }

  #forget(): void {
    this.#tiles.forget();
    this.#leaves.forget();
    this.#recordedAt = undefined;
    this.#heads = undefined;
  }

  #transaction(work: () => void): void {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#forget();
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK');
      this.#size = this.#db.isOpen ? this.#leaves.end().size : 0;
      throw failure(error, this.#file);
    }
  }
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

/** The hash that a stored leaf has, whatever its tile says. */
export function hashOfLeaf(leaf: Uint8Array): Uint8Array {
  return hashLeaf(sha256, leaf);
}
