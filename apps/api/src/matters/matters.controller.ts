import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  parseClocksOnly,
  parseMatter,
  parseMattersQuery,
  parseParty,
  parseWhatIf,
  type RawQuery,
} from '#libs/contract';
import { Register } from '#libs/register';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers, writeHeaders, written } from '../http/common-results.ts';
import { pageTag, revisionTag } from '../http/etag.ts';
import { Reading } from '../http/reading.ts';
import { writerOf } from '../http/writer-of.ts';
import { ViewLists } from '../views/view-lists.ts';

@Controller('v1/matters')
export class MattersController {
  constructor(
    private readonly register: Register,
    private readonly reading: Reading,
    private readonly lists: ViewLists,
  ) {}

  @Post()
  @Call({
    id: 'openMatter',
    tag: 'Matters',
    summary: 'Open a matter',
    access: 'recorder',
    body: 'Matter',
    requestHeaders: ['Idempotency-Key'],
    results: written('The matter is open; revision 0.'),
    refusals: ['already-open', 'unknown-party', 'circular-class', 'idempotency-key-reused'],
  })
  async open(@Body() body: unknown, @Req() request: FastifyRequest): Promise<Answer> {
    const by = writerOf(request);
    const { body: receipt, repeated } = await this.register.openMatter(parseMatter(body), by);
    return Answer.written(receipt, { repeated, location: `/v1/matters/${receipt.id}` });
  }

  @Get()
  @Call({
    id: 'listMatters',
    tag: 'Matters',
    summary: 'List matters with their headlines',
    access: 'read',
    query: 'matters',
    results: answers('A page of matters.', 'MatterList'),
  })
  async list(@Query() raw: RawQuery): Promise<Answer> {
    const query = parseMattersQuery(raw);
    await this.reading.reached(query);
    const page = await this.lists.matters(query);
    return Answer.read(page, { etag: pageTag(page) });
  }

  @Get(':matter')
  @Call({
    id: 'getMatter',
    tag: 'Matters',
    summary: 'Get a matter with its parties; its ETag is its revision',
    access: 'read',
    names: 'matter',
    query: 'clocks',
    results: answers('The matter.', 'MatterAnswer'),
  })
  async get(@Param('matter') matter: string, @Query() raw: RawQuery): Promise<Answer> {
    const ask = this.register.matter.bind(this.register, matter);
    return this.reading.aboutMatter(matter, parseClocksOnly(raw), ask, ({ revision }) => revisionTag(revision));
  }

  @Post(':matter/parties')
  @Call({
    id: 'addParty',
    tag: 'Matters',
    summary: 'Add a party or a class of parties',
    access: 'recorder',
    names: 'matter',
    body: 'Party',
    requestHeaders: writeHeaders,
    results: written('The party was added.'),
    refusals: [
      'entry-differs',
      'revision-conflict',
      'unknown-party',
      'circular-class',
      'authority-exceeded',
      'ambiguous-order',
      'idempotency-key-reused',
    ],
  })
  async addParty(
    @Param('matter') matter: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<Answer> {
    const by = writerOf(request);
    const { body: receipt, repeated } = await this.register.addParty(matter, parseParty(body), by);
    return Answer.written(receipt, { repeated, location: `/v1/matters/${matter}` });
  }

  @Post(':matter/what-if')
  @HttpCode(200)
  @Call({
    id: 'whatIf',
    tag: 'Matters',
    summary: 'Interpret entries on top of the record, without recording them',
    access: 'read',
    names: 'matter',
    body: 'WhatIf',
    results: [{ status: 200, about: 'The answer before and after.', schema: 'WhatIfAnswer' }],
    refusals: [
      'entry-differs',
      'authority-exceeded',
      'ambiguous-order',
      'unknown-party',
      'unknown-provision',
      'too-many',
    ],
  })
  async whatIf(@Param('matter') matter: string, @Body() body: unknown): Promise<Answer> {
    return Answer.once(await this.register.whatIf(matter, parseWhatIf(body)));
  }
}
