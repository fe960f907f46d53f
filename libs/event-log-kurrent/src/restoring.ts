import { NO_STREAM } from '@kurrent/kurrentdb-client';
import { RecordedEarlier, WrongRevision, type EncodedRestored } from '#libs/event-log';
import { Attempts, within } from './attempts.ts';
import type { ClientHolder } from './clients.ts';
import { restoredToServer } from './envelope.ts';
import { classify } from './failure.ts';
import type { Reader, Shared } from './reader.ts';

/** One append takes 1 MiB by default (MaxAppendSize), metadata and names of types included. */
const MOST_BYTES = 900 * 1024;
const MOST_EVENTS = 500;
/** Of our envelope around the writer's own metadata. */
const ENVELOPE_BYTES = 64;

type Run = readonly [EncodedRestored, ...EncodedRestored[]];

/** Takes events over from another log: one append after the other, because only so the order of the log is kept. */
export class Restoring {
  readonly #holder: ClientHolder;
  readonly #reader: Reader;
  readonly #shared: Shared;

  constructor(holder: ClientHolder, reader: Reader, shared: Shared) {
    this.#holder = holder;
    this.#reader = reader;
    this.#shared = shared;
  }

  async restore(events: readonly EncodedRestored[]): Promise<void> {
    let floor = await this.#reader.recordedUpTo(await this.#reader.head());
    for (const run of runsOf(events)) {
      const missing = run[0].at < floor ? await this.#missing(run) : run;
      const [early] = missing;
      if (early && early.at < floor) throw new RecordedEarlier(early.id, early.at, floor);
      if (isRun(missing)) await this.#append(missing);
      floor = Math.max(floor, run.at(-1)?.at ?? 0);
      this.#shared.clock.saw(floor);
    }
  }

  async #append(run: Run): Promise<void> {
    const [{ stream, revision }] = run;
    const what = `Appending to ${stream}`;
    const attempts = new Attempts(what, this.#shared.patience);
    const { deadlineMs } = this.#shared.patience;
    const events = run.map(restoredToServer);
    for (;;) {
      const client = this.#holder.get();
      try {
        const appending = client.appendToStream(this.#shared.prefix + stream, events, {
          streamState: revision === 0 ? NO_STREAM : BigInt(revision - 1),
          requiresLeader: true,
          deadline: deadlineMs,
        });
        const { position } = await within(deadlineMs, what, appending);
        if (position)
          this.#shared.horizon.saw({ stream, revision: revision + run.length - 1, position: position.commit });
        return;
      } catch (error) {
        const failure = classify(error);
        if (failure.kind === 'wrong-revision') {
          const rest = await this.#missing(run);
          if (isRun(rest) && rest.length === run.length) throw new WrongRevision(stream, failure.actual);
          if (isRun(rest)) await this.#append(rest);
          return;
        }
        if (failure.kind !== 'not-leader' && failure.kind !== 'refused' && failure.kind !== 'too-large') {
          this.#holder.discard(client, deadlineMs);
        }
        await attempts.next(error, failure);
      }
    }
  }

  /** What of a run is not there yet. @throws WrongRevision when another event is at its place */
  async #missing(run: Run): Promise<readonly EncodedRestored[]> {
    const [{ stream, revision }] = run;
    const found = await this.#reader.stream(stream, revision, run.length, true);
    if (found.some(({ id }, index) => id !== run[index]?.id)) {
      const [newest] = await this.#reader.streamTail(stream, 1);
      throw new WrongRevision(stream, newest ? Number(newest.revision) : null);
    }
    return run.slice(found.length);
  }
}

/** Events of one stream that follow one another, as many as go into one append. */
function* runsOf(events: readonly EncodedRestored[]): Generator<Run> {
  let run: EncodedRestored[] = [];
  let bytes = 0;
  for (const event of events) {
    const last = run.at(-1);
    const size = sizeOf(event);
    const follows = last?.stream === event.stream && last.revision + 1 === event.revision;
    if (!follows || run.length >= MOST_EVENTS || bytes + size > MOST_BYTES) {
      if (isRun(run)) yield run;
      run = [];
      bytes = 0;
    }
    run.push(event);
    bytes += size;
  }
  if (isRun(run)) yield run;
}

function sizeOf({ data, meta, type }: EncodedRestored): number {
  return Buffer.byteLength(data) + Buffer.byteLength(meta) + 2 * type.length + ENVELOPE_BYTES;
}

function isRun(events: readonly EncodedRestored[]): events is Run {
  return events.length > 0;
}
