import type { AppendRequest } from './encode.ts';
import { EventIdTaken, WrongRevision } from './errors.ts';
import type { Appended, Expectation } from './port.ts';

/** A batch as it was appended once. */
export interface RecordedBatch {
  readonly stream: string;
  readonly expectation: Expectation;
  readonly ids: readonly string[];
  readonly appended: Omit<Appended, 'repeated'>;
}

/** What a store must know of itself to judge an append. */
export interface Ledger {
  holds(id: string): boolean;
  /** The whole batch that begins with this event, if one does. */
  batchFrom(id: string): RecordedBatch | undefined;
  /** The stream's newest revision, or null when there is no such stream. */
  newest(stream: string): number | null;
}

/** What to do with an append: write at this revision, or answer what was answered before. */
export type Verdict =
  { readonly kind: 'append'; readonly revision: number } | { readonly kind: 'repeat'; readonly appended: Appended };

/**
 * Judges one append against the log, without writing.
 * Ids come before the expectation: a retry of what succeeded would otherwise fail on the revision it made itself.
 */
export function judge(request: AppendRequest, ledger: Ledger): Verdict {
  const { stream, expectation, events } = request;
  const [first, ...others] = events;
  if (ledger.holds(first.id)) {
    const batch = ledger.batchFrom(first.id);
    if (!batch || !same(batch, request)) throw new EventIdTaken(first.id);
    return { kind: 'repeat', appended: { ...batch.appended, repeated: true } };
  }
  for (const { id } of others) if (ledger.holds(id)) throw new EventIdTaken(id);
  const newest = ledger.newest(stream);
  if (!holdsTrue(expectation, newest)) throw new WrongRevision(stream, newest);
  return { kind: 'append', revision: newest === null ? 0 : newest + 1 };
}

function same(batch: RecordedBatch, { stream, expectation, events }: AppendRequest): boolean {
  return (
    batch.stream === stream &&
    sameExpectation(batch.expectation, expectation) &&
    batch.ids.length === events.length &&
    events.every(({ id }, index) => id === batch.ids[index])
  );
}

function sameExpectation(one: Expectation, other: Expectation): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.revision === other.revision;
}

function holdsTrue(expectation: Expectation, newest: number | null): boolean {
  if (expectation === 'no-stream') return newest === null;
  if (expectation === 'stream-exists') return newest !== null;
  return newest === expectation.revision;
}
