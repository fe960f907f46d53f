import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { fromUtf8 } from '../core/bytes.ts';
import type { Chain, KeyRotated } from '../core/chain.ts';
import { type Checkpoint, parseCheckpoint } from '../core/checkpoint.ts';
import { formatVerifierKey, NoteMalformed, parseNote, parseVerifierKey } from '../core/note.ts';
import { sha256 } from '../node-crypto.ts';
import { EvidenceUnusable } from './schema.ts';

/** A checkpoint that was read back from the log, and leads to this tree. */
export interface StoredCheckpoint extends Checkpoint {
  /** The leaf that holds it. */
  readonly index: number;
  /** The signed note, with the cosignatures that came since. */
  readonly note: string;
  readonly recordedAt: string;
}

/** Something in the log that cannot be so. */
export interface Fault {
  readonly index: number;
  readonly position: bigint;
  readonly what: string;
}

/** Checkpoints, keys and what witnesses signed, as the log tells them. Writing belongs inside a transaction. */
export class Checkpoints {
  readonly #db: DatabaseSync;
  readonly #newest: StatementSync;
  readonly #lines: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#newest = db.prepare('SELECT * FROM checkpoints ORDER BY idx DESC LIMIT 1');
    this.#lines = db.prepare('SELECT line FROM cosignatures WHERE checkpoint = ? ORDER BY idx');
  }

  add(index: number, { size, note, recordedAt }: Pick<StoredCheckpoint, 'size' | 'note' | 'recordedAt'>): void {
    const sql = 'INSERT INTO checkpoints (idx, size, note, recorded_at) VALUES (?, ?, ?, ?)';
    this.#db.prepare(sql).run(index, size, note, recordedAt);
  }

  addKey(index: number, { generation, origin, key }: Chain): void {
    const sql = 'INSERT INTO keys (idx, generation, origin, key) VALUES (?, ?, ?, ?)';
    this.#db.prepare(sql).run(index, generation, origin, formatVerifierKey(key));
  }

  addCosignature(index: number, checkpoint: number, line: string): void {
    this.#db.prepare('INSERT INTO cosignatures (idx, checkpoint, line) VALUES (?, ?, ?)').run(index, checkpoint, line);
  }

  addFault({ index, position, what }: Fault): void {
    this.#db.prepare('INSERT INTO faults (idx, position, what) VALUES (?, ?, ?)').run(index, position, what);
  }

  get newest(): StoredCheckpoint | undefined {
    const row = this.#newest.get();
    return row && this.#read(row);
  }

  get chain(): Chain | undefined {
    const row = this.#db.prepare('SELECT * FROM keys ORDER BY idx DESC LIMIT 1').get();
    if (!row) return undefined;
    const key = parseVerifierKey(sha256, String(row['key']));
    if (!key) throw damaged('a key in it is none');
    return { origin: String(row['origin']), generation: Number(row['generation']), key };
  }

  /** Every key there was, the oldest first, as verifier keys. */
  get keys(): readonly string[] {
    return this.#db
      .prepare('SELECT key FROM keys ORDER BY idx')
      .all()
      .map(({ key }) => String(key));
  }

  /** The notes of the hand-overs from key to key, out of the leaves that hold them. */
  get handovers(): readonly string[] {
    const sql = 'SELECT leaf FROM keys JOIN leaves ON leaves.idx = keys.idx WHERE generation > 1 ORDER BY keys.idx';
    return this.#db
      .prepare(sql)
      .all()
      .map(({ leaf }) => noteIn(leaf));
  }

  /** What is stored, as it is, in lines: to be compared with what the log says. */
  lines(): readonly string[] {
    const queries = [
      "SELECT 'checkpoint ' || idx || ' ' || size || ' ' || recorded_at || ' ' || note AS line FROM checkpoints ORDER BY idx",
      "SELECT 'key ' || idx || ' ' || generation || ' ' || origin || ' ' || key AS line FROM keys ORDER BY idx",
      "SELECT 'cosignature ' || idx || ' ' || checkpoint || ' ' || line AS line FROM cosignatures ORDER BY idx",
    ];
    return queries.flatMap((sql) =>
      this.#db
        .prepare(sql)
        .all()
        .map(({ line }) => String(line)),
    );
  }

  /** The notes, whatever they are now. */
  notes(): readonly string[] {
    return this.#db
      .prepare('SELECT note FROM checkpoints ORDER BY idx')
      .all()
      .map(({ note }) => String(note));
  }

  rotatedSince(size: number): boolean {
    return this.#db.prepare('SELECT 1 FROM keys WHERE idx >= ? AND generation > 1').get(size) !== undefined;
  }

  get fault(): Fault | undefined {
    const row = this.#db.prepare('SELECT * FROM faults ORDER BY idx LIMIT 1').get();
    return row && { index: Number(row['idx']), position: BigInt(Number(row['position'])), what: String(row['what']) };
  }

  /** The newest first; before a size, when one is given. */
  list(limit: number, before = Number.MAX_SAFE_INTEGER): readonly StoredCheckpoint[] {
    const sql = 'SELECT * FROM checkpoints WHERE size < ? ORDER BY size DESC, idx DESC LIMIT ?';
    return this.#db
      .prepare(sql)
      .all(before, limit)
      .map((row) => this.#read(row));
  }

  /** The checkpoint of a tree of exactly this size. */
  ofSize(size: number): StoredCheckpoint | undefined {
    const row = this.#db.prepare('SELECT * FROM checkpoints WHERE size = ? ORDER BY idx LIMIT 1').get(size);
    return row && this.#read(row);
  }

  #read(row: Record<string, SQLOutputValue>): StoredCheckpoint {
    const index = Number(row['idx']);
    const note = String(row['note']);
    const lines = this.#lines.all(index).map(({ line }) => String(line));
    return { ...readNote(note), index, note: note + lines.join(''), recordedAt: String(row['recorded_at']) };
  }
}

function readNote(note: string): Checkpoint {
  try {
    return parseCheckpoint(parseNote(note).text);
  } catch (error) {
    if (error instanceof NoteMalformed) throw damaged(error.message);
    throw error;
  }
}

function noteIn(leaf: SQLOutputValue | undefined): string {
  if (!(leaf instanceof Uint8Array)) throw damaged('a hand-over in them is none');
  const { data }: { readonly data: Pick<KeyRotated, 'note'> } = JSON.parse(fromUtf8(leaf));
  return data.note;
}

function damaged(what: string): EvidenceUnusable {
  return new EvidenceUnusable(`The stored checkpoints are damaged: ${what}.`, { damaged: true });
}
