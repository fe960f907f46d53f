import { Controller, Get, Param, Query } from '@nestjs/common';
import { parseStatusQuery, type RawQuery } from '#libs/contract';
import { EventLog } from '#libs/event-log';
import { exportBundle, type StoredCheckpoint } from '#libs/evidence';
import { Register } from '#libs/register';
import { sealed } from '../evidence/sealed.ts';
import { Sealing } from '../evidence/sealing.ts';
import { Answer, JSON_TYPE } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers } from '../http/common-results.ts';
import { clocksOf, Reading } from '../http/reading.ts';

const words =
  'The matter’s events with their proofs, the checkpoint that they are under, and the answer to the question asked, as ' +
  'RFC 8785 bytes. `inforce verify`, or the file at /verify.mjs, checks it without this server. What is not under a ' +
  'checkpoint yet is sealed first.';

@Controller('v1/matters/:matter')
export class BundleController {
  constructor(
    private readonly log: EventLog,
    private readonly register: Register,
    private readonly reading: Reading,
    private readonly sealing: Sealing,
  ) {}

  @Get('bundle')
  @Call({
    id: 'getBundle',
    tag: 'Evidence',
    summary: 'A bundle with which an answer can be checked offline',
    about: words,
    access: 'auditor',
    names: 'matter',
    query: 'status',
    results: answers('The bundle.', 'Bundle'),
    refusals: ['unknown-party', 'sealing-held'],
  })
  async bundle(@Param('matter') matter: string, @Query() raw: RawQuery): Promise<Answer> {
    const query = parseStatusQuery(raw);
    await this.reading.reached(query);
    const asked = { ...query, clocks: clocksOf(query) };
    // Judged before anything is sealed for it.
    await this.register.status(matter, asked);
    const answer = async (revision: number) => (await this.register.status(matter, asked, revision)).body;
    const checkpoint = await this.covering(matter);
    const { store } = this.sealing.evidence;
    const bytes = await exportBundle({ log: this.log, store, checkpoint, matter, answer });
    const headers = { 'content-disposition': `attachment; filename="${matter}.bundle.json"` };
    return Answer.bytes(Buffer.from(bytes), { type: JSON_TYPE, headers });
  }

  /** A checkpoint over everything that is recorded of the matter now. */
  private async covering(matter: string): Promise<StoredCheckpoint> {
    const { events, newest } = await this.register.file(matter);
    const { evidence } = this.sealing;
    await evidence.catchUp(newest.position);
    const last = evidence.store.leafOf(events.at(-1)?.id ?? '');
    const sealedSize = evidence.store.newest?.size ?? 0;
    if (evidence.store.newest && last && last.index < sealedSize) return evidence.store.newest;
    return (await sealed(this.sealing)).checkpoint;
  }
}
