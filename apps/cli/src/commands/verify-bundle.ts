import { existsSync, readFileSync } from 'node:fs';
import { BundleFault, findingsOf, linesOf, placed, sha256, verifyBundle, verifyEd25519 } from '#libs/evidence';
import type { Context } from '../context.ts';
import { exitCode } from '../exit-code.ts';
import { CliFailure } from '../failures.ts';
import type { Input } from '../line/input.ts';
import { plain } from '../screen/text.ts';

/** Checks a bundle from its own bytes; nothing else is asked. */
export async function verifyBundleFile(file: string, input: Input, context: Context): Promise<number> {
  const key = trusted(input.option('trust') ?? input.option('key'));
  const bytes = readFileSync(file);
  try {
    const verified = await verifyBundle(bytes, { sha256, verify: verifyEd25519, ...(key !== undefined && { key }) });
    const findings = findingsOf(verified, '--trust');
    const { bundle, checkpoint, pinned } = verified;
    const { origin, size } = checkpoint;
    const body = {
      verified: true,
      matter: bundle.matter,
      clocks: bundle.clocks,
      key: bundle.key,
      pinned,
      origin,
      size,
    };
    context.answer({ ...body, ...findings }, () => linesOf(findings).map(plain));
    return exitCode.done;
  } catch (error) {
    if (!(error instanceof BundleFault)) throw error;
    throw new CliFailure(exitCode.differs, 'not-verified', `${file} does not verify. ${placed(error)}`);
  }
}

/** The key itself, or the file that it is in. */
function trusted(given: string | undefined): string | undefined {
  return given !== undefined && existsSync(given) ? readFileSync(given, 'utf8').trim() : given;
}
