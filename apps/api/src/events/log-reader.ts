import { Injectable } from '@nestjs/common';
import { addDays, epochMs, isCivilDate } from '#libs/calendar';
import { type Cursor, type LogQuery, Malformed, nextCursor, type ResolvedClocks } from '#libs/contract';
import { decodePosition, encodePosition, EventLog, type RecordedEvent } from '#libs/event-log';
import { recordedBy } from '#libs/matter';
import { type ClockQuery, eventAnswer, type EventAnswer, NotFound, Register } from '#libs/register';
import { Clock } from '../composition/clock.ts';
import { clocksOf, positionOf } from '../http/reading.ts';
import { LogEnd } from './log-end.ts';

/** No other stream is public (CONTRACT, Access). */
export const MATTER_STREAMS = 'matter-';

export interface LogPage {
  readonly clocks: ResolvedClocks;
  readonly items: readonly EventAnswer[];
  readonly next: string | null;
}

/** A stretch of the log: after one position, up to another. */
export interface Stretch {
  readonly after: bigint;
  readonly upTo: bigint;
  /** How many are to be fetched at first; absent: all of them will be taken. */
  readonly atFirst?: number;
}

/** The matters' events in the order of the whole log. */
@Injectable()
export class LogReader {
  constructor(
    private readonly log: EventLog,
    private readonly register: Register,
    private readonly end: LogEnd,
    private readonly clock: Clock,
  ) {}

  async page(query: LogQuery): Promise<LogPage> {
    const { clocks, stretch } = await this.start(query);
    const items: EventAnswer[] = [];
    const asked = query.cursor ? known(clocks) : clocksOf(query);
    // What nobody asked for is not looked at: every event up to the end was recorded by the newest one's time.
    for await (const event of this.events({ ...stretch, atFirst: query.limit + 1 }, asked)) {
      // One more than fits tells that there is a next page.
      if (items.length === query.limit) {
        const after = { after: items.at(-1)?.position ?? '0', upTo: encodePosition(stretch.upTo) };
        return { clocks, items, next: nextCursor(query, clocks, after) };
      }
      items.push(event);
    }
    return { clocks, items, next: null };
  }

  async *events({ after, upTo, atFirst }: Stretch, clocks: ClockQuery): AsyncGenerator<EventAnswer, void> {
    const filter = { streamPrefixes: [MATTER_STREAMS] };
    const isKnown = this.knowledge(clocks);
    for await (const event of this.log.readAll({ after, filter, ...(atFirst !== undefined && { atFirst }) })) {
      if (event.position > upTo || isLater(event, clocks.knownAt)) return;
      if (await isKnown(event)) yield eventAnswer(event);
    }
  }

  /** Where a page begins, and where the list ends: that is the first page's, so that pages never mix two answers. */
  private async start(query: LogQuery): Promise<{ readonly clocks: ResolvedClocks; readonly stretch: Stretch }> {
    if (query.cursor) return { clocks: query.cursor.clocks, stretch: stretchOf(query.cursor) };
    const { at, knownAt, publishedBy = null, after } = query;
    const { position, recordedAt } = await this.end.newest();
    const clocks = { at: at ?? this.clock.iso().slice(0, 10), knownAt: knownAt ?? recordedAt, publishedBy };
    return { clocks, stretch: { after: after === undefined ? 0n : positionOf(after, 'after'), upTo: position } };
  }

  /** Whether an event was known, in its matter's own days, and public. The record itself knows which were public. */
  private knowledge(clocks: ClockQuery): (event: RecordedEvent) => Promise<boolean> {
    const { knownAt, publishedBy } = clocks;
    const visible = new Map<string, Promise<ReadonlySet<string>>>();
    return async ({ id, stream, recordedAt }) => {
      const matter = stream.slice(MATTER_STREAMS.length);
      if (publishedBy !== undefined) {
        let events = visible.get(matter);
        if (!events) visible.set(matter, (events = this.publicEvents(matter, clocks)));
        return (await events).has(id);
      }
      if (knownAt === undefined || !isCivilDate(knownAt)) return true;
      const { record } = await this.register.file(matter);
      return recordedBy(recordedAt, knownAt, record.matter.timeZone);
    };
  }

  /** None for a matter of which nothing was known then. */
  private async publicEvents(matter: string, clocks: ClockQuery): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    try {
      for await (const { id } of this.register.historyStream(matter, clocks)) ids.add(id);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
    }
    return ids;
  }
}

/** No zone is more than a day away from UTC: beyond two days nothing is left to find. */
function isLater({ recordedAt }: RecordedEvent, knownAt: string | undefined): boolean {
  if (knownAt === undefined) return false;
  // Counted from the recording: the day after the last day there is cannot be named.
  if (isCivilDate(knownAt)) return addDays(recordedAt.slice(0, 10), -2) > knownAt;
  return epochMs(recordedAt) > epochMs(knownAt);
}

function stretchOf({ after: place }: Cursor): Stretch {
  const position = (name: string): bigint => {
    const token: unknown = typeof place === 'object' && place !== null ? Reflect.get(place, name) : undefined;
    const found = typeof token === 'string' ? decodePosition(token) : undefined;
    if (found === undefined)
      throw new Malformed([{ parameter: 'cursor', message: 'must be the `next` of an earlier answer' }]);
    return found;
  };
  return { after: position('after'), upTo: position('upTo') };
}

const known = ({ at, knownAt, publishedBy }: ResolvedClocks): ClockQuery => ({
  ...(at !== null && { at }),
  ...(knownAt !== null && { knownAt }),
  ...(publishedBy !== null && { publishedBy }),
});
