import { Injectable } from '@nestjs/common';
import { addDays, epochMs, isCivilDate } from '#libs/calendar';
import { type LogQuery, Malformed, nextCursor, type ResolvedClocks } from '#libs/contract';
import { encodePosition, EventLog, type RecordedEvent } from '#libs/event-log';
import { recordedBy } from '#libs/matter';
import { type ClockQuery, eventAnswer, type EventAnswer, Register } from '#libs/register';
import { Clock } from '../composition/clock.ts';
import { clocksOf, positionOf } from '../http/reading.ts';

/** No other stream is public (CONTRACT, Access). */
export const MATTER_STREAMS = 'matter-';

export interface LogPage {
  readonly clocks: ResolvedClocks;
  readonly items: readonly EventAnswer[];
  readonly next: string | null;
}

/** The matters' events in the order of the whole log. */
@Injectable()
export class LogReader {
  constructor(
    private readonly log: EventLog,
    private readonly register: Register,
    private readonly clock: Clock,
  ) {}

  async page(query: LogQuery): Promise<LogPage> {
    const clocks = this.resolve(query);
    const items: EventAnswer[] = [];
    for await (const event of this.events(query, query.cursor ? known(clocks) : clocksOf(query))) {
      // One more than fits tells that there is a next page.
      if (items.length === query.limit) return { clocks, items, next: nextCursor(query, clocks, lastOf(items)) };
      items.push(event);
    }
    return { clocks, items, next: null };
  }

  async *events(query: LogQuery, clocks: ClockQuery): AsyncGenerator<EventAnswer, void> {
    const filter = { streamPrefixes: [MATTER_STREAMS] };
    const isKnown = this.knowledge(clocks);
    for await (const event of this.log.readAll({ after: startOf(query), filter })) {
      if (isAfter(event, clocks.knownAt)) return;
      if (await isKnown(event)) yield eventAnswer(event);
    }
  }

  async head(): Promise<bigint> {
    return this.log.head();
  }

  private resolve(query: LogQuery): ResolvedClocks {
    if (query.cursor) return query.cursor.clocks;
    const now = this.clock.iso();
    return { at: query.at ?? now.slice(0, 10), knownAt: query.knownAt ?? now, publishedBy: query.publishedBy ?? null };
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

  private async publicEvents(matter: string, clocks: ClockQuery): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for await (const { id } of this.register.historyStream(matter, clocks)) ids.add(id);
    return ids;
  }
}

/** No zone is more than a day away from UTC: beyond two days nothing is left to find. */
function isAfter({ recordedAt }: RecordedEvent, knownAt: string | undefined): boolean {
  if (knownAt === undefined) return false;
  if (isCivilDate(knownAt)) return recordedAt.slice(0, 10) > addDays(knownAt, 2);
  return epochMs(recordedAt) > epochMs(knownAt);
}

function startOf({ cursor, after }: LogQuery): bigint {
  if (cursor) {
    if (typeof cursor.after !== 'string') throw foreignCursor();
    return positionOf(cursor.after, 'cursor');
  }
  return after === undefined ? 0n : positionOf(after, 'after');
}

const known = ({ at, knownAt, publishedBy }: ResolvedClocks): ClockQuery => ({
  ...(at !== null && { at }),
  ...(knownAt !== null && { knownAt }),
  ...(publishedBy !== null && { publishedBy }),
});

const lastOf = (items: readonly EventAnswer[]): string => items.at(-1)?.position ?? encodePosition(0n);

function foreignCursor(): Malformed {
  return new Malformed([{ parameter: 'cursor', message: 'must be the `next` of an earlier answer' }]);
}
