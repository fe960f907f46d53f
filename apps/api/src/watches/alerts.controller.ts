import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Alerting } from '#libs/alerts';
import { Malformed, parseAlertsQuery, type RawQuery } from '#libs/contract';
import { Call } from '../http/call.ts';
import { HttpRefusal } from '../http/http-refusal.ts';
import { LiveCallers } from '../http/live-callers.ts';
import { secureHeaders } from '../http/secure-headers.ts';
import { AlertStream } from './alert-stream.ts';
import { OwnWatches } from './own-watches.ts';

/** The alerts of a watch, as server-sent events. */
@Controller('v1/watches/:watch/alerts')
export class AlertsController {
  constructor(
    private readonly alerting: Alerting,
    private readonly stream: AlertStream,
    private readonly own: OwnWatches,
    private readonly callers: LiveCallers,
  ) {}

  @Get()
  @Call({
    id: 'followAlerts',
    tag: 'Watches',
    summary: 'The alerts of a watch, live and resumable',
    about: 'Without after or Last-Event-ID it begins now. A comment comes every 15 seconds.',
    access: 'subscriber',
    names: 'watch',
    query: 'alerts',
    requestHeaders: ['Last-Event-ID'],
    results: [
      {
        status: 200,
        about: 'Alerts: `id` is the number, `data` the message that webhooks carry.',
        schema: 'AlertMessage',
        mediaTypes: ['text/event-stream'],
      },
    ],
    refusals: ['not-caught-up'],
  })
  async follow(
    @Param('watch') id: string,
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.own.find(id, request);
    const given = startOf(raw, request.headers['last-event-id']);
    if (this.stream.full)
      throw new HttpRefusal('rate-limited', 'Too many streams are open.', { headers: { 'retry-after': '30' } });
    await this.own.caughtUp();
    reply.hijack();
    reply.raw.writeHead(200, {
      ...secureHeaders,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would hold events back until it has a buffer full of them.
      'x-accel-buffering': 'no',
      'x-request-id': request.id,
    });
    if (request.method === 'HEAD') {
      reply.raw.end();
      return;
    }
    reply.raw.write(':\n\n');
    const after = given ?? this.alerting.raised.last(id);
    await this.stream.serve(reply.raw, { watch: id, after, isMeant: this.callers.watch(request.caller) });
  }
}

/** A client that reconnects sends Last-Event-ID, beside the address it was given first. */
function startOf(raw: RawQuery, lastEventId: string | string[] | undefined): number | undefined {
  const { after } = parseAlertsQuery(raw);
  if (typeof lastEventId !== 'string' || lastEventId === '') return after;
  if (!/^\d{1,15}$/.test(lastEventId))
    throw new Malformed([{ parameter: 'Last-Event-ID', message: 'must be the number of an alert' }]);
  return Number(lastEventId);
}
