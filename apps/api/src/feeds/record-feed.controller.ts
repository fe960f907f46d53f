import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { recordFeed } from '#libs/alerts';
import { parseFeedQuery, type RawQuery } from '#libs/contract';
import { Register } from '#libs/register';
import { PublicUrl } from '../composition/public-url.ts';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { clocksOf, Reading } from '../http/reading.ts';

const ATOM = 'application/atom+xml';

/** What was recorded about a matter, for feed readers. */
@Controller('v1')
export class RecordFeedController {
  constructor(
    private readonly register: Register,
    private readonly reading: Reading,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get('matters/:matter/feed.atom')
  @Call({
    id: 'getMatterFeed',
    tag: 'Feeds',
    summary: 'What was recorded about a matter, as Atom',
    about: 'One entry for each event, the newest first; at most the newest 1000.',
    access: 'feed',
    names: 'matter',
    query: 'feed',
    results: [
      { status: 200, about: 'Atom (RFC 4287).', mediaTypes: [ATOM], headers: ['ETag'] },
      { status: 304, about: 'Nothing has changed since the ETag in If-None-Match.' },
    ],
  })
  async ofMatter(
    @Param('matter') matter: string,
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
  ): Promise<Answer> {
    const query = parseFeedQuery(raw);
    await this.reading.reached(query);
    const clocks = clocksOf(query);
    const { body } = await this.register.matter(matter, clocks);
    const events = await Array.fromAsync(this.register.historyStream(matter, clocks));
    const link = `${this.publicUrl.for(request)}/v1/matters/${matter}`;
    const text = recordFeed(events, {
      matter: body,
      asOf: body.clocks.knownAt,
      link,
      self: `${link}/feed.atom`,
      asKnown: (recordedAt) => `${link}/status?knownAt=${encodeURIComponent(recordedAt)}`,
    });
    return Answer.bytes(Buffer.from(text), { type: `${ATOM}; charset=utf-8` });
  }
}
