import { type EventLog, type RecordedEvent, uuidv7, WrongRevision } from '#libs/event-log';
import { epochMs, isInstant } from '#libs/calendar';
import type { Covered } from '../plan/covered.ts';

export const COVERAGE_STREAM = 'alerts-covered';
const TYPE = 'AlertsCovered';
/** So many events are planned for again at most, beside those of one page, by whoever begins anew. */
const OFTEN = 1000n;

/** Keeps in the log how far alerts have come, so that a restart does not plan all of history again. */
export class Coverage {
  readonly #log: EventLog;
  #revision: number | undefined;
  #position = 0n;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** The latest there is. @throws EventLogError */
  async read(): Promise<Covered | undefined> {
    let latest: Covered | undefined;
    for await (const event of this.#log.read(COVERAGE_STREAM)) {
      this.take(event);
      latest = coveredBy(event) ?? latest;
    }
    return latest;
  }

  /** Told of every event that is followed: another replica may have come as far. */
  take(event: RecordedEvent): void {
    if (event.stream !== COVERAGE_STREAM) return;
    this.#revision = event.revision;
    const covered = coveredBy(event);
    if (covered && covered.position > this.#position) this.#position = covered.position;
  }

  /** To be called when everything up to there has been raised. @throws EventLogError */
  async reach({ position, at }: Covered): Promise<void> {
    if (position - this.#position < OFTEN) return;
    const data = { position: String(position), at: new Date(at).toISOString() };
    const event = { id: uuidv7(), type: TYPE, schema: 1, data, meta: { actor: 'alerts' } };
    const expectation = this.#revision === undefined ? 'no-stream' : { revision: this.#revision };
    try {
      this.#revision = (await this.#log.append(COVERAGE_STREAM, expectation, [event])).revision;
      this.#position = position;
    } catch (error) {
      // Another replica was faster, and says as much.
      if (!(error instanceof WrongRevision)) throw error;
    }
  }
}

function coveredBy({ type, schema, data }: RecordedEvent): Covered | undefined {
  if (type !== TYPE || schema !== 1 || typeof data !== 'object' || data === null) return undefined;
  const [position, at]: unknown[] = [Reflect.get(data, 'position'), Reflect.get(data, 'at')];
  if (typeof position !== 'string' || !/^\d{1,19}$/.test(position) || !isInstant(at)) return undefined;
  return { position: BigInt(position), at: epochMs(at) };
}
