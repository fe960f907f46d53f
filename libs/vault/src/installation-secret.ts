import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export const SECRET_MIN_CHARS = 32;

/** Where an installation's secret is: in its own words, or in a file. */
export interface SecretPlace {
  readonly given: string | undefined;
  readonly file: string;
}

/** The secret cannot be used, in one sentence for whoever runs the program. */
export class SecretUnusable extends Error {
  readonly code = 'secret-unusable';
  override get name(): string {
    return 'SecretUnusable';
  }
}

/**
 * The installation's secret: the one given, or the one in the file, which is made when it is not there, for its owner's
 * eyes alone. Whoever runs several replicas gives all of them the same.
 * @throws SecretUnusable for one that is too short; Error when the file can neither be read nor made.
 */
export async function installationSecret(place: SecretPlace): Promise<string> {
  return (await knownSecret(place)) ?? checked(await made(place.file), place.file);
}

/** The same for those who only look: undefined when there is none. */
export async function knownSecret({ given, file }: SecretPlace): Promise<string | undefined> {
  if (given !== undefined) return checked(given, 'INFORCE_SECRET');
  const secret = await kept(file);
  return secret === undefined ? undefined : checked(secret, file);
}

async function kept(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Complete before it has its name: a start cut short, or two at once, leave one whole secret or none. */
async function made(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64url')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  return (await readFile(file, 'utf8')).trim();
}

function checked(secret: string, where: string): string {
  if (secret.length >= SECRET_MIN_CHARS) return secret;
  throw new SecretUnusable(`${where} holds a secret of fewer than ${SECRET_MIN_CHARS} characters.`);
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
