import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseEventsQuery, type RawQuery } from '#libs/contract';
import { EventLog } from '#libs/event-log';
import { matterStream } from '#libs/register';
import { Call } from '../http/call.ts';
import { HttpRefusal } from '../http/http-refusal.ts';
import { LiveCallers } from '../http/live-callers.ts';
import { positionOf } from '../http/reading.ts';
import { eventStreamHead } from './event-channel.ts';
import { EventFeed } from './event-feed.ts';

const mediaTypes = ['text/event-stream'];
const results = [
  { status: 200, about: 'Events: `id` is the position, `data` the event.', schema: 'Event', mediaTypes },
];
const requestHeaders = ['Last-Event-ID'];
const words = 'Without after or Last-Event-ID it begins now. A comment comes every 15 seconds.';

/** The events as they are recorded, as server-sent events. */
@Controller('v1')
export class FeedController {
  constructor(
    private readonly feed: EventFeed,
    private readonly log: EventLog,
    private readonly callers: LiveCallers,
  ) {}

  @Get('events')
  @Call({
    id: 'followEvents',
    tag: 'Events',
    summary: 'The events of all matters, live and resumable',
    about: words,
    access: 'read',
    query: 'events',
    requestHeaders,
    results,
  })
  async all(@Query() raw: RawQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.serve(raw, request, reply);
  }

  @Get('matters/:matter/events')
  @Call({
    id: 'followMatterEvents',
    tag: 'Events',
    summary: 'The events of a matter, live and resumable',
    about: words,
    access: 'read',
    names: 'matter',
    query: 'events',
    requestHeaders,
    results,
  })
  async ofMatter(
    @Param('matter') matter: string,
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.serve(raw, request, reply, matterStream(matter));
  }

  private async serve(raw: RawQuery, request: FastifyRequest, reply: FastifyReply, stream?: string): Promise<void> {
    const after = startOf(raw, request.headers['last-event-id']) ?? (await this.log.head());
    if (this.feed.full)
      throw new HttpRefusal('rate-limited', 'Too many streams are open.', { headers: { 'retry-after': '30' } });
    reply.hijack();
    reply.raw.writeHead(200, eventStreamHead(request.id));
    if (request.method === 'HEAD') {
      reply.raw.end();
      return;
    }
    reply.raw.write(':\n\n');
    const isMeant = this.callers.watch(request.caller);
    await this.feed.serve(reply.raw, { after, isMeant, ...(stream !== undefined && { stream }) });
  }
}

/** A client that reconnects sends Last-Event-ID, beside the address it was given first. */
function startOf(raw: RawQuery, lastEventId: string | string[] | undefined): bigint | undefined {
  const { after } = parseEventsQuery(raw);
  if (typeof lastEventId === 'string' && lastEventId !== '') return positionOf(lastEventId, 'Last-Event-ID');
  return after === undefined ? undefined : positionOf(after, 'after');
}
