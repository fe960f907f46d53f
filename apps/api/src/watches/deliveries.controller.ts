import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Alerting, Deliveries, rotatedAtOf, secretAnswer, WatchDesk } from '#libs/alerts';
import { parseDeliveriesQuery, parseReplayBody, type RawQuery } from '#libs/contract';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { HttpRefusal } from '../http/http-refusal.ts';
import { noBody } from '../http/no-body.ts';
import { OwnWatches } from './own-watches.ts';

const LIMIT = 50;

/** What became of a watch’s alerts. */
@Controller('v1/watches/:watch')
export class DeliveriesController {
  constructor(
    private readonly desk: WatchDesk,
    private readonly alerting: Alerting,
    private readonly deliveries: Deliveries,
    private readonly own: OwnWatches,
  ) {}

  @Post('test')
  @HttpCode(200)
  @Call({
    id: 'testWatch',
    tag: 'Watches',
    summary: 'Send a test alert, once, and say how it went',
    about: 'It has a number like any alert, and is marked as a test.',
    access: 'subscriber',
    names: 'watch',
    results: [{ status: 200, about: 'What the receiver answered.', schema: 'TestAnswer' }],
    refusals: ['malformed', 'not-caught-up'],
  })
  async test(@Param('watch') id: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<Answer> {
    const watch = await this.own.find(id, request);
    noBody(body);
    const raised = await this.alerting.test(watch, this.own.patience());
    if (!raised)
      throw new HttpRefusal('not-caught-up', 'The test was raised, and not sent yet.', {
        headers: { 'retry-after': '1' },
      });
    const { result, status, answer } = await this.deliveries.test(raised);
    return Answer.once({ alert: raised.alert.id, seq: raised.seq, delivered: result === 'delivered', status, answer });
  }

  @Post('rotate-secret')
  @HttpCode(200)
  @Call({
    id: 'rotateSecret',
    tag: 'Watches',
    summary: 'Sign with a new secret; the old one signs as well for a day',
    access: 'subscriber',
    names: 'watch',
    results: [{ status: 200, about: 'The new secret, shown only this once.', schema: 'WatchSecret' }],
    refusals: ['malformed'],
  })
  async rotate(@Param('watch') id: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<Answer> {
    await this.own.find(id, request);
    noBody(body);
    const { watch } = await this.desk.tell(id, request.caller.actor, { kind: 'rotate-secret' });
    return Answer.once({ ...secretAnswer(this.desk, watch), rotatedAt: rotatedAtOf(watch) });
  }

  @Get('deliveries')
  @Call({
    id: 'listDeliveries',
    tag: 'Watches',
    summary: 'The receipts of a watch’s alerts, by number, with every attempt',
    access: 'subscriber',
    names: 'watch',
    query: 'deliveries',
    results: [
      { status: 200, about: 'A page of receipts; `next` is the `after` of the next one.', schema: 'ReceiptList' },
    ],
  })
  async receipts(@Param('watch') id: string, @Query() raw: RawQuery, @Req() request: FastifyRequest): Promise<Answer> {
    await this.own.find(id, request);
    const { after = 0, limit = LIMIT } = parseDeliveriesQuery(raw);
    await this.own.caughtUp();
    return Answer.once(await this.deliveries.receipts(id, { after, limit }));
  }

  @Post('deliveries/replay')
  @HttpCode(202)
  @Call({
    id: 'replayDeliveries',
    tag: 'Watches',
    summary: 'Send the alerts after a number again, in order',
    access: 'subscriber',
    names: 'watch',
    body: 'Replay',
    results: [{ status: 202, about: 'They are sent again.', schema: 'ReplayAnswer' }],
  })
  async replay(@Param('watch') id: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<Answer> {
    await this.own.find(id, request);
    const { after } = parseReplayBody(body);
    await this.own.caughtUp();
    const alerts = this.alerting.raised.waiting(id, after);
    await this.deliveries.replay(id, { after, by: request.caller.actor });
    return Answer.once({ after, alerts }, 202);
  }
}
