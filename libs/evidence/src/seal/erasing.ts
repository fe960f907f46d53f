import {
  ERASURE_STREAM,
  erasureIn,
  type EventLog,
  type Expectation,
  isErasable,
  PRIVATE_ERASED,
  type PrivateErased,
  uuidv7,
  valueAt,
  WrongRevision,
} from '#libs/event-log';
import { isPrivateValue, type PrivateValue } from '../core/leaf.ts';
import type { Evidence } from '../evidence.ts';

export interface Erasure {
  readonly event: string;
  readonly pointer: string;
  readonly reason: string;
  readonly actor: string;
}

export interface Erased {
  readonly recordedAt: string;
  readonly position: bigint;
  /** False where the store cannot take it away: then the key that it is sealed with has to be destroyed. */
  readonly removed: boolean;
}

/** Why nothing is erased, in one sentence. */
export class ErasureRefused extends Error {
  readonly code = 'erasure-refused';
  override get name(): string {
    return 'ErasureRefused';
  }
}

/** Takes private values away: first the log says so, then they go. Asked again, it goes on where it was cut short. */
export class Erasing {
  readonly #log: EventLog;
  readonly #evidence: Evidence;
  readonly #now: () => number;

  constructor(parts: { readonly log: EventLog; readonly evidence: Evidence; readonly now: () => number }) {
    this.#log = parts.log;
    this.#evidence = parts.evidence;
    this.#now = parts.now;
  }

  /** @throws ErasureRefused when there is no private value at that place. */
  async erase(asked: Erasure): Promise<Erased> {
    await this.#evidence.catchUp(await this.#log.head());
    const leaf = this.#evidence.store.leafOf(asked.event);
    if (!leaf) throw new ErasureRefused('There is no event with this id.');
    const { stream, revision } = leaf;
    const { pointer, event, reason } = asked;
    const { salted } = await this.#valueAt(stream, revision, pointer);
    const told = await this.#tell({ event, stream, revision, pointer, salted, reason }, asked.actor);
    if (!isErasable(this.#log)) return { ...told, removed: false };
    await this.#log.eraseSealed({ stream, revision, pointer });
    const { sealed } = await this.#valueAt(stream, revision, pointer);
    return { ...told, removed: sealed === undefined };
  }

  async #valueAt(stream: string, revision: number, pointer: string): Promise<PrivateValue> {
    for await (const { data } of this.#log.read(stream, { from: revision, to: revision })) {
      const value = valueAt(data, pointer);
      if (isPrivateValue(value)) return value;
    }
    throw new ErasureRefused('There is no private value at this place.');
  }

  /** Says it once. */
  async #tell(erased: PrivateErased, actor: string): Promise<Pick<Erased, 'recordedAt' | 'position'>> {
    for (;;) {
      let newest = -1;
      for await (const event of this.#log.read(ERASURE_STREAM)) {
        newest = event.revision;
        const before = erasureIn(event);
        if (before?.event === erased.event && before.pointer === erased.pointer)
          return { recordedAt: event.recordedAt, position: event.position };
      }
      const expectation: Expectation = newest < 0 ? 'no-stream' : { revision: newest };
      const event = { id: uuidv7(this.#now()), type: PRIVATE_ERASED, schema: 1, data: { ...erased }, meta: { actor } };
      try {
        const { recordedAt, position } = await this.#log.append(ERASURE_STREAM, expectation, [event]);
        return { recordedAt, position };
      } catch (error) {
        if (!(error instanceof WrongRevision)) throw error;
      }
    }
  }
}
