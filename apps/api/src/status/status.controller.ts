import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseDiffQuery, parseStatusQuery, parseTimelineQuery, type RawQuery } from '#libs/contract';
import { type ClockQuery, Register } from '#libs/register';
import { AnswersLog } from '../answers/answers-log.ts';
import type { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers } from '../http/common-results.ts';
import { isKnown } from '../http/etag.ts';
import { Reading } from '../http/reading.ts';

@Controller('v1/matters/:matter')
export class StatusController {
  constructor(
    private readonly register: Register,
    private readonly reading: Reading,
    private readonly answersLog: AnswersLog,
  ) {}

  @Get('status')
  @Call({
    id: 'getStatus',
    tag: 'Status',
    summary: 'Is it enforced, against whom, until when, and because of what?',
    access: 'read',
    names: 'matter',
    query: 'status',
    results: answers('The status on every axis.', 'StatusAnswer'),
    refusals: ['unknown-party'],
  })
  async status(
    @Param('matter') matter: string,
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
  ): Promise<Answer> {
    const query = parseStatusQuery(raw);
    const ask = (clocks: ClockQuery) => this.register.status(matter, { ...query, clocks });
    const answer = await this.reading.aboutMatter(matter, query, ask);
    return this.answersLog.on ? this.onRecord(request, answer.recordable()) : answer;
  }

  /** An answer is given once it is on record. */
  private async onRecord(request: FastifyRequest, answer: Answer): Promise<Answer> {
    const { told, etag } = answer;
    if (!told || !this.answersLog.concerns(request.caller)) return answer;
    const known = etag !== undefined && isKnown(request.headers['if-none-match'], etag);
    const form = known ? 'not-modified' : request.method === 'HEAD' ? 'head' : 'whole';
    await this.answersLog.record(request.caller, request.id, { ...told, form });
    return answer;
  }

  @Get('timeline')
  @Call({
    id: 'getTimeline',
    tag: 'Status',
    summary: 'The entries in legal order, and the segments of each axis',
    access: 'read',
    names: 'matter',
    query: 'timeline',
    results: answers('A page of entries, with all segments.', 'TimelineAnswer'),
    refusals: ['unknown-party'],
  })
  async timeline(@Param('matter') matter: string, @Query() raw: RawQuery): Promise<Answer> {
    const query = parseTimelineQuery(raw, matter);
    return this.reading.aboutMatter(matter, query, (clocks) => this.register.timeline(matter, { ...query, clocks }));
  }

  @Get('diff')
  @Call({
    id: 'getDiff',
    tag: 'Status',
    summary: 'What changed in belief between two points of record time',
    access: 'read',
    names: 'matter',
    query: 'diff',
    results: answers('The entries, changes and deadlines that differ.', 'DiffAnswer'),
    refusals: ['unknown-party'],
  })
  async diff(@Param('matter') matter: string, @Query() raw: RawQuery): Promise<Answer> {
    const query = parseDiffQuery(raw);
    const knownTo = query.knownTo ?? query.knownAt;
    const asked = { ...query, ...(knownTo !== undefined && { knownTo }) };
    return this.reading.aboutMatter(matter, query, () => this.register.diff(matter, asked));
  }
}
