import type { DatabaseSync } from 'node:sqlite';
import type { RecordedEvent } from '#libs/event-log';
import { type Chain, CHECKPOINT_STREAM } from '../core/chain.ts';
import type { Head, HeadProof, HeadsTree } from '../core/heads.ts';
import type { TileName } from '../core/tiles.ts';
import { COSIGNATURE_STREAM } from '../seal/cosigned.ts';
import { Checkpoints, type Fault, type StoredCheckpoint } from './checkpoints.ts';
import { Intake } from './intake.ts';
import { Leaves, type StoredLeaf } from './leaves.ts';
import { type Inclusion, Proofs } from './proofs.ts';
import { failure, openDatabase } from './schema.ts';
import { Tiles } from './tiles.ts';

/** Whose events alone are no reason for another checkpoint. */
const OWN_STREAMS = [CHECKPOINT_STREAM, COSIGNATURE_STREAM];

/** Leaves, tiles and checkpoints in one SQLite file, a page of the log to a transaction. */
export class EvidenceStore {
  readonly #file: string;
  readonly #db: DatabaseSync;
  readonly #leaves: Leaves;
  readonly #tiles: Tiles;
  readonly #checkpoints: Checkpoints;
  readonly #proofs: Proofs;
  readonly #intake: Intake;

  private constructor(file: string, db: DatabaseSync) {
    this.#file = file;
    this.#db = db;
    const leaves = (this.#leaves = new Leaves(db));
    const tiles = (this.#tiles = new Tiles(db));
    const checkpoints = (this.#checkpoints = new Checkpoints(db));
    const proofs = (this.#proofs = new Proofs(leaves, tiles));
    this.#intake = new Intake({ leaves, tiles, checkpoints, proofs });
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
    this.#transaction(() => this.#intake.take(events));
  }

  root(size: number): Uint8Array {
    return this.#proofs.root(size);
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
    return this.#proofs.inclusion(index, size);
  }

  /** As `inclusion`, for many leaves of one tree: what their proofs share is computed once. */
  inclusions(size: number): (index: number) => Inclusion {
    return this.#proofs.inclusions(size);
  }

  consistency(from: number, to: number): readonly Uint8Array[] {
    return this.#proofs.consistency(from, to);
  }

  /** The tree over the streams' heads as the first `size` leaves have them. */
  heads(size: number): HeadsTree {
    return this.#proofs.heads(size);
  }

  head(stream: string, size: number): HeadProof | undefined {
    return this.#proofs.head(stream, size);
  }

  /** Whether the tree of `size` leaves is large enough for a tile. */
  reaches(name: TileName, size: number): boolean {
    return this.#proofs.reaches(name, size);
  }

  /** A tile of the tree of `size` leaves; undefined when that has none so wide. */
  tile(name: TileName, size: number): Uint8Array | undefined {
    return this.#proofs.tile(name, size);
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
    return this.#proofs.streams;
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

  #transaction(work: () => void): void {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#intake.forget();
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw failure(error, this.#file);
    }
  }
}
