import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AppendRequest, Appended, Expectation, Ledger, RecordedBatch } from '#libs/event-log';
import { bytes, text, whole } from './rows.ts';
import { uuidFromBytes, uuidToBytes } from './uuid-bytes.ts';

/** The tables as the writer sees and fills them. Every call belongs inside the writer's transaction. */
export class SqliteLedger implements Ledger {
  readonly #holds: StatementSync;
  readonly #batch: StatementSync;
  readonly #streamId: StatementSync;
  readonly #newest: StatementSync;
  readonly #last: StatementSync;
  readonly #addStream: StatementSync;
  readonly #addEvent: StatementSync;

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
    this.#streamId = db.prepare('SELECT id FROM streams WHERE name = ?');
    this.#newest = db.prepare('SELECT max(revision) AS revision FROM events WHERE stream = ?');
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
    const id = this.#streamId.get(stream)?.['id'];
    if (id === undefined) return null;
    const revision = this.#newest.get(id)?.['revision'];
    return typeof revision === 'number' ? revision : null;
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

  add({ stream, expectation, events }: AppendRequest, first: number, now: number): Appended {
    const last = this.#last.get();
    let position = whole(last?.['position'] ?? 0);
    const recordedAt = Math.max(whole(last?.['recorded_at'] ?? 0), Math.trunc(now));
    const streamId = this.#streamId.get(stream)?.['id'] ?? this.#addStream.run(stream).lastInsertRowid;
    let revision = first - 1;
    for (const { id, type, schema, data, meta } of events) {
      position += 1;
      revision += 1;
      const expected = revision === first ? expectedOf(expectation) : null;
      const key = uuidToBytes(id);
      this.#addEvent.run(position, streamId, revision, key, type, schema, recordedAt, expected, data, meta);
    }
    return {
      revision,
      position: BigInt(position),
      recordedAt: new Date(recordedAt).toISOString(),
      repeated: false,
    };
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
