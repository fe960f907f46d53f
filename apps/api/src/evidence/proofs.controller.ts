import { Controller, Get, Param, Query } from '@nestjs/common';
import { Malformed, parseConsistencyQuery, type RawQuery } from '#libs/contract';
import { EventLog } from '#libs/event-log';
import { toBase64 } from '#libs/evidence';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers } from '../http/common-results.ts';
import { HttpRefusal } from '../http/http-refusal.ts';
import { placeOf } from './found.ts';
import { Sealing } from './sealing.ts';

/** RFC 9162 §2.1.3 and §2.1.4. Hashes are base64. */
@Controller('v1/evidence')
export class ProofsController {
  constructor(
    private readonly sealing: Sealing,
    private readonly log: EventLog,
  ) {}

  @Get('inclusion/:event')
  @Call({
    id: 'getInclusionProof',
    tag: 'Evidence',
    summary: 'That an event is in the log that was signed for',
    about: 'Under the newest checkpoint.',
    access: 'read',
    names: 'event',
    results: answers('The proof.', 'InclusionProof'),
    refusals: ['not-sealed', 'not-caught-up'],
  })
  async inclusion(@Param('event') event: string): Promise<Answer> {
    const { store } = this.sealing.evidence;
    const place = await placeOf({ sealing: this.sealing, log: this.log }, event);
    const { newest } = store;
    if (!newest || place >= newest.size)
      throw new HttpRefusal('not-sealed', 'This event came after the newest checkpoint.');
    const { index, size, leafHash, proof } = store.inclusion(place, newest.size);
    const body = { index, size, leafHash: toBase64(leafHash), proof: proof.map(toBase64), checkpoint: newest.note };
    return Answer.read(body);
  }

  @Get('consistency')
  @Call({
    id: 'getConsistencyProof',
    tag: 'Evidence',
    summary: 'That the log of one size is the beginning of the log of another',
    access: 'read',
    query: 'consistency',
    results: answers('The proof.', 'ConsistencyProof'),
  })
  consistency(@Query() raw: RawQuery): Answer {
    const { from, to } = parseConsistencyQuery(raw);
    const { store } = this.sealing.evidence;
    const sealedSize = store.newest?.size ?? 0;
    if (to > sealedSize)
      throw new Malformed([{ parameter: 'to', message: `must be at most ${sealedSize}, the size that was sealed` }]);
    return Answer.read({ from, to, proof: store.consistency(from, to).map(toBase64) });
  }
}
