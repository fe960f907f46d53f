import { Body, Controller, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseErasure } from '#libs/contract';
import { encodePosition } from '#libs/event-log';
import { ErasureRefused } from '#libs/evidence';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { HttpRefusal } from '../http/http-refusal.ts';
import { Sealing } from './sealing.ts';

/** What the law wants gone. */
@Controller('v1/evidence/erasures')
export class ErasuresController {
  constructor(private readonly sealing: Sealing) {}

  @Post()
  @Call({
    id: 'erasePrivateValue',
    tag: 'Evidence',
    summary: 'Take a private value away for good',
    about:
      'The log says that, when, by whom and why. The salted hash stays, and so does every proof. `removed` is false where ' +
      'the store cannot take it away.',
    access: 'auditor',
    body: 'Erasure',
    results: [{ status: 201, about: 'It is on record.', schema: 'Erased' }],
    refusals: ['unknown-private-value'],
  })
  async erase(@Body() body: unknown, @Req() request: FastifyRequest): Promise<Answer> {
    const asked = parseErasure(body);
    try {
      const { position, ...erased } = await this.sealing.erasing.erase({ ...asked, actor: request.caller.actor });
      return Answer.once(
        { event: asked.event, pointer: asked.pointer, ...told(erased), position: encodePosition(position) },
        201,
      );
    } catch (error) {
      if (error instanceof ErasureRefused) throw new HttpRefusal('unknown-private-value', error.message);
      throw error;
    }
  }
}

const told = ({ recordedAt, removed }: { recordedAt: string; removed: boolean }): object => ({ recordedAt, removed });
