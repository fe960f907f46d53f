// The single-file verifier: this file and all that it imports, bundled by scripts/build-verifier.mjs. A browser imports
// `verifyBundle`; under Node it is a program. Nothing of Node is touched until it is known to be there.
import type { VerifyEd25519 } from '../core/note.ts';
import { BundleFault } from './bundle.ts';
import { bringGroupBy } from './older-runtimes.ts';
import { sha256 } from './sha256.ts';
import { type Verified, verifyBundle as verifyWith } from './verify.ts';
import { type Findings, findingsOf, linesOf, placed } from './words.ts';

export { BundleFault };
export type { Findings, Verified };

bringGroupBy();

/** This runtime cannot verify signatures. */
export class Unsupported extends Error {
  override get name(): string {
    return 'Unsupported';
  }
}

const NEEDS = 'Node 20, Chrome 137, Firefox 129, Safari 17 or newer (in a browser, from an https page)';

const verify: VerifyEd25519 = async (publicKey, message, signature) => {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new Unsupported(`This runtime has no WebCrypto; it takes ${NEEDS}.`);
  const key = await subtle
    .importKey('raw', Uint8Array.from(publicKey), { name: 'Ed25519' }, false, ['verify'])
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === 'NotSupportedError')
        throw new Unsupported(`This runtime has no Ed25519; it takes ${NEEDS}.`);
      return undefined;
    });
  return (
    key !== undefined && subtle.verify({ name: 'Ed25519' }, key, Uint8Array.from(signature), Uint8Array.from(message))
  );
};

/**
 * Checks a bundle, all by itself. `key`: a verifier key that is trusted for reasons of its own.
 * @throws BundleFault naming the first thing that is not so; Unsupported
 */
export async function verifyBundle(
  bytes: Uint8Array,
  { key }: { readonly key?: string } = {},
): Promise<Verified & { readonly findings: Findings }> {
  const verified = await verifyWith(bytes, { sha256, verify, ...(key !== undefined && { key }) });
  return { ...verified, findings: findingsOf(verified) };
}

/** The program's exit codes: verified, usage, not verified, could not. */
const [DONE, USAGE, FAILED, UNABLE] = [0, 2, 3, 4];

async function main(words: readonly string[], write: Write): Promise<number> {
  const at = words.indexOf('--key');
  const key = at < 0 ? undefined : words[at + 1];
  const [file, ...more] = at < 0 ? words : words.toSpliced(at, 2);
  if (file === undefined || file.startsWith('-') || more.length > 0 || (at >= 0 && key === undefined)) {
    write.error('node verify.mjs <bundle.json> [--key <verifier key>]');
    return file === '--help' ? DONE : USAGE;
  }
  try {
    const { readFile } = await import('node:fs/promises');
    const { findings } = await verifyBundle(await readFile(file), key === undefined ? {} : { key });
    for (const line of linesOf(findings)) write.line(line);
    return DONE;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    write.error(error instanceof BundleFault ? `not verified: ${placed(error)}` : message);
    return error instanceof BundleFault ? FAILED : UNABLE;
  }
}

interface Write {
  readonly line: (text: string) => void;
  readonly error: (text: string) => void;
}

async function isProgram(script: string): Promise<boolean> {
  const [{ realpathSync }, { pathToFileURL }] = await Promise.all([import('node:fs'), import('node:url')]);
  try {
    return pathToFileURL(realpathSync(script)).href === import.meta.url;
  } catch {
    return false;
  }
}

if (typeof process !== 'undefined' && process.argv?.[1] !== undefined && (await isProgram(process.argv[1]))) {
  const write: Write = { line: (text) => console.log(text), error: (text) => console.error(text) };
  process.exitCode = await main(process.argv.slice(2), write);
}
