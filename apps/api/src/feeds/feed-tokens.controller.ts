import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { KeyStore } from '#libs/access';
import { Malformed } from '#libs/contract';
import { PublicUrl } from '../composition/public-url.ts';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { ownFeed } from './own-feed.ts';

/** Calendar programs send no headers: the tokens that stand in the addresses of private feeds. */
@Controller('v1/feeds')
export class FeedTokensController {
  constructor(
    private readonly keys: KeyStore,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Post()
  @Call({
    id: 'createFeed',
    tag: 'Feeds',
    summary: 'Make a token that reads feeds, and nothing else',
    about: 'It stands in the address: `?token=…`. It ends when it is revoked, or the key that made it is.',
    access: 'key',
    results: [{ status: 201, about: 'The token, shown only this once.', schema: 'FeedToken' }],
    refusals: ['malformed'],
  })
  create(@Body() body: unknown, @Req() request: FastifyRequest): Answer {
    const empty = body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0);
    if (!empty) throw new Malformed([{ pointer: '', message: 'must be empty, or left out' }]);
    const { id, key: token, createdAt } = this.keys.createFeed(request.caller.actor);
    const url = `${this.publicUrl.for(request)}/v1/deadlines.ics?token=${token}`;
    return Answer.once({ id, url, token, createdAt }, 201);
  }

  @Get()
  @Call({
    id: 'listFeeds',
    tag: 'Feeds',
    summary: 'One’s own tokens, without the tokens themselves',
    access: 'key',
    results: [{ status: 200, about: 'All there ever were.', schema: 'FeedTokenList' }],
  })
  list(@Req() request: FastifyRequest): Answer {
    const own = this.keys.list().filter(({ feedOf }) => feedOf === request.caller.actor);
    return Answer.once({ items: own.map(({ id, createdAt, revokedAt }) => ({ id, createdAt, revokedAt })) });
  }

  @Delete(':feed')
  @HttpCode(204)
  @Call({
    id: 'revokeFeed',
    tag: 'Feeds',
    summary: 'Revoke a token of one’s own',
    access: 'key',
    names: 'feed',
    results: [{ status: 204, about: 'It reads nothing any more.' }],
  })
  revoke(@Param('feed') feed: string, @Req() request: FastifyRequest): void {
    ownFeed(this.keys, feed, request.caller);
    this.keys.revoke(feed);
  }
}
