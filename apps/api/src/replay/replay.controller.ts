import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type RaisedAlert, toldBySteps } from '#libs/alerts';
import { Malformed, parseReplayQuery, type RawQuery } from '#libs/contract';
import { Register, type Replayed, type ReplayStep } from '#libs/register';
import { Lifetime } from '../composition/lifetime.ts';
import { packageVersion } from '../composition/package-root.ts';
import { eventStreamHead } from '../events/event-channel.ts';
import { NDJSON, preferred, SSE } from '../events/media.ts';
import { again, asLines } from '../events/ndjson.ts';
import { Call } from '../http/call.ts';
import { etagOf } from '../http/etag.ts';
import { HttpRefusal } from '../http/http-refusal.ts';
import { clocksOf, Reading } from '../http/reading.ts';
import { AlertsTold } from './alerts-told.ts';
import { paced, untilGone } from './paced.ts';
import { ReplayFeed } from './replay-feed.ts';

const words =
  'Each step is one event: what it changed, and the answers before and after it, which are those that the same question ' +
  'gets with the step’s own knownAt (or publishedBy). Events of one moment share these. By record time, a key sees the ' +
  'alerts that its own watches had of the matter, an auditor’s those of all. The clock that a replay is by ' +
  'is where it ends. As lines, or live as server-sent events, at `speed` steps a second; then `id` is the step, an event ' +
  'named `end` closes it, and 204 answers a client that comes back after that.';

@Controller('v1/matters/:matter')
export class ReplayController {
  constructor(
    private readonly register: Register,
    private readonly reading: Reading,
    private readonly feed: ReplayFeed,
    private readonly lifetime: Lifetime,
    private readonly told: AlertsTold,
  ) {}

  @Get('replay')
  @Call({
    id: 'getReplay',
    tag: 'Status',
    summary: 'How the status, the deadlines and the alerts came about, entry by entry',
    about: words,
    access: 'read',
    names: 'matter',
    query: 'replay',
    requestHeaders: ['Last-Event-ID'],
    results: [
      {
        status: 200,
        about: 'The steps.',
        schema: 'ReplayStep',
        lines: 'ReplayStep',
        mediaTypes: [NDJSON, SSE],
        headers: ['ETag'],
      },
      { status: 204, about: 'The event stream was received to its end.' },
      { status: 304, about: 'Nothing has changed since the ETag in If-None-Match.' },
    ],
    refusals: ['unknown-party', 'not-caught-up'],
  })
  async replay(
    @Param('matter') matter: string,
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const query = parseReplayQuery(raw);
    await this.reading.reached(query);
    const clocks = clocksOf(query);
    const replayed = await this.register.replay(matter, { ...query, clocks });
    const alerts = query.by === 'published' ? undefined : await this.told.to(request, matter);
    const all = alerts ? toldBySteps({ ...replayed, knownAt: clocks.knownAt }, alerts) : replayed.steps;
    const signal = untilGone(reply.raw, this.lifetime.signal);
    void reply.header('vary', VARY);
    if (preferred(request.headers.accept, [NDJSON, SSE]) === SSE) {
      const after = stepsSeen(request.headers['last-event-id']);
      return this.stream(request, reply, paced(from(all, after), query.speed, signal));
    }
    const steps = paced(all, query.speed, signal);
    const chunk = query.speed === undefined ? undefined : 0;
    await reply.send(await asLines(request, reply, etagFor(request, replayed, alerts), steps, chunk));
  }

  private async stream(
    request: FastifyRequest,
    reply: FastifyReply,
    steps: AsyncGenerator<ReplayStep, void>,
  ): Promise<void> {
    if (this.feed.full)
      throw new HttpRefusal('rate-limited', 'Too many replays are open.', { headers: { 'retry-after': '30' } });
    const first = await steps.next();
    // WHATWG HTML §9.2.3: 204 tells an EventSource not to come back.
    if (first.done === true && request.headers['last-event-id'] !== undefined) return void reply.code(204).send();
    reply.hijack();
    reply.raw.writeHead(200, { ...eventStreamHead(request.id), vary: VARY });
    if (request.method === 'HEAD') return void reply.raw.end();
    return this.feed.serve(reply.raw, again(first, steps));
  }
}

function stepsSeen(lastEventId: string | string[] | undefined): number {
  if (lastEventId === undefined || lastEventId === '') return 0;
  if (typeof lastEventId === 'string' && /^\d{1,9}$/.test(lastEventId)) return Number(lastEventId);
  throw new Malformed([{ parameter: 'Last-Event-ID', message: 'must be the number of a step' }]);
}

function* from(steps: Iterable<ReplayStep>, after: number): Generator<ReplayStep, void> {
  for (const step of steps) if (step.step > after) yield step;
}

const version = packageVersion();
/** Alerts are shown to their own key. */
const VARY = 'accept, authorization';

/** The same steps, as long as the record, the day and the program are the same. */
function etagFor(
  { url, caller }: FastifyRequest,
  { clocks, revision, position }: Replayed,
  alerts: readonly RaisedAlert[] | undefined,
): string {
  const told = alerts ? [caller.actor, alerts.length, alerts.at(-1)?.position ?? 0n] : [];
  return etagOf([url, clocks.at, revision, position, version, ...told].join(' '));
}
