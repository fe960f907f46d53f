import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Datasets, EmbeddedLog } from './config.ts';
import { ConfigError } from './config-error.ts';
import { Secret } from './secret.ts';

const HIGHEST_PORT = 65_535;
const SHORTEST_SECRET = 32;
const SHORTEST_ADMIN_KEY = 32;
const LONGEST_ADMIN_KEY = 512;
const LONGEST_URL = 500;
// RFC 1123 §2.1.
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i;
/** What can stand in a header as it is. */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export function host(variable: string, text: string): string {
  // Digits and dots alone are an address, or a mistake in one.
  const good = isIP(text) > 0 || (HOST_NAME.test(text) && !/^[\d.]+$/.test(text));
  if (!good) throw new ConfigError(variable, `must be a host name or an IP address, not ${shown(text)}.`);
  return text;
}

export function port(variable: string, text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= HIGHEST_PORT))
    throw new ConfigError(variable, `must be a whole number from 0 to ${HIGHEST_PORT}, not ${shown(text)}.`);
  return value;
}

/** A directory that is there, or that can be made. */
export function dataDirectory(variable: string, text: string): string {
  const path = pathOf(variable, text);
  const found = kindOf(path);
  if (found === 'other') throw new ConfigError(variable, `must be a directory, and ${shown(text)} is not one.`);
  return path;
}

export function log(variable: string, text: string): EmbeddedLog {
  if (/^(kurrentdb|esdb)(\+discover)?:/i.test(text))
    throw new ConfigError(
      variable,
      'names a KurrentDB, and this build has no KurrentDB adapter; use sqlite:<file>, or leave it out.',
    );
  const [, file] = /^sqlite:(.*)$/s.exec(text) ?? [];
  if (file === undefined)
    throw new ConfigError(variable, `must be sqlite:<file>, or left out for the embedded log, not ${shown(text)}.`);
  if (file === '') throw new ConfigError(variable, 'must name a file after sqlite:.');
  const path = pathOf(variable, file);
  if (kindOf(path) === 'directory')
    throw new ConfigError(variable, `must name a file, and ${shown(file)} is a directory.`);
  return { kind: 'sqlite', file: path };
}

export function datasets(variable: string, text: string): Datasets {
  if (text === 'bundled' || text === 'none') return { kind: text };
  const path = pathOf(variable, text);
  if (kindOf(path) !== 'directory')
    throw new ConfigError(variable, `must be bundled, none, or a directory, and ${shown(text)} is none of these.`);
  return { kind: 'directory', path };
}

export function readAccess(variable: string, text: string): 'public' | 'key' {
  if (text !== 'public' && text !== 'key')
    throw new ConfigError(variable, `must be public or key, not ${shown(text)}.`);
  return text;
}

/** Any text that nobody guesses. Nothing of it is repeated. */
export function secret(variable: string, text: string): Secret {
  if (text.trim().length < SHORTEST_SECRET)
    throw new ConfigError(variable, `must have at least ${SHORTEST_SECRET} characters.`);
  return new Secret(text);
}

/** Nothing of the value itself is repeated. */
export function adminKey(variable: string, text: string): Secret {
  if (text.length < SHORTEST_ADMIN_KEY)
    throw new ConfigError(variable, `must have at least ${SHORTEST_ADMIN_KEY} characters, and has ${text.length}.`);
  if (text.length > LONGEST_ADMIN_KEY)
    throw new ConfigError(variable, `must have at most ${LONGEST_ADMIN_KEY} characters, and has ${text.length}.`);
  if (!VISIBLE_ASCII.test(text))
    throw new ConfigError(variable, 'may hold only visible ASCII characters, and no spaces.');
  return new Secret(text);
}

export function recordAnswers(variable: string, text: string): boolean {
  if (text === 'true') throw new ConfigError(variable, 'cannot be true: this build does not record answers.');
  if (text !== 'false') throw new ConfigError(variable, `must be true or false, not ${shown(text)}.`);
  return false;
}

export function yesOrNo(variable: string, text: string): boolean {
  if (text !== 'true' && text !== 'false')
    throw new ConfigError(variable, `must be true or false, not ${shown(text)}.`);
  return text === 'true';
}

/** What addresses that we give to others begin with. */
export function publicUrl(variable: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const web = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (
    !url ||
    !web ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== '' ||
    text.length > LONGEST_URL
  )
    throw new ConfigError(variable, `must be a web address such as https://inforce.example, not ${shown(text)}.`);
  return url.href.replace(/\/+$/, '');
}

function pathOf(variable: string, text: string): string {
  if (text.trim() === '' || text.includes('\0')) throw new ConfigError(variable, `must be a path, not ${shown(text)}.`);
  return resolve(text);
}

function kindOf(path: string): 'directory' | 'other' | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return undefined;
    return found.isDirectory() ? 'directory' : 'other';
  } catch {
    // Not to be looked at, by this user: whoever opens it has the words for that.
    return undefined;
  }
}

/** As JSON: control characters of a value must not reach the terminal. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
