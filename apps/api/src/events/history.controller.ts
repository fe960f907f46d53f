import type { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type LogQuery, Malformed, parseLogQuery, type RawQuery } from '#libs/contract';
import { Register } from '#libs/register';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers } from '../http/common-results.ts';
import { clocksOf, positionOf, Reading } from '../http/reading.ts';
import { LogEnd } from './log-end.ts';
import { LogReader } from './log-reader.ts';
import { NDJSON, wantsNdjson } from './media.ts';
import { type Lines, ndjson } from './ndjson.ts';

const pages = answers('A page of events, or all of them as lines.', 'EventList', 'application/json', NDJSON);
const words = 'As NDJSON it has no pages: every event, or as many as an explicit limit allows.';

/** The events as recorded. */
@Controller('v1')
export class HistoryController {
  constructor(
    private readonly register: Register,
    private readonly reading: Reading,
    private readonly reader: LogReader,
    private readonly end: LogEnd,
  ) {}

  @Get('matters/:matter/history')
  @Call({
    id: 'getHistory',
    tag: 'Events',
    summary: 'The events of a matter as recorded',
    about: words,
    access: 'read',
    names: 'matter',
    query: 'log',
    results: pages,
  })
  async history(
    @Param('matter') matter: string,
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer | Readable | undefined> {
    const query = parseLogQuery(raw, matter);
    await this.reading.reached(query);
    const clocks = clocksOf(query);
    void reply.header('vary', 'accept');
    // Not kept: two forms share this address.
    if (!wantsNdjson(request.headers.accept))
      return Answer.read((await this.register.history(matter, { ...query, clocks })).body);
    const events = this.register.historyStream(matter, clocks);
    const { newest } = await this.register.file(matter);
    return ndjson(request, reply, { events, upTo: newest.position, ...asked(query) });
  }

  @Get('log')
  @Call({
    id: 'getLog',
    tag: 'Events',
    summary: 'The events of all matters as recorded, in the order of the log',
    about: words,
    access: 'read',
    query: 'log',
    results: pages,
  })
  async log(
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer | Readable | undefined> {
    const query = parseLogQuery(raw);
    await this.reading.reached(query);
    void reply.header('vary', 'accept');
    if (!wantsNdjson(request.headers.accept)) return Answer.read(await this.reader.page(query));
    const { position: upTo } = await this.end.newest();
    const { after = 0n, limit } = asked(query);
    const events = this.reader.events({ after, upTo }, clocksOf(query));
    return ndjson(request, reply, { events, upTo, limit });
  }
}

/** Where lines begin and end. @throws Malformed for a cursor, which belongs to pages. */
function asked({ after, cursor, origin }: LogQuery): Pick<Lines, 'after' | 'limit'> {
  if (cursor) throw new Malformed([{ parameter: 'cursor', message: 'belongs to pages; lines go on after a position' }]);
  return { ...(after !== undefined && { after: positionOf(after, 'after') }), limit: origin.asked['limit'] };
}
