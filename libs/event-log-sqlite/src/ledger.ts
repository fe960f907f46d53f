import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AppendRequest, Appended, Expectation, RecordedBatch, RestoreLedger } from '#libs/event-log';
import { bytes, text, whole } from './rows.ts';
import { uuidFromBytes, uuidToBytes } from './uuid-bytes.ts';

const MOST_STREAMS = 10_000;

interface Head {
  readonly position: number;
  readonly recordedAt: number;
}

interface StreamHead {
  readonly id: number;
  readonly revision: number;
}

/** The tables as the writer sees and fills them. Every call belongs inside the writer's transaction. */
export class SqliteLedger implements RestoreLedger {
  readonly #holds: StatementSync;
  readonly #batch: StatementSync;
  readonly #stream: StatementSync;
  readonly #last: StatementSync;
  readonly #addStream: StatementSync;
  readonly #addEvent: StatementSync;
  // What this process wrote itself need not be asked for again: nobody else writes. Forgotten on roll-back.
  readonly #streams = new Map<string, StreamHead>();
  #head: Head | undefined;

  constructor(db: DatabaseSync) {
    this.#holds = db.prepare('SELECT 1 FROM events WHERE id = ?');
    // The first event of a batch, and what follows it up to where the next batch begins.
    this.#batch = db.prepare(
      `WITH first AS (SELECT position FROM events WHERE id = ? AND expected IS NOT NULL),
       next AS (SELECT position FROM events
                WHERE expected IS NOT NULL AND position > (SELECT position FROM first) ORDER BY position LIMIT 1)
       SELECT e.position, e.revision, e.id, e.expected, e.recorded_at, s.name FROM events e JOIN streams s ON s.id = e.stream
       WHERE e.position >= (SELECT position FROM first)
         AND e.position < coalesce((SELECT position FROM next), 9223372036854775807)
       ORDER BY e.position`,
    );
    this.#stream = db.prepare(
      'SELECT id, (SELECT max(revision) FROM events WHERE stream = streams.id) AS revision FROM streams WHERE name = ?',
    );
    this.#last = db.prepare('SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1');
    this.#addStream = db.prepare('INSERT INTO streams (name) VALUES (?)');
    this.#addEvent = db.prepare(
      `INSERT INTO events (position, stream, revision, id, type, schema, recorded_at, expected, data, meta)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  holds(id: string): boolean {
    return this.#holds.get(uuidToBytes(id)) !== undefined;
  }

  newest(stream: string): number | null {
    return this.#streamHead(stream)?.revision ?? null;
  }

  batchFrom(id: string): RecordedBatch | undefined {
    const rows = this.#batch.all(uuidToBytes(id));
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return undefined;
    return {
      stream: text(first['name']),
      expectation: expectationOf(whole(first['expected'])),
      ids: rows.map((row) => uuidFromBytes(bytes(row['id']))),
      appended: {
        revision: whole(last['revision']),
        position: BigInt(whole(last['position'])),
        recordedAt: new Date(whole(last['recorded_at'])).toISOString(),
      },
    };
  }

  recordedUpTo(): number {
    return this.#logHead().recordedAt;
  }

  add({ stream, expectation, events }: AppendRequest, first: number, now: number): Appended {
    const head = this.#logHead();
    const recordedAt = Math.max(head.recordedAt, Math.trunc(now));
    const streamId = this.#streamHead(stream)?.id ?? Number(this.#addStream.run(stream).lastInsertRowid);
    let position = head.position;
    let revision = first - 1;
    for (const { id, type, schema, data, meta } of events) {
      position += 1;
      revision += 1;
      const expected = revision === first ? expectedOf(expectation) : null;
      const key = uuidToBytes(id);
      this.#addEvent.run(position, streamId, revision, key, type, schema, recordedAt, expected, data, meta);
    }
    this.#head = { position, recordedAt };
    this.#remember(stream, { id: streamId, revision });
    return {
      revision,
      position: BigInt(position),
      recordedAt: new Date(recordedAt).toISOString(),
      repeated: false,
    };
  }

  /** After a roll-back: what was remembered may never have happened. */
  forget(): void {
    this.#head = undefined;
    this.#streams.clear();
  }

  #logHead(): Head {
    if (this.#head) return this.#head;
    const last = this.#last.get();
    return { position: whole(last?.['position'] ?? 0), recordedAt: whole(last?.['recorded_at'] ?? 0) };
  }

  #streamHead(stream: string): StreamHead | undefined {
    const known = this.#streams.get(stream);
    if (known) return known;
    const row = this.#stream.get(stream);
    return row && { id: whole(row['id']), revision: whole(row['revision'] ?? undefined) };
  }

  #remember(stream: string, head: StreamHead): void {
    if (this.#streams.size >= MOST_STREAMS) this.#streams.clear();
    this.#streams.set(stream, head);
  }
}

const NO_STREAM = -1;
const STREAM_EXISTS = -2;

function expectedOf(expectation: Expectation): number {
  if (expectation === 'no-stream') return NO_STREAM;
  return expectation === 'stream-exists' ? STREAM_EXISTS : expectation.revision;
}

function expectationOf(expected: number): Expectation {
  if (expected === NO_STREAM) return 'no-stream';
  return expected === STREAM_EXISTS ? 'stream-exists' : { revision: expected };
}
