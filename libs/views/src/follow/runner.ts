import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '#libs/event-log';
import { Histories } from '../derive/histories.ts';
import { MATTER_STREAMS } from '#libs/matter';
import type { Projection, ViewName } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';
import { Generations } from '../store/generations.ts';
import { Now } from '../store/now.ts';
import { Origin } from '../store/origin.ts';
import { Quarantine } from '../store/quarantine.ts';
import { Streams } from '../store/streams.ts';
import { Contact, type Contacting } from './contact.ts';
import { Follower, type Listening } from './follower.ts';
import { LogPutBack } from './incident.ts';
import { Lane, type Shared } from './lane.ts';

const RETRY_MS = 1_000;
/** A server that does not answer must not hold up the end: whatever is committed is whole at any moment. */
const STOP_MS = 1_000;

export interface Running extends Contacting {
  readonly db: Database;
  readonly projections: readonly Projection[];
  readonly pageSize: number;
  /** Something moved. */
  readonly moved: () => void;
  readonly applied: (events: readonly RecordedEvent[]) => void;
}

/** Runs the lanes: as a rule one, a second one while a view is built again beside its old tables. */
export class Runner implements Listening {
  readonly #running: Running;
  readonly #generations: Generations;
  readonly shared: Shared;
  readonly #stop = new AbortController();
  #lanes: readonly Lane[];
  readonly #done: Promise<void>[] = [];
  /** What lies at or before it is no news to any listener: it is only read again. */
  #newsAfter = 0n;
  readonly contact: Contact;
  /** The lanes run; before that, nothing is known of the log. */
  started = false;

  constructor(running: Running) {
    const { db, log, projections } = running;
    this.#running = running;
    this.contact = new Contact(running);
    this.#generations = new Generations(db);
    const tables: Record<ViewName, string> = { matters: '', parties: '', entries: '', deadlines: '', search: '' };
    this.shared = {
      db,
      generations: this.#generations,
      streams: new Streams(db),
      histories: new Histories(log),
      now: new Now(db),
      quarantine: new Quarantine(db),
      origin: new Origin(db),
      tables,
    };
    this.#lanes = lanesOf(this.shared, this.#generations.reconcile(projections));
    this.#name();
  }

  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** Up to here every view that answers is complete. */
  get position(): bigint {
    const answering = this.#lanes.filter(({ generations }) => generations.some(({ active }) => active));
    return answering.reduce(
      (least, { complete }) => (complete < least ? complete : least),
      answering[0]?.complete ?? 0n,
    );
  }

  start(): void {
    this.#done.push(this.#start());
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    const impatience = new AbortController();
    const patience = delay(STOP_MS, undefined, { signal: impatience.signal }).catch(() => {});
    await Promise.race([this.#ended(), patience]);
    impatience.abort();
  }

  /** One may begin another. */
  async #ended(): Promise<void> {
    for (let done = 0; done < this.#done.length; done++) await this.#done[done];
  }

  took(lane: Lane, page: readonly RecordedEvent[]): void {
    const { applied, moved } = this.#running;
    this.contact.error = null;
    moved();
    if (!lane.generations.some(({ active, view }) => active && view === 'matters')) return;
    const news = page.filter(({ position, stream }) => position > this.#newsAfter && stream.startsWith(MATTER_STREAMS));
    if (news.length > 0) applied(news);
  }

  settling(lane: Lane, done: number, total: number): void {
    if (lane.generations.every(({ built }) => built) || done % 5120 !== 0) return;
    this.#running.report({ level: 'info', message: 'Views: working out matters', views: names(lane), done, total });
  }

  idle(lane: Lane): boolean {
    const gone = this.#meet(lane);
    this.contact.error = null;
    this.#running.moved();
    return gone;
  }

  failed(error: unknown): void {
    this.contact.failed(error);
    this.#running.moved();
  }

  reconnecting(reason: string): void {
    this.contact.losing(reason);
  }

  inTouch(lane: Lane): void {
    this.contact.found(lane);
  }

  verify(lane: Lane): Promise<void> {
    return this.contact.verify(lane);
  }

  broken(error: LogPutBack): void {
    this.#stop.abort();
    this.contact.break(error);
  }

  /** First of all the log must be the one that the checkpoints are of. */
  async #start(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted && !this.started) {
      try {
        await this.#compare();
        this.started = true;
      } catch (error) {
        if (error instanceof LogPutBack) return this.broken(error);
        this.failed(error);
        await delay(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
    if (!signal.aborted) for (const lane of this.#lanes) this.#run(lane);
  }

  async #compare(): Promise<void> {
    const { log, report } = this.#running;
    for (const lane of this.#lanes) {
      try {
        await this.verify(lane);
      } catch (error) {
        if (!(error instanceof LogPutBack) || !(await this.#isAnother())) throw error;
        const message = 'The log is another one than these views were made of: they are built again from it.';
        report({ level: 'warn', message, position: String(lane.checkpoint.position) });
        this.#beginAgain();
        break;
      }
    }
    const built = this.#lanes.every(({ generations }) => generations.every((each) => each.built || !each.active));
    this.#newsAfter = built ? 0n : await log.head();
  }

  #run(lane: Lane): void {
    const { log, pageSize, report } = this.#running;
    const fresh = lane.generations.filter(({ built }) => !built);
    if (fresh.length > 0) {
      report({ level: 'info', message: 'Views: building from the log', views: fresh.map(({ view }) => view) });
    }
    this.#done.push(new Follower(log, lane, pageSize, this).run(this.#stop.signal));
  }

  /** A log that begins otherwise is another one, such as a copy. One that begins the same has lost something. */
  async #isAnother(): Promise<boolean> {
    for await (const first of this.#running.log.readAll({ atFirst: 1 })) return !this.shared.origin.is(first);
    return false;
  }

  #beginAgain(): void {
    const { db, projections } = this.#running;
    db.transaction(() => {
      for (const { generations } of this.#lanes) for (const each of generations) this.#generations.drop(each);
      db.run('DELETE FROM streams');
      db.run('DELETE FROM origin');
      for (const table of ['now_spans', 'now_matters', 'now_deadlines']) db.run(`DELETE FROM ${table}`);
    });
    this.shared.streams.forget();
    this.#lanes = lanesOf(this.shared, this.#generations.reconcile(projections));
    this.#name();
  }

  /** Lanes that have come equally far become one; what was built beside old tables takes their place. */
  #meet(lane: Lane): boolean {
    const { report } = this.#running;
    const { position } = lane.checkpoint;
    const other = this.#lanes.find((each) => each !== lane && !each.bulk && each.checkpoint.position === position);
    if (!other || lane.bulk) return false;
    const all = [...lane.generations, ...other.generations];
    const swaps = all.flatMap((fresh) => {
      const old = fresh.active ? undefined : all.find((each) => each.active && each.view === fresh.view);
      return old ? [{ old, fresh }] : [];
    });
    const { db, now, tables } = this.shared;
    db.transaction(() => {
      for (const { old, fresh } of swaps) this.#generations.swap(old, fresh);
      const matters = swaps.find(({ fresh }) => fresh.view === 'matters')?.fresh.table ?? tables.matters;
      if (swaps.length > 0) now.forgetAll(matters);
    });
    for (const { fresh } of swaps) fresh.active = true;
    other.adopt(lane, new Set(swaps.map(({ old }) => old)));
    this.#lanes = this.#lanes.filter((each) => each !== lane);
    this.#name();
    for (const { fresh } of swaps) {
      report({ level: 'info', message: `View ${fresh.view}: version ${fresh.version} answers from now on` });
    }
    return true;
  }

  #name(): void {
    for (const { generations } of this.#lanes) {
      for (const { active, view, table } of generations) if (active) this.shared.tables[view] = table;
    }
  }
}

function names({ generations }: Lane): readonly string[] {
  return generations.map(({ view }) => view);
}

function lanesOf(shared: Shared, found: ReturnType<Generations['reconcile']>): Lane[] {
  const together = Map.groupBy(found, ({ checkpoint }) => checkpoint.position);
  return [...together.values()].flatMap((each) => {
    const [first] = each;
    return first
      ? [
          new Lane(
            shared,
            each.map(({ generation }) => generation),
            first.checkpoint,
          ),
        ]
      : [];
  });
}
