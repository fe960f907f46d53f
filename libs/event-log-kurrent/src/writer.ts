import { randomUUID } from 'node:crypto';
import { NO_STREAM, type BinaryEventType, type EventData } from '@kurrent/kurrentdb-client';
import { EventLogError, WrongRevision, type Appended, type AppendRequest } from '#libs/event-log';
import { Attempts, within } from './attempts.ts';
import type { ClientHolder } from './clients.ts';
import { toServer } from './envelope.ts';
import { classify } from './failure.ts';
import { KnownEvents, placesOf, repeatOf } from './known-events.ts';
import type { Reader, Shared } from './reader.ts';
import { StreamTails } from './stream-tails.ts';

/** An append on its way: what is sent, unchanged at every try, and the mark by which it is recognised in the log. */
interface Sending {
  readonly request: AppendRequest;
  readonly events: EventData<BinaryEventType>[];
  readonly at: number;
  readonly mark: string;
}

export class Writer {
  readonly #holder: ClientHolder;
  readonly #reader: Reader;
  readonly #shared: Shared;
  readonly #known: KnownEvents;
  readonly #tails: StreamTails;
  /** The last append of each stream: one at a time, so that they land in the order in which they were sent. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(holder: ClientHolder, reader: Reader, shared: Shared, rememberIds: number) {
    this.#holder = holder;
    this.#reader = reader;
    this.#shared = shared;
    this.#known = new KnownEvents(rememberIds);
    this.#tails = new StreamTails(reader, shared.clock, this.#known);
  }

  append(request: AppendRequest): Promise<Appended> {
    const { stream } = request;
    const before = this.#queues.get(stream);
    const run = (): Promise<Appended> => this.#append(request);
    const appending = before ? before.then(run, run) : run();
    this.#queues.set(stream, appending);
    const leave = (): void => {
      if (this.#queues.get(stream) === appending) this.#queues.delete(stream);
    };
    appending.then(leave, leave);
    return appending;
  }

  /** Waits for everything that was sent. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#queues.values());
  }

  async #append(request: AppendRequest): Promise<Appended> {
    const repeated = this.#known.recall(request);
    if (repeated) return repeated;
    const at = this.#shared.clock.next();
    const mark = randomUUID().slice(0, 8);
    const sending = { request, at, mark, events: toServer(request, at, mark) };
    const { expectation } = request;
    if (expectation === 'stream-exists') return this.#ontoTail(sending);
    const appended = await this.#after(sending, expectation === 'no-stream' ? null : expectation.revision);
    if ('actual' in appended) throw new WrongRevision(request.stream, appended.actual);
    return appended;
  }

  /**
   * Appends after whatever is newest. The server recognises a repeat under `stream_exists` only among its most recent
   * events, and reliably under an exact revision: so the newest revision is found out and named.
   */
  async #ontoTail(sending: Sending): Promise<Appended> {
    const { request } = sending;
    for (;;) {
      const tail = await this.#tails.of(request.stream);
      if (tail === null) throw new WrongRevision(request.stream, null);
      const repeated = this.#known.recall(request);
      if (repeated) return repeated;
      const appended = await this.#after(sending, tail);
      if (!('actual' in appended)) return appended;
      await this.#tails.catchUp(request.stream, tail);
    }
  }

  /** Appends right after a revision (null: as a new stream), or says at which revision the stream is instead. */
  async #after(sending: Sending, before: number | null): Promise<Appended | { readonly actual: number | null }> {
    const { stream } = sending.request;
    const attempts = new Attempts(`Appending to ${stream}`, this.#shared.patience);
    for (;;) {
      const client = this.#holder.get();
      const { deadlineMs } = this.#shared.patience;
      const horizon = this.#shared.horizon.position;
      try {
        const { position } = await within(
          deadlineMs,
          `Appending to ${stream}`,
          client.appendToStream(this.#shared.prefix + stream, sending.events, {
            streamState: before === null ? NO_STREAM : BigInt(before),
            requiresLeader: true,
            deadline: deadlineMs,
          }),
        );
        // The server answers a repeat like the first time. What lies before the horizon was there before; what was
        // tried twice may have been; and who was first to begin a stream decides between processes: look closely.
        const sure = position && position.commit > horizon && before !== null && attempts.count === 0;
        if (sure) return this.#written(sending, before, position.commit);
        const found = await this.#find(sending, before);
        if (found) return found;
        throw new Error(`${stream} does not hold what was just appended to it`);
      } catch (error) {
        if (error instanceof EventLogError) throw error;
        const failure = classify(error);
        if (failure.kind === 'wrong-revision') {
          const found = await this.#find(sending, before);
          if (found) return found;
          if (failure.actual !== before) return { actual: failure.actual };
        } else if (failure.kind !== 'not-leader' && failure.kind !== 'refused' && failure.kind !== 'too-large') {
          this.#holder.discard(client, deadlineMs);
        }
        await attempts.next(error, failure);
      }
    }
  }

  #written({ request, at, mark }: Sending, before: number, position: bigint): Appended {
    const { stream, expectation, events } = request;
    const size = events.length;
    const existed = expectation === 'stream-exists';
    const places = events.map(({ id }, index) => {
      return { id, revision: before + 1 + index, position, at, index, size, mark, existed };
    });
    this.#known.add(stream, places);
    this.#tails.moved(stream, before, before + size);
    this.#shared.horizon.saw({ stream, revision: before + size, position });
    return { ...repeatOf(request, places), repeated: false };
  }

  /** Looks where the events would be. @throws EventIdTaken when some of them are there in other company. */
  async #find({ request, mark }: Sending, before: number | null): Promise<Appended | undefined> {
    const { stream, events } = request;
    const found = await this.#reader.stream(stream, (before ?? -1) + 1, events.length, true);
    const places = placesOf(found);
    this.#known.add(stream, places);
    for (const { revision, position, at } of places) {
      this.#shared.horizon.saw({ stream, revision, position });
      this.#shared.clock.saw(at);
    }
    if (!places.some(({ id }) => events.some((event) => event.id === id))) return undefined;
    const appended = repeatOf(request, places);
    this.#tails.moved(stream, before, appended.revision);
    return { ...appended, repeated: places[0]?.mark !== mark };
  }
}
