import { createHash } from 'node:crypto';
import type { EventLog } from '#libs/event-log';
import canonicalize from 'canonicalize';
import type { EventMeta, FiledEvent, Writer } from './shapes.ts';
import { current, matterStream } from './stream.ts';

/** A key and its body as the log keeps them: recognisable, and not to be read back. */
export type Marks = Required<Pick<EventMeta, 'idempotency' | 'body'>>;

export function marksOf({ actor, idempotency }: Writer): Marks | undefined {
  if (!idempotency) return undefined;
  const { key, path, body } = idempotency;
  return { idempotency: digest([actor, path, key]), body: digest(body) };
}

/** SHA-256, in hex, of the RFC 8785 text: the order of keys does not matter. */
function digest(value: unknown): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex');
}

/**
 * Keys that came with the opening of a matter. All other paths name their matter, whose own file tells; here a key may
 * have opened another one. Reads the log from where it stopped the last time, and only when such a key is asked about.
 */
export class OpeningKeys {
  readonly #log: EventLog;
  readonly #events = new Map<string, FiledEvent>();
  #through = 0n;

  constructor(log: EventLog) {
    this.#log = log;
  }

  async find(idempotency: string): Promise<FiledEvent | undefined> {
    const filter = { streamPrefixes: [matterStream('')] };
    for await (const event of this.#log.readAll({ after: this.#through, filter })) {
      this.#through = event.position;
      if (event.type !== 'MatterOpened') continue;
      const opening = current(event);
      if (opening.meta.idempotency !== undefined) this.#events.set(opening.meta.idempotency, opening);
    }
    return this.#events.get(idempotency);
  }
}
