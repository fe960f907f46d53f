import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Get } from '@nestjs/common';
import { packageRoot } from '../composition/package-root.ts';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { unchanged } from '../http/common-results.ts';
import { HttpRefusal } from '../http/http-refusal.ts';

/** The single-file verifier, for those who have a bundle and nothing else of ours. */
@Controller()
export class VerifierController {
  @Get('verify.mjs')
  @Call({
    id: 'getVerifier',
    tag: 'Evidence',
    summary: 'The verifier of bundles as one file: node verify.mjs bundle.json',
    about: 'A browser can import it as well; it exports verifyBundle(bytes).',
    access: 'open',
    results: [{ status: 200, about: 'The file.', mediaTypes: ['text/javascript'], headers: ['ETag'] }, unchanged],
    refusals: ['not-found'],
  })
  async verifier(): Promise<Answer> {
    return Answer.bytes(await built(), { type: 'text/javascript; charset=utf-8' });
  }
}

async function built(): Promise<Buffer> {
  try {
    return await readFile(join(packageRoot, 'dist/verify.mjs'));
  } catch {
    throw new HttpRefusal('not-found', 'The verifier was not built; npm run build builds it.');
  }
}
