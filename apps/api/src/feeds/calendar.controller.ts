import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type CalendarDeadline, deadlineCalendar } from '#libs/alerts';
import { parseAllCalendarQuery, parseAllDeadlinesQuery, parseCalendarQuery, type RawQuery } from '#libs/contract';
import type { Deadline } from '#libs/matter';
import { Register } from '#libs/register';
import { PublicUrl } from '../composition/public-url.ts';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { clocksOf, Reading } from '../http/reading.ts';
import { ViewLists } from '../views/view-lists.ts';

const CALENDAR = 'text/calendar';
const results = [
  { status: 200, about: 'iCalendar (RFC 5545).', mediaTypes: [CALENDAR], headers: ['ETag'] },
  { status: 304, about: 'Nothing has changed since the ETag in If-None-Match.' },
];
const about =
  'One event for each deadline that has a date; it says as of when. What is off is kept as cancelled, also when its entry was retracted. A view, not an alert: see watches. At most 10,000 events.';
/** More than anybody's calendar shows. */
const MOST_EVENTS = 10_000;

/** Deadlines as calendars, for programs that subscribe to them. */
@Controller('v1')
export class CalendarController {
  constructor(
    private readonly register: Register,
    private readonly reading: Reading,
    private readonly lists: ViewLists,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get('matters/:matter/deadlines.ics')
  @Call({
    id: 'getMatterCalendar',
    tag: 'Feeds',
    summary: 'The deadlines of a matter as a calendar',
    about,
    access: 'feed',
    names: 'matter',
    query: 'calendar',
    results,
    refusals: ['unknown-party'],
  })
  async ofMatter(
    @Param('matter') matter: string,
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
  ): Promise<Answer> {
    const { token: _token, ...query } = parseCalendarQuery(raw);
    await this.reading.reached(query);
    const clocks = clocksOf(query);
    const { body } = await this.register.deadlines(matter, { ...query, clocks, limit: MOST_EVENTS });
    const gone = await this.register.takenBack(matter, { ...query, clocks });
    const { matter: known } = (await this.register.file(matter)).record;
    return this.calendar(`Deadlines: ${known.title}`, [...body.items, ...gone], body.clocks.knownAt, request, matter);
  }

  @Get('deadlines.ics')
  @Call({
    id: 'getCalendar',
    tag: 'Feeds',
    summary: 'The deadlines of all matters as a calendar',
    about,
    access: 'feed',
    query: 'all-calendar',
    results,
    refusals: ['unknown-party'],
  })
  async all(@Query() raw: RawQuery, @Req() request: FastifyRequest): Promise<Answer> {
    const query = parseAllCalendarQuery(raw);
    await this.reading.reached(query);
    const { token: _token, ...filter } = raw;
    const items: Deadline[] = [];
    let page = await this.page(filter);
    items.push(...page.items);
    // A cursor keeps the clocks: what is recorded meanwhile is not half in it.
    while (page.next !== null && items.length < MOST_EVENTS) {
      page = await this.page({ cursor: page.next });
      items.push(...page.items);
    }
    items.push(...(await this.lists.takenBack(query, page.clocks)));
    // Nothing is known yet in an empty log: then as of the day asked about.
    return this.calendar('Deadlines', items, page.clocks.knownAt ?? page.clocks.at, request);
  }

  private page(query: RawQuery) {
    return this.lists.deadlines(parseAllDeadlinesQuery({ ...query, limit: '200' }));
  }

  private calendar(
    name: string,
    deadlines: readonly Deadline[],
    asOf: string,
    request: FastifyRequest,
    matter = 'all',
  ): Answer {
    const base = this.publicUrl.for(request);
    const link = ({ matter: its }: CalendarDeadline): string => `${base}/v1/matters/${its}/deadlines`;
    const text = deadlineCalendar(deadlines, { name, asOf, link });
    const disposition = `inline; filename="${matter}-deadlines.ics"`;
    return Answer.bytes(Buffer.from(text), {
      type: `${CALENDAR}; charset=utf-8`,
      headers: { 'content-disposition': disposition },
    });
  }
}
