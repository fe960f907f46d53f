import type { Pinned } from '#libs/event-log';
import type { Projection, ViewName, Writer } from '../projections/projection.ts';
import type { Database } from './database.ts';

/** How far a generation has come. */
export interface Checkpoint {
  readonly position: bigint;
  /** The last event taken in, by which a log that was put back is recognised; `position` may lie beyond it. */
  readonly event: Pinned;
  /** How many events of the log that was. */
  readonly applied: number;
}

/** One building of a view's tables. At most one of a view answers, and at most one is being built beside it. */
export interface Generation {
  readonly id: number;
  readonly view: ViewName;
  readonly version: number;
  readonly projection: Projection;
  readonly table: string;
  readonly writer: Writer;
  /** The one that answers. */
  active: boolean;
  /** It has caught up once and has its indexes. */
  built: boolean;
}

/** Which tables there are, and how far each has come. */
export class Generations {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Those in the file that today's code can go on with, and what had to be dropped or begun to have all views. */
  reconcile(projections: readonly Projection[]): readonly { generation: Generation; checkpoint: Checkpoint }[] {
    return this.#db.transaction(() => {
      for (const projection of projections) this.#reconcile(projection);
      return projections.flatMap((projection) => this.#of(projection));
    });
  }

  #reconcile(projection: Projection): void {
    const { version, shapedSince } = projection;
    for (const { generation } of this.#of(projection)) {
      const current = generation.version === version;
      const answers = generation.active && generation.version >= shapedSince && generation.version < version;
      if (!current && !answers) this.drop(generation);
    }
    const left = this.#of(projection);
    if (left.some(({ generation }) => generation.version === version)) return;
    this.begin(projection, left.length === 0);
  }

  /** New, empty tables. */
  begin(projection: Projection, active: boolean): void {
    const { name, version, create } = projection;
    this.#db.run(
      `INSERT INTO generations (view, version, active, built, position, event_position, event_id, event_stream, event_revision, event_hash, applied)
       VALUES (?, ?, ?, 0, 0, 0, '', '', 0, '', 0)`,
      name,
      version,
      active ? 1 : 0,
    );
    const id = Number(this.#db.get('SELECT max(id) AS id FROM generations')?.['id']);
    this.#db.exec(create(`${name}_${id}`));
  }

  drop({ id, table, projection }: Generation): void {
    this.#db.run('DELETE FROM dirty WHERE generation = ?', id);
    this.#db.run('DELETE FROM quarantine WHERE generation = ?', id);
    this.#db.run('DELETE FROM generations WHERE id = ?', id);
    this.#db.exec(projection.drop(table));
  }

  /** Moves a checkpoint on. @throws when it is not where this process left it: somebody else writes here. */
  advance({ id, view }: Generation, from: bigint, to: Checkpoint): void {
    const moved = this.#db.run(
      `UPDATE generations SET position = ?, event_position = ?, event_id = ?, event_stream = ?, event_revision = ?, event_hash = ?, applied = ? WHERE id = ? AND position = ?`,
      to.position,
      to.event.position,
      to.event.id,
      to.event.stream,
      to.event.revision,
      to.event.hash,
      to.applied,
      id,
      from,
    );
    if (moved !== 1)
      throw new Error(`Another process moved the checkpoint of ${view}; one process writes to a views file.`);
  }

  /** Makes the indexes that a build went without. */
  finish(generation: Generation): void {
    this.#db.exec(generation.projection.indexes(generation.table));
    this.#db.run('UPDATE generations SET built = 1 WHERE id = ?', generation.id);
  }

  /** From now on this one answers, and the old one is gone. */
  swap(old: Generation, generation: Generation): void {
    this.drop(old);
    this.#db.run('UPDATE generations SET active = 1 WHERE id = ?', generation.id);
  }

  #of(projection: Projection): { generation: Generation; checkpoint: Checkpoint }[] {
    const statement = this.#db.fresh('SELECT * FROM generations WHERE view = ? ORDER BY id');
    statement.setReadBigInts(true);
    return statement.all(projection.name).map((row) => {
      const id = Number(row['id']);
      const table = `${projection.name}_${id}`;
      const generation: Generation = {
        id,
        view: projection.name,
        version: Number(row['version']),
        projection,
        table,
        writer: projection.writer(this.#db, table),
        active: Number(row['active']) === 1,
        built: Number(row['built']) === 1,
      };
      const checkpoint = {
        position: whole(row['position']),
        event: {
          stream: String(row['event_stream']),
          revision: Number(row['event_revision']),
          id: String(row['event_id']),
          position: whole(row['event_position']),
          hash: String(row['event_hash']),
        },
        applied: Number(row['applied']),
      };
      return { generation, checkpoint };
    });
  }
}

function whole(value: unknown): bigint {
  return typeof value === 'bigint' ? value : 0n;
}
