import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Filter, FollowMessage, ReadAllOptions, RecordedEvent } from './port.ts';

/** A stretch of the log: what matched the filter, and how far was looked. */
export interface LogPage {
  readonly events: readonly RecordedEvent[];
  /** Every event up to here has been looked at. */
  readonly through: bigint;
  /** Nothing came after `through` at the time of reading. */
  readonly atHead: boolean;
}

/** What a store offers for readAll and follow to be built on it. */
export interface PageSource {
  /** The next page after a position, and not beyond `until` when given. Throws when the log is closed. */
  page(after: bigint, filter: Filter | undefined, until?: bigint): LogPage;
  head(): bigint;
  readonly closed: boolean;
  /** How often the log is known to have grown. */
  readonly rings: number;
  /** Resolves when the log has grown, or closed, since `rings` was `seen`; or when the signal aborts. */
  grown(seen: number, signal: AbortSignal): Promise<void>;
}

/** The last event, where positions are whole numbers one after the other. */
export function newestOf(source: PageSource): RecordedEvent | undefined {
  const head = source.head();
  return head === 0n ? undefined : source.page(head - 1n, undefined, head).events.at(-1);
}

/** The log from one end to the head of this moment, a page at a time. */
export async function* pagesOf(
  source: PageSource,
  { after = 0n, filter }: ReadAllOptions = {},
): AsyncGenerator<readonly RecordedEvent[], void> {
  const until = source.head();
  for (let from = after; from < until;) {
    const page = source.page(from, filter, until);
    if (page.events.length > 0) yield page.events;
    from = page.through;
    if (from < until) await nextTurn();
  }
}

/** The log from one end on, and then live. Holds one page at most; reads the next only when asked for more. */
export async function* followPages(
  source: PageSource,
  { after = 0n, filter, signal }: ReadAllOptions & { readonly signal: AbortSignal },
): AsyncGenerator<FollowMessage, void> {
  // Refuses to follow a closed log; one that closes later ends the sequence.
  source.head();
  let from = after;
  let caughtUp = false;
  while (!signal.aborted && !source.closed) {
    const seen = source.rings;
    const page = source.page(from, filter);
    if (caughtUp && !page.atHead) {
      caughtUp = false;
      yield { kind: 'fellBehind' };
    }
    for (const event of page.events) {
      if (signal.aborted) return;
      yield { kind: 'event', event };
    }
    if (page.through > (page.events.at(-1)?.position ?? from)) yield { kind: 'checkpoint', position: page.through };
    const moved = page.through > from;
    from = page.through;
    if (!page.atHead) {
      await nextTurn();
      continue;
    }
    if (moved || !caughtUp) yield { kind: 'caughtUp', position: from };
    caughtUp = true;
    await source.grown(seen, signal);
  }
}
