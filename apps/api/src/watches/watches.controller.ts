import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Deliveries, secretAnswer, standardSettings, WatchDesk, watchAnswer } from '#libs/alerts';
import { nextCursor, parseWatch, parseWatchChange, parseWatchesQuery, type RawQuery } from '#libs/contract';
import { Answer } from '../http/answer.ts';
import { noClocks } from '../http/no-clocks.ts';
import { Call } from '../http/call.ts';
import { OwnWatches } from './own-watches.ts';

/** One's own watches. */
@Controller('v1/watches')
export class WatchesController {
  constructor(
    private readonly desk: WatchDesk,
    private readonly deliveries: Deliveries,
    private readonly own: OwnWatches,
  ) {}

  @Post()
  @Call({
    id: 'createWatch',
    tag: 'Watches',
    summary: 'Make a watch: it hears what follows its creation',
    about: 'The signing secret is shown only here and when it is rotated.',
    access: 'subscriber',
    body: 'Watch',
    results: [{ status: 201, about: 'The watch, with its secret.', schema: 'WatchMade', headers: ['Location'] }],
  })
  async create(@Body() body: unknown, @Req() { caller }: FastifyRequest): Promise<Answer> {
    const { channel, ...settings } = parseWatch(body);
    this.own.mayReach(channel);
    const { watch } = await this.desk.create(caller.actor, { ...standardSettings, ...settings }, channel);
    const warnings = await this.own.warnings(watch);
    const made = { ...watchAnswer(this.desk, watch), ...secretAnswer(this.desk, watch), warnings };
    return Answer.once(made, 201, { headers: { location: `/v1/watches/${watch.id}` } });
  }

  @Get()
  @Call({
    id: 'listWatches',
    tag: 'Watches',
    summary: 'One’s own watches, the oldest first',
    access: 'subscriber',
    query: 'watches',
    results: [{ status: 200, about: 'A page of them.', schema: 'WatchList' }],
    refusals: ['not-caught-up'],
  })
  async list(@Query() raw: RawQuery, @Req() request: FastifyRequest): Promise<Answer> {
    const query = parseWatchesQuery(raw);
    const { limit, cursor } = query;
    const after = positionOf(cursor?.after);
    const rest = (await this.own.list(request)).filter(({ createdPosition }) => createdPosition > after);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    const next = last && rest.length > limit ? nextCursor(query, noClocks, String(last.createdPosition)) : null;
    return Answer.once({ items: page.map((watch) => watchAnswer(this.desk, watch)), next });
  }

  @Get(':watch')
  @Call({
    id: 'getWatch',
    tag: 'Watches',
    summary: 'Get a watch of one’s own',
    access: 'subscriber',
    names: 'watch',
    results: [{ status: 200, about: 'The watch.', schema: 'WatchAnswer' }],
  })
  async get(@Param('watch') id: string, @Req() request: FastifyRequest): Promise<Answer> {
    return Answer.once(watchAnswer(this.desk, await this.own.find(id, request)));
  }

  @Patch(':watch')
  @Call({
    id: 'changeWatch',
    tag: 'Watches',
    summary: 'Change, pause or resume a watch',
    access: 'subscriber',
    names: 'watch',
    body: 'WatchChange',
    results: [{ status: 200, about: 'The watch as it is now.', schema: 'WatchChanged' }],
    refusals: ['watch-disabled'],
  })
  async change(@Param('watch') id: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<Answer> {
    await this.own.find(id, request);
    const { state, channel, ...settings } = parseWatchChange(body);
    if (channel) this.own.mayReach(channel);
    const { actor } = request.caller;
    const change = { kind: 'change', settings, state, ...(channel && { channel }) } as const;
    const { watch } = await this.desk.tell(id, actor, change);
    if (channel) await this.deliveries.tryAnew(id, actor);
    const warnings = settings.filter ? await this.own.warnings(watch) : [];
    return Answer.once({ ...watchAnswer(this.desk, watch), warnings });
  }

  @Delete(':watch')
  @HttpCode(204)
  @Call({
    id: 'removeWatch',
    tag: 'Watches',
    summary: 'Remove a watch: it is told nothing more',
    access: 'subscriber',
    names: 'watch',
    results: [{ status: 204, about: 'It is gone.' }],
  })
  async remove(@Param('watch') id: string, @Req() request: FastifyRequest): Promise<void> {
    const { id: own } = await this.own.find(id, request);
    await this.desk.tell(own, request.caller.actor, { kind: 'remove' });
  }
}

/** A cursor is the client's to send. */
function positionOf(after: unknown): bigint {
  return typeof after === 'string' && /^\d{1,20}$/.test(after) ? BigInt(after) : -1n;
}
