import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { RecordedEvent } from '#libs/event-log';
import type { Head } from '../core/heads.ts';
import { leafText } from '../core/leaf.ts';
import { sha256 } from '../node-crypto.ts';

/** Where a leaf is, and what it is of. */
export interface StoredLeaf {
  readonly index: number;
  readonly position: bigint;
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  readonly leaf: Uint8Array;
}

/** An event as a leaf: its bytes, and their hash. */
export interface HashedLeaf {
  readonly leaf: Uint8Array;
  readonly hash: Uint8Array;
}

/** One buffer for prefix and text: the hash is of both, the leaf is what comes after the prefix. */
export function hashedLeaf(event: RecordedEvent): HashedLeaf {
  const text = leafText(event);
  const bytes = Buffer.allocUnsafe(1 + Buffer.byteLength(text));
  bytes[0] = 0;
  bytes.write(text, 1);
  return { leaf: bytes.subarray(1), hash: sha256(bytes) };
}

/**
 * An event that was read with its stream alone, at the time that the log gives it. No event of a log was recorded before
 * the one in front of it; a stream alone cannot know of that one, and shows what the writer's clock said.
 */
export function asTakenIn(event: RecordedEvent, { leaf }: StoredLeaf): RecordedEvent {
  return notBefore(recordedAtIn(leaf), event);
}

/** The same event, recorded at this time if its own is earlier. */
export function notBefore(time: string, event: RecordedEvent): RecordedEvent {
  return time > event.recordedAt ? { ...event, recordedAt: time } : event;
}

/** Empty for a leaf that is damaged: an audit will tell. */
export function recordedAtIn(leaf: Uint8Array): string {
  try {
    const recordedAt: unknown = Reflect.get(Object(JSON.parse(Buffer.from(leaf).toString())), 'recordedAt');
    return typeof recordedAt === 'string' ? recordedAt : '';
  } catch {
    return '';
  }
}

const COLUMNS = 'idx, position, event_id, streams.name AS stream, leaves.revision AS revision, leaf';

/** The leaves and the streams they are of. Every call that writes belongs inside a transaction. */
export class Leaves {
  readonly #addStream: StatementSync;
  readonly #moveStream: StatementSync;
  readonly #addLeaf: StatementSync;
  readonly #last: StatementSync;
  readonly #byId: StatementSync;
  readonly #byIndex: StatementSync;
  readonly #index: StatementSync;
  readonly #range: StatementSync;
  readonly #rows: StatementSync;
  readonly #headNow: StatementSync;
  readonly #ids = new Map<string, number>();
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#addStream = db.prepare('INSERT INTO streams (name, revision) VALUES (?, ?)');
    this.#moveStream = db.prepare('UPDATE streams SET revision = ? WHERE id = ?');
    this.#addLeaf = db.prepare(
      'INSERT INTO leaves (idx, position, event_id, stream, revision, leaf) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const from = `SELECT ${COLUMNS} FROM leaves JOIN streams ON streams.id = leaves.stream`;
    this.#last = db.prepare('SELECT idx, position FROM leaves ORDER BY idx DESC LIMIT 1');
    this.#byId = db.prepare(`${from} WHERE event_id = ?`);
    this.#index = db.prepare('SELECT idx FROM leaves WHERE event_id = ?');
    this.#byIndex = db.prepare(`${from} WHERE idx = ?`);
    this.#range = db.prepare('SELECT leaf FROM leaves WHERE idx >= ? AND idx < ? ORDER BY idx');
    this.#range.setReturnArrays(true);
    this.#rows = db.prepare(`${from} WHERE idx >= ? AND idx < ? ORDER BY idx`);
    this.#headNow = db.prepare('SELECT id, revision FROM streams WHERE name = ?');
  }

  /** How many there are, and up to which position of the log. */
  end(): { readonly size: number; readonly position: bigint } {
    const last = this.#last.get();
    return { size: last ? Number(last['idx']) + 1 : 0, position: BigInt(Number(last?.['position'] ?? 0)) };
  }

  add(index: number, { stream, revision, position, id }: RecordedEvent, leaf: Uint8Array): void {
    this.#addLeaf.run(index, position, bytesOf(id), this.#move(stream, revision), revision, leaf);
  }

  byEvent(id: string): StoredLeaf | undefined {
    return read(this.#byId.get(bytesOf(id)));
  }

  /** Where the leaf of an event is, without its bytes. */
  indexOf(id: string): number | undefined {
    const index = this.#index.get(bytesOf(id))?.['idx'];
    return typeof index === 'number' ? index : undefined;
  }

  at(index: number): StoredLeaf | undefined {
    return read(this.#byIndex.get(index));
  }

  /** Bytes of the leaves from one index to before another. */
  bytes(from: number, to: number): readonly Uint8Array[] {
    return this.#range.all(from, to).flatMap(({ 0: leaf }) => (leaf instanceof Uint8Array ? [leaf] : []));
  }

  /** Leaves with all that is stored of them. */
  rows(from: number, to: number): readonly StoredLeaf[] {
    return this.#rows.all(from, to).flatMap((row) => read(row) ?? []);
  }

  /** The newest revision of a stream, of all leaves; undefined for none. */
  newest(stream: string): number | undefined {
    const row = this.#headNow.get(stream);
    return row && Number(row['revision']);
  }

  /** The heads of the streams as the first `size` leaves have them, in the order of the names' bytes. */
  heads(size: number): readonly Head[] {
    const rows = this.#db.prepare('SELECT id, name, revision FROM streams ORDER BY name').all();
    const later = this.#db.prepare('SELECT stream, min(revision) AS first FROM leaves WHERE idx >= ? GROUP BY stream');
    const since = new Map(later.all(size).map((row) => [row['stream'], Number(row['first'])]));
    return rows
      .map((row) => ({
        stream: String(row['name']),
        revision: (since.get(row['id']) ?? Number(row['revision']) + 1) - 1,
      }))
      .filter(({ revision }) => revision >= 0);
  }

  /** Whether, from an index on, there is a leaf of a stream other than these. */
  hasOthers(from: number, streams: readonly string[]): boolean {
    const places = streams.map(() => '?').join(', ');
    const sql = `SELECT 1 FROM leaves JOIN streams ON streams.id = leaves.stream
                 WHERE idx >= ? AND streams.name NOT IN (${places}) LIMIT 1`;
    return this.#db.prepare(sql).get(from, ...streams) !== undefined;
  }

  forget(): void {
    this.#ids.clear();
  }

  #move(stream: string, revision: number): number {
    const id = this.#ids.get(stream) ?? this.#find(stream);
    if (id === undefined) {
      const added = Number(this.#addStream.run(stream, revision).lastInsertRowid);
      this.#remember(stream, added);
      return added;
    }
    this.#moveStream.run(revision, id);
    return id;
  }

  #find(stream: string): number | undefined {
    const id = this.#headNow.get(stream)?.['id'];
    if (typeof id === 'number') this.#remember(stream, id);
    return typeof id === 'number' ? id : undefined;
  }

  #remember(stream: string, id: number): void {
    if (this.#ids.size >= MOST_STREAMS) this.#ids.clear();
    this.#ids.set(stream, id);
  }
}

const MOST_STREAMS = 10_000;

function read(row: Record<string, SQLOutputValue> | undefined): StoredLeaf | undefined {
  if (!row) return undefined;
  const { event_id: id, leaf } = row;
  if (!(id instanceof Uint8Array) || !(leaf instanceof Uint8Array)) return undefined;
  return {
    index: Number(row['idx']),
    position: BigInt(Number(row['position'])),
    eventId: uuidOf(id),
    stream: String(row['stream']),
    revision: Number(row['revision']),
    leaf,
  };
}

function bytesOf(uuid: string): Uint8Array {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidOf(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes).toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
