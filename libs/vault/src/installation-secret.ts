import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export const SECRET_MIN_CHARS = 32;
const FILE = 'secret.key';

/**
 * The installation's secret: the one given, or the one in `<data>/secret.key`, which is made when it is not there. Whoever
 * runs several replicas gives all of them the same.
 * @throws Error for one that is too short, and when the file can neither be read nor made.
 */
export async function installationSecret(data: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return checked(given, 'INFORCE_SECRET');
  const file = join(data, FILE);
  return checked((await kept(file)) ?? (await made(data, file)), file);
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
async function made(data: string, file: string): Promise<string> {
  await mkdir(data, { recursive: true });
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
  throw new Error(`${where} holds a secret of fewer than ${SECRET_MIN_CHARS} characters.`);
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
