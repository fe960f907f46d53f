import { Injectable } from '@nestjs/common';
import { Malformed, type ReadQuery } from '#libs/contract';
import { decodePosition } from '#libs/event-log';
import type { Answered, ClockQuery } from '#libs/register';
import { Views } from '#libs/views';
import { Lifetime } from '../composition/lifetime.ts';
import { Answer } from './answer.ts';
import { HotAnswers } from './hot-answers.ts';
import { HttpRefusal } from './http-refusal.ts';

const PATIENCE_MS = 5000;

/** What all reads have in common: they wait for the position asked for, and ready answers are kept. */
@Injectable()
export class Reading {
  constructor(
    private readonly views: Views,
    private readonly hot: HotAnswers,
    private readonly lifetime: Lifetime,
  ) {}

  /** @throws HttpRefusal when the views do not get there in time. */
  async reached({ minPosition }: Pick<ReadQuery, 'minPosition'>): Promise<void> {
    if (minPosition === undefined) return;
    const position = positionOf(minPosition, 'minPosition');
    const waited = await this.views.waitFor(position, PATIENCE_MS, this.lifetime.signal);
    if (waited === 'reached') return;
    const reason =
      waited === 'timed-out'
        ? `The views are at ${this.views.state.position}, not yet there.`
        : 'The service is stopping.';
    throw new HttpRefusal('not-caught-up', reason, { headers: { 'retry-after': '1' } });
  }

  /** An answer about one matter, kept until the matter changes or the answer's own time comes. */
  async aboutMatter<Body extends object>(
    matter: string,
    query: ReadQuery,
    ask: (clocks: ClockQuery) => Promise<Answered<Body>>,
    etag?: (body: Body) => string,
  ): Promise<Answer> {
    await this.reached(query);
    const ticket = this.hot.ticket(matter);
    const { body, validUntil } = await ask(clocksOf(query));
    return Answer.read(body, { keeping: { ticket, validUntil }, ...(etag && { etag: etag(body) }) });
  }
}

export function clocksOf({ at, knownAt, publishedBy }: ReadQuery): ClockQuery {
  return {
    ...(at !== undefined && { at }),
    ...(knownAt !== undefined && { knownAt }),
    ...(publishedBy !== undefined && { publishedBy }),
  };
}

export function positionOf(token: string, parameter: string): bigint {
  const position = decodePosition(token);
  if (position === undefined)
    throw new Malformed([{ parameter, message: 'must be a position from an earlier answer' }]);
  return position;
}
