import type { DeadlineState, HeadlineCode } from '#libs/matter';
import { call } from './call.ts';
import { type Cursor, encodeCursor, type ResolvedClocks } from './cursor.ts';
import type { Plain } from './plain-json.ts';
import {
  after,
  afterSeq,
  clocks,
  filters,
  given,
  known,
  paging,
  replaying,
  required,
  sizes,
  span,
  token,
  who,
  wholeText,
  words,
  whose,
} from './parameters.ts';
import { text } from './rules.ts';
import { Dto } from './shape.ts';

export interface Clocks {
  readonly at?: string;
  readonly knownAt?: string;
  readonly publishedBy?: string;
}
export interface ReadQuery extends Clocks {
  readonly minPosition?: string;
}
/** A page of a list. With a cursor, clocks and filters are the cursor's. */
export interface PagedQuery extends ReadQuery {
  readonly limit: number;
  readonly cursor?: Cursor;
  /** What `nextCursor` needs to know of the call. */
  readonly origin: Pick<Cursor, 'call' | 'asked'>;
}
interface Who {
  readonly party?: string;
  readonly enforcer?: string;
}
interface Span {
  readonly from?: string;
  readonly to?: string;
}
export interface MattersQuery extends PagedQuery {
  readonly status?: readonly HeadlineCode[];
  readonly tag?: readonly string[];
  readonly jurisdiction?: readonly string[];
  readonly q?: string;
}
export interface StatusQueryText extends ReadQuery, Who {}
export interface TimelineQuery extends PagedQuery, Who, Span {}
export interface DeadlineListQuery extends PagedQuery {
  readonly state?: readonly DeadlineState[];
  readonly party?: readonly string[];
}
export interface AllDeadlinesQuery extends DeadlineListQuery, Span {
  readonly jurisdiction?: readonly string[];
}
export interface DiffQuery extends ReadQuery, Who {
  readonly knownFrom: string;
  readonly knownTo?: string;
}
export interface LogQuery extends PagedQuery {
  readonly after?: string;
}
export interface EventsQuery {
  readonly after?: string;
}
/** Feeds have no pages. */
export interface FeedQuery extends ReadQuery {
  readonly token?: string;
}
export interface CalendarQuery extends FeedQuery {
  readonly state?: readonly DeadlineState[];
  readonly party?: readonly string[];
}
export interface AllCalendarQuery extends CalendarQuery, Span {
  readonly jurisdiction?: readonly string[];
}
export interface SearchQuery extends PagedQuery {
  readonly q: string;
}
export interface ReplayQuery extends ReadQuery, Who {
  readonly by?: 'recorded' | 'published';
  readonly speed?: number;
}

/** What was told has the clocks of its own question. */
export interface AnswersQuery {
  readonly key?: string;
  readonly matter?: string;
  readonly after?: string;
  readonly limit: number;
  readonly cursor?: Cursor;
  readonly origin: Pick<Cursor, 'call' | 'asked'>;
}

/** A list without clocks: checkpoints are what was signed, and watches what they are now. */
export interface ListQuery {
  readonly limit: number;
  readonly cursor?: Cursor;
  readonly origin: Pick<Cursor, 'call' | 'asked'>;
}
export interface ConsistencyQuery {
  readonly from: number;
  readonly to: number;
}

/** The numbered alerts of a watch. */
export interface AlertsQuery {
  readonly after?: number;
}
export interface DeliveriesQuery extends AlertsQuery {
  readonly limit?: number;
}

export interface UnsubscribeQuery {
  readonly token: string;
}

export class MattersQueryDto extends Dto {}
export class StatusQueryDto extends Dto {}
export class TimelineQueryDto extends Dto {}
export class EntriesQueryDto extends Dto {}
export class DeadlinesQueryDto extends Dto {}
export class AllDeadlinesQueryDto extends Dto {}
export class DiffQueryDto extends Dto {}
export class LogQueryDto extends Dto {}
export class EventsQueryDto extends Dto {}
export class FeedQueryDto extends Dto {}
export class CalendarQueryDto extends Dto {}
export class AllCalendarQueryDto extends Dto {}
export class SearchQueryDto extends Dto {}
export class ReplayQueryDto extends Dto {}
export class AnswersQueryDto extends Dto {}
export class CheckpointsQueryDto extends Dto {}
export class WatchesQueryDto extends Dto {}
export class ConsistencyQueryDto extends Dto {}
export class ClocksQueryDto extends Dto {}
export class AlertsQueryDto extends Dto {}
export class DeliveriesQueryDto extends Dto {}
export class UnsubscribeQueryDto extends Dto {}

const { status, state, tag, jurisdiction, party } = filters;
const page = { ...clocks, ...paging(200) };

export const parseMattersQuery = call<MattersQuery>('matters', MattersQueryDto, {
  ...page,
  status,
  tag,
  jurisdiction,
  q: given(words),
});
export const parseStatusQuery = call<StatusQueryText>('status', StatusQueryDto, { ...clocks, ...who });
export const parseTimelineQuery = call<TimelineQuery>('timeline', TimelineQueryDto, { ...page, ...who, ...span });
export const parseEntriesQuery = call<PagedQuery>('entries', EntriesQueryDto, page);
export const parseDeadlinesQuery = call<DeadlineListQuery>('deadlines', DeadlinesQueryDto, { ...page, state, party });
export const parseAllDeadlinesQuery = call<AllDeadlinesQuery>('all-deadlines', AllDeadlinesQueryDto, {
  ...page,
  ...span,
  state,
  party,
  jurisdiction,
});
const feed = { ...clocks, token };
export const parseFeedQuery = call<FeedQuery>('feed', FeedQueryDto, feed);
export const parseCalendarQuery = call<CalendarQuery>('calendar', CalendarQueryDto, { ...feed, state, party });
export const parseAllCalendarQuery = call<AllCalendarQuery>('all-calendar', AllCalendarQueryDto, {
  ...feed,
  ...span,
  state,
  party,
  jurisdiction,
});
export const parseDiffQuery = call<DiffQuery>('diff', DiffQueryDto, { ...clocks, ...known, ...who });
/** The log, and the history of one matter. */
export const parseLogQuery = call<LogQuery>('log', LogQueryDto, { ...clocks, ...paging(1000), after });
export const parseEventsQuery = call<EventsQuery>('events', EventsQueryDto, { after });
export const parseSearchQuery = call<SearchQuery>('search', SearchQueryDto, { ...page, q: required(words) });
export const parseReplayQuery = call<ReplayQuery>('replay', ReplayQueryDto, { ...clocks, ...who, ...replaying });
export const parseAnswersQuery = call<AnswersQuery>('answers', AnswersQueryDto, {
  ...paging(1000),
  ...whose,
  after,
});
export const parseCheckpointsQuery = call<ListQuery>('checkpoints', CheckpointsQueryDto, paging(200));
export const parseWatchesQuery = call<ListQuery>('watches', WatchesQueryDto, paging(200));
export const parseConsistencyQuery = call<ConsistencyQuery>('consistency', ConsistencyQueryDto, sizes);
export const parseAlertsQuery = call<AlertsQuery>('alerts', AlertsQueryDto, { after: afterSeq });
export const parseDeliveriesQuery = call<DeliveriesQuery>('deliveries', DeliveriesQueryDto, {
  after: afterSeq,
  limit: wholeText(1, 200, 50),
});
export const parseUnsubscribeQuery = call<UnsubscribeQuery>('unsubscribe', UnsubscribeQueryDto, {
  token: required(text(100)),
});
export const parseClocksOnly = call<ReadQuery>('clocks', ClocksQueryDto, clocks);

export { calls } from './call.ts';

/** The `next` of a page: `after` is where the next one begins, in the list's own terms. */
export function nextCursor({ origin }: PagedQuery, resolved: ResolvedClocks, next: Plain): string {
  const cursor: Cursor = { ...origin, clocks: resolved, after: next };
  return encodeCursor(cursor);
}
