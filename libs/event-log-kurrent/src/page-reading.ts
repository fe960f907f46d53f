import type { RecordedEvent as Recorded } from '@kurrent/kurrentdb-client';
import type { ReadAllOptions, ReadOptions, RecordedEvent } from '#libs/event-log';
import { fromServer } from './envelope.ts';
import { namesOf, type Reader, type Shared } from './reader.ts';
import { RunningMaximum } from './record-clock.ts';

const FEWEST = 32;
const MOST = 4096;
const PAGE_BYTES = 2 * 1024 * 1024;

/** The log from one end to the head of this moment. The next group is on its way while one is being handled. */
export async function* allPages(
  reader: Reader,
  shared: Shared,
  { after = 0n, filter, atFirst }: ReadAllOptions,
): AsyncGenerator<readonly RecordedEvent[], void> {
  const names = namesOf(shared.prefix, filter);
  const [until, recorded] = await Promise.all([reader.head(), reader.recordedUpTo(after)]);
  if (after >= until || names.length === 0) return;
  const times = new RunningMaximum(recorded);
  for await (const group of reader.between({ after, until, names, atFirst })) {
    const events = group.map((event) => fromServer(event, shared.prefix, times));
    shared.clock.saw(times.newest);
    yield events;
  }
}

/** One stream between two revisions, the newest at the time of beginning at most. */
export async function* streamPages(
  reader: Reader,
  shared: Shared,
  stream: string,
  { from = 0, to = Number.MAX_SAFE_INTEGER }: ReadOptions,
): AsyncGenerator<readonly RecordedEvent[], void> {
  const times = new RunningMaximum();
  let count = FEWEST * 4;
  for (let next = Math.max(from, 0); next <= to;) {
    const asked = Math.min(count, to - next + 1);
    const page = await reader.stream(stream, next, asked);
    const events = page.map((event) => fromServer(event, shared.prefix, times));
    shared.clock.saw(times.newest);
    if (events.length > 0) yield events;
    const last = page.at(-1);
    if (!last || page.length < asked) return;
    next = Number(last.revision) + 1;
    count = fitting(page, count);
  }
}

/** The next page is sized by this one, so that large events do not add up to large pages. */
function fitting(page: readonly Recorded[], count: number): number {
  const bytes = page.reduce((sum, { data }) => sum + (ArrayBuffer.isView(data) ? data.byteLength : 0), 0);
  const most = Math.floor((PAGE_BYTES * page.length) / (bytes || 1));
  return Math.max(FEWEST, Math.min(MOST, most, count * 2));
}
