import { Controller, Get, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { unchanged } from '../http/common-results.ts';
import { noTile, tileName } from './found.ts';
import { Sealing } from './sealing.ts';

const mediaTypes = ['application/octet-stream'];
/**
 * A tile never changes. Leaves are for those who asked with a key: no shared cache keeps them, nor the hashes where those
 * take a key (RFC 9111 §3.5: not what was asked for with `Authorization`, unless it says `public`).
 */
const forEver = 'max-age=31536000, immutable';

/** C2SP tlog-tiles: the tree in pieces that any cache can keep. */
@Controller('tile')
export class TilesController {
  constructor(private readonly sealing: Sealing) {}

  @Get('entries/*')
  @Call({
    id: 'getEntryBundle',
    tag: 'Evidence',
    summary: 'Up to 256 leaves: <N> or <N>.p/<W>, as in C2SP tlog-tiles',
    about:
      'Leaves of all streams. A bundle with a leaf of more than 65,535 bytes cannot be written so, and is not found.',
    access: 'auditor',
    names: 'tile',
    results: [
      { status: 200, about: 'The leaves, each with its length before it.', headers: ['ETag'], mediaTypes },
      unchanged,
    ],
  })
  entries(@Req() request: FastifyRequest): Answer {
    return this.#tile(request, `private, ${forEver}`);
  }

  @Get('*')
  @Call({
    id: 'getTile',
    tag: 'Evidence',
    summary: 'Up to 256 hashes: <L>/<N> or <L>/<N>.p/<W>, as in C2SP tlog-tiles',
    access: 'read',
    names: 'tile',
    results: [{ status: 200, about: 'The hashes, 32 bytes each.', headers: ['ETag'], mediaTypes }, unchanged],
  })
  hashes(@Req() request: FastifyRequest): Answer {
    return this.#tile(request, forEver);
  }

  #tile(request: FastifyRequest, cacheControl: string): Answer {
    const { store } = this.sealing.evidence;
    const tile = store.tile(tileName(this.sealing, request), store.newest?.size ?? 0);
    if (!tile) throw noTile();
    const headers = { 'cache-control': cacheControl };
    return Answer.bytes(Buffer.from(tile), { type: 'application/octet-stream', headers });
  }
}
