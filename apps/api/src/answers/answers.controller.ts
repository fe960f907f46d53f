import { Controller, Get, Query } from '@nestjs/common';
import { ANSWER_GIVEN, ANSWERS } from '#libs/alerts';
import { nextCursor, parseAnswersQuery, type RawQuery } from '#libs/contract';
import { encodePosition, EventLog, type RecordedEvent } from '#libs/event-log';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers } from '../http/common-results.ts';
import { positionOf } from '../http/reading.ts';

const noClocks = { at: null, knownAt: null, publishedBy: null };
const words =
  'Recorded under INFORCE_RECORD_ANSWERS, before the answer was sent. To see the answer again, ask for the status with the ' +
  'same clocks, party and enforcer: the SHA-256 of its RFC 8785 bytes is the digest.';

/** What was told to whom. */
@Controller('v1/answers')
export class AnswersController {
  constructor(private readonly log: EventLog) {}

  @Get()
  @Call({
    id: 'listAnswers',
    tag: 'Evidence',
    summary: 'The status answers that were given to keys, the oldest first',
    about: words,
    access: 'auditor',
    query: 'answers',
    results: answers('A page of answers.', 'AnswerList'),
  })
  async list(@Query() raw: RawQuery): Promise<Answer> {
    const query = parseAnswersQuery(raw);
    const { key, matter, limit, cursor, after } = query;
    const stream = key === undefined ? undefined : `${ANSWERS}${key}`;
    const from = typeof cursor?.after === 'string' ? cursor.after : after;
    const items: object[] = [];
    let last = '';
    for await (const event of this.log.readAll({
      ...(from !== undefined && { after: positionOf(from, cursor ? 'cursor' : 'after') }),
      filter: { streamPrefixes: [stream ?? ANSWERS] },
      atFirst: limit + 1,
    })) {
      if (event.type !== ANSWER_GIVEN || (stream !== undefined && event.stream !== stream)) continue;
      const item = listed(event);
      if (matter !== undefined && item.matter !== matter) continue;
      if (items.length === limit) return Answer.read({ items, next: nextCursor(query, noClocks, last) });
      items.push(item);
      last = item.recorded;
    }
    return Answer.read({ items, next: null });
  }
}

function listed({ id, stream, position, recordedAt, data, meta }: RecordedEvent) {
  const given: { readonly matter?: unknown } = Object(data);
  const { correlation }: { readonly correlation?: unknown } = Object(meta);
  const recorded = encodePosition(position);
  return { id, key: stream.slice(ANSWERS.length), recorded, recordedAt, request: correlation, ...given };
}
