import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fromBase64, utf8 } from '../core/bytes.ts';

const SECRET_BYTES = 32;

/** The secret's file cannot be used, in one sentence for whoever runs the program. */
export class SecretUnusable extends Error {
  readonly code = 'secret-unusable';
  override get name(): string {
    return 'SecretUnusable';
  }
}

/**
 * The installation's secret: what was given, or what is in the file, made at the first start and readable by its owner
 * alone. Undefined when there is no file and none is to be made.
 * @throws SecretUnusable
 */
export function installationSecret(
  { given, file }: { readonly given: string | undefined; readonly file: string },
  { make = true } = {},
): Uint8Array | undefined {
  if (given !== undefined) return utf8(given);
  if (!existsSync(file)) {
    if (!make) return undefined;
    makeSecret(file);
  }
  const secret = fromBase64(readFileSync(file, 'utf8').trim());
  if (secret?.length !== SECRET_BYTES)
    throw new SecretUnusable(`${file} does not hold a secret: it is ${SECRET_BYTES} bytes in base64.`);
  return secret;
}

/** Written beside and linked into place: never half a secret, and never another process's overwritten. */
function makeSecret(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const descriptor = openSync(beside, 'wx', 0o600);
  try {
    writeSync(descriptor, `${randomBytes(SECRET_BYTES).toString('base64')}\n`);
    fsyncSync(descriptor);
    linkSync(beside, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    closeSync(descriptor);
    rmSync(beside);
  }
}
