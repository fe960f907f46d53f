import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  parseClocksOnly,
  parseCorrection,
  parseEntriesQuery,
  parseEntry,
  parseRetraction,
  type RawQuery,
} from '#libs/contract';
import { Register } from '#libs/register';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers, writeHeaders, written } from '../http/common-results.ts';
import { Reading } from '../http/reading.ts';
import { writerOf } from '../http/writer-of.ts';
import { entryRefusals } from './entry-refusals.ts';

@Controller('v1/matters/:matter/entries')
export class EntriesController {
  constructor(
    private readonly register: Register,
    private readonly reading: Reading,
  ) {}

  @Post()
  @Call({
    id: 'recordEntry',
    tag: 'Entries',
    summary: 'Record an entry: one act, with its effects and sources',
    access: 'recorder',
    names: 'matter',
    body: 'Entry',
    requestHeaders: writeHeaders,
    results: written('The entry was recorded.'),
    refusals: entryRefusals,
  })
  async record(
    @Param('matter') matter: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<Answer> {
    const by = writerOf(request);
    const { body: receipt, repeated } = await this.register.record(matter, parseEntry(body), by);
    return Answer.written(receipt, { repeated, location: locationOf(matter, receipt.id) });
  }

  @Get()
  @Call({
    id: 'listEntries',
    tag: 'Entries',
    summary: 'List the entries as believed, in legal order',
    access: 'read',
    names: 'matter',
    query: 'entries',
    results: answers('A page of entries.', 'EntryList'),
  })
  async list(@Param('matter') matter: string, @Query() raw: RawQuery): Promise<Answer> {
    const query = parseEntriesQuery(raw, matter);
    return this.reading.aboutMatter(matter, query, (clocks) => this.register.entries(matter, { ...query, clocks }));
  }

  @Get(':entry')
  @Call({
    id: 'getEntry',
    tag: 'Entries',
    summary: 'Get an entry as believed, with its corrections',
    access: 'read',
    names: 'entry',
    query: 'clocks',
    results: answers('The entry.', 'EntryAnswer'),
  })
  async get(@Param('matter') matter: string, @Param('entry') entry: string, @Query() raw: RawQuery): Promise<Answer> {
    const ask = this.register.entry.bind(this.register, matter, entry);
    return this.reading.aboutMatter(matter, parseClocksOnly(raw), ask);
  }

  @Post(':entry/corrections')
  @Call({
    id: 'correctEntry',
    tag: 'Entries',
    summary: 'Correct an entry; the original stays in the record',
    access: 'recorder',
    names: 'entry',
    body: 'Correction',
    requestHeaders: writeHeaders,
    results: written('The correction was recorded.'),
    refusals: entryRefusals,
  })
  async correct(
    @Param('matter') matter: string,
    @Param('entry') entry: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<Answer> {
    const by = writerOf(request);
    const { body: receipt, repeated } = await this.register.correct(matter, entry, parseCorrection(body), by);
    return Answer.written(receipt, { repeated, location: locationOf(matter, entry) });
  }

  @Post(':entry/retraction')
  @Call({
    id: 'retractEntry',
    tag: 'Entries',
    summary: 'Take an entry back; the original stays in the record',
    access: 'recorder',
    names: 'entry',
    body: 'Retraction',
    requestHeaders: writeHeaders,
    results: written('The retraction was recorded.'),
    refusals: ['entry-retracted', 'still-referenced', 'revision-conflict', 'idempotency-key-reused'],
  })
  async retract(
    @Param('matter') matter: string,
    @Param('entry') entry: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<Answer> {
    const by = writerOf(request);
    const { body: receipt, repeated } = await this.register.retract(matter, entry, parseRetraction(body), by);
    return Answer.written(receipt, { repeated, location: locationOf(matter, entry) });
  }
}

const locationOf = (matter: string, entry: string): string => `/v1/matters/${matter}/entries/${entry}`;
