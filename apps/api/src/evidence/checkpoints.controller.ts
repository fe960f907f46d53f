import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { nextCursor, parseCheckpointsQuery, parseCosignatures, type RawQuery } from '#libs/contract';
import { CosignatureRefused, formatVerifierKey, signerOf, type StoredCheckpoint, toBase64 } from '#libs/evidence';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers, unchanged } from '../http/common-results.ts';
import { HttpRefusal } from '../http/http-refusal.ts';
import { noBody } from '../http/no-body.ts';
import { noClocks } from '../http/no-clocks.ts';
import { Sealing } from './sealing.ts';
import { sealed, unlessHeld } from './sealed.ts';

const TEXT = 'text/plain; charset=utf-8';
const mediaTypes = ['text/plain'];
const note = 'The signed note, with the cosignatures that came since.';

/** What was signed for, and by whom. */
@Controller()
export class CheckpointsController {
  constructor(private readonly sealing: Sealing) {}

  @Get('v1/evidence/checkpoint')
  @Call({
    id: 'getCheckpoint',
    tag: 'Evidence',
    summary: 'The newest signed checkpoint, as C2SP tlog-checkpoint',
    access: 'read',
    results: [{ status: 200, about: note, headers: ['ETag'], mediaTypes }, unchanged],
    refusals: ['not-sealed'],
  })
  newest(): Answer {
    return noteOf(this.#newest());
  }

  /** Where C2SP tlog-tiles has it. */
  @Get('checkpoint')
  @Call({
    id: 'getTiledCheckpoint',
    tag: 'Evidence',
    summary: 'The same, where clients of C2SP tlog-tiles look for it',
    access: 'read',
    results: [{ status: 200, about: note, headers: ['ETag'], mediaTypes }, unchanged],
    refusals: ['not-sealed'],
  })
  tiled(): Answer {
    return this.newest();
  }

  @Get('v1/evidence/checkpoints')
  @Call({
    id: 'listCheckpoints',
    tag: 'Evidence',
    summary: 'Every checkpoint there was, the newest first',
    access: 'read',
    query: 'checkpoints',
    results: answers('A page of checkpoints.', 'CheckpointList'),
  })
  list(@Query() raw: RawQuery): Answer {
    const query = parseCheckpointsQuery(raw);
    const { limit, cursor } = query;
    const before = typeof cursor?.after === 'number' ? cursor.after : undefined;
    const found = this.sealing.evidence.store.checkpoints(limit + 1, before);
    const page = found.slice(0, limit);
    const next = found.length > limit ? nextCursor(query, noClocks, page.at(-1)?.size ?? 0) : null;
    return Answer.read({ items: page.map(listed), next });
  }

  @Post('v1/evidence/checkpoint')
  @Call({
    id: 'seal',
    tag: 'Evidence',
    summary: 'Seal now',
    about: 'When nothing but checkpoints has come since the newest one, that one is answered again.',
    access: 'auditor',
    results: [
      { status: 201, about: 'A new checkpoint.', mediaTypes },
      { status: 200, about: 'The newest one: nothing has come since.', mediaTypes },
    ],
    refusals: ['malformed', 'not-sealed', 'sealing-held'],
  })
  async seal(@Body() body: unknown): Promise<Answer> {
    noBody(body);
    const made = await sealed(this.sealing);
    return Answer.once(made.checkpoint.note, made.made ? 201 : 200, { type: TEXT });
  }

  @Post('v1/evidence/cosignatures')
  @HttpCode(200)
  @Call({
    id: 'cosign',
    tag: 'Evidence',
    summary: 'Add what a witness signed to a checkpoint',
    about: 'The witness’s key has to be among INFORCE_WITNESSES.',
    access: 'auditor',
    body: 'Cosignatures',
    results: [{ status: 200, about: note, mediaTypes }],
    refusals: ['cosignature-refused'],
  })
  async cosign(@Body() body: unknown): Promise<Answer> {
    const { size, lines } = parseCosignatures(body);
    try {
      return Answer.once((await this.sealing.cosigning.add(size, lines)).note, 200, { type: TEXT });
    } catch (error) {
      if (error instanceof CosignatureRefused) throw new HttpRefusal('cosignature-refused', error.message);
      throw error;
    }
  }

  @Get('v1/evidence/key')
  @Call({
    id: 'getVerifierKey',
    tag: 'Evidence',
    summary: 'The verifier key, as C2SP signed-note writes it',
    access: 'read',
    about: 'Before anything was sealed, the key that the first checkpoint will be signed with.',
    results: [
      { status: 200, about: 'The key of the newest checkpoint, on one line.', headers: ['ETag'], mediaTypes },
      unchanged,
    ],
    refusals: ['sealing-held'],
  })
  async key(): Promise<Answer> {
    const { sealer, evidence } = this.sealing;
    const { newest } = evidence.store;
    const key = newest
      ? signerOf(evidence.store, newest.note)
      : formatVerifierKey(await unlessHeld(() => sealer.verifier()));
    return Answer.bytes(Buffer.from(`${key}\n`), { type: TEXT });
  }

  @Get('v1/evidence/keys')
  @Call({
    id: 'listVerifierKeys',
    tag: 'Evidence',
    summary: 'Every verifier key there was, the first one first',
    about: 'Whoever knows one can follow to the next: `handover` is a signed note, by the key before and by this one.',
    access: 'read',
    results: answers('The keys.', 'VerifierKeyList'),
  })
  keys(): Answer {
    const { keys, handovers } = this.sealing.evidence.store;
    const items = keys.map((key, at) => ({ key, generation: at + 1, handover: handovers[at - 1] ?? null }));
    return Answer.read({ items, next: null });
  }

  @Post('v1/evidence/key')
  @Call({
    id: 'rotateKey',
    tag: 'Evidence',
    summary: 'Hand over to the next key, signed with the old one and the new one',
    about:
      'The next checkpoint is made at once. It helps against a key that has been in use for long, and not against a secret that got out.',
    access: 'auditor',
    results: [{ status: 201, about: 'The key that signs from now on.', mediaTypes }],
    refusals: ['malformed', 'sealing-held'],
  })
  async rotate(@Body() body: unknown): Promise<Answer> {
    noBody(body);
    const { sealer } = this.sealing;
    const key = formatVerifierKey(await unlessHeld(() => sealer.rotate()));
    // So that key and newest checkpoint go together. What holds it up holds it up for the interval, too, and is told there.
    await sealer.seal().catch(() => {});
    return Answer.once(`${key}\n`, 201, { type: TEXT });
  }

  #newest(): StoredCheckpoint {
    const { newest } = this.sealing.evidence.store;
    if (!newest) throw new HttpRefusal('not-sealed', 'Nothing has been sealed yet.');
    return newest;
  }
}

function noteOf(checkpoint: StoredCheckpoint): Answer {
  return Answer.bytes(Buffer.from(checkpoint.note), { type: TEXT });
}

function listed({ origin, size, root, heads, recordedAt, note: text }: StoredCheckpoint): object {
  const streams = heads && { streams: heads.streams, root: toBase64(heads.root) };
  return { origin, size, root: toBase64(root), heads: streams, recordedAt, note: text };
}
