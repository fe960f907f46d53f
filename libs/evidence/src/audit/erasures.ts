import { ERASURE_STREAM, erasureIn, type RecordedEvent } from '#libs/event-log';
import { isPrivateValue } from '../core/leaf.ts';
import type { Findings } from './report.ts';

const MARK = Buffer.from('"salted":"');

interface Gone {
  readonly index: number;
  readonly position: string;
  readonly event: string;
  readonly pointer: string;
}

/** Private values that are gone, and what the log says of their going. No leaf covers the sealed part itself. */
export class Erasures {
  readonly #gone: Gone[] = [];
  readonly #told = new Set<string>();

  take(index: number, { id: event, position, stream, type, data }: RecordedEvent, leaf: Uint8Array): void {
    const erased = stream === ERASURE_STREAM ? erasureIn({ type, data }) : undefined;
    if (erased) this.#told.add(`${erased.event} ${erased.pointer}`);
    // Nearly no leaf holds a private value: looking for its mark costs less than walking the data.
    else if (Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length).includes(MARK))
      for (const pointer of withoutSealed(data, ''))
        this.#gone.push({ index, position: position.toString(), event, pointer });
  }

  /** How many are gone; those that nobody took away with a word are found. */
  check(findings: Findings): number {
    for (const { pointer, ...place } of this.#gone) {
      if (this.#told.has(`${place.event} ${pointer}`)) continue;
      findings.add({
        kind: 'log',
        ...place,
        what: `The private value at ${pointer} is gone, and no event says who took it away.`,
      });
    }
    return this.#gone.length;
  }
}

function withoutSealed(value: unknown, at: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isPrivateValue(value)) return value.sealed === undefined ? [at] : [];
  return Object.entries(value).flatMap(([key, item]) =>
    withoutSealed(item, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
