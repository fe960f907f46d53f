import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Datasets, EmbeddedLog } from './config.ts';
import { ConfigError } from './config-error.ts';
import { Secret } from './secret.ts';

const HIGHEST_PORT = 65_535;
const SHORTEST_SECRET = 32;
const LONGEST_SECRET = 512;
const SHORTEST_INTERVAL_MS = 1000;
// A timer of Node counts to 2^31 milliseconds.
const LONGEST_INTERVAL_MS = 240 * 3_600_000;
// RFC 1123 §2.1.
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i;
/** What can stand in a header as it is. */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const VERIFIER_KEY = /^[^\s+,]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/;

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

/** Nothing of the value itself is repeated. */
export function secret(variable: string, text: string): Secret {
  if (text.length < SHORTEST_SECRET)
    throw new ConfigError(variable, `must have at least ${SHORTEST_SECRET} characters, and has ${text.length}.`);
  if (text.length > LONGEST_SECRET)
    throw new ConfigError(variable, `must have at most ${LONGEST_SECRET} characters, and has ${text.length}.`);
  if (!VISIBLE_ASCII.test(text))
    throw new ConfigError(variable, 'may hold only visible ASCII characters, and no spaces.');
  return new Secret(text);
}

/** Milliseconds of an ISO 8601 period of hours, minutes and seconds. */
export function interval(variable: string, text: string): number {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^PT(?=\d)(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?$/.exec(text) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  if (ms < SHORTEST_INTERVAL_MS || ms > LONGEST_INTERVAL_MS)
    throw new ConfigError(variable, `must be a period from PT1S to PT240H, such as PT5M, not ${shown(text)}.`);
  return ms;
}

export function fileOrDirectory(variable: string, text: string): string {
  return pathOf(variable, text);
}

/** C2SP's vkeys: what they say is looked at by whoever uses them. */
export function verifierKeys(variable: string, text: string): readonly string[] {
  const keys = text.split(',').map((key) => key.trim());
  if (!keys.every((key) => VERIFIER_KEY.test(key)))
    throw new ConfigError(variable, `must be a comma list of verifier keys, name+id+key, not ${shown(text)}.`);
  return keys;
}

export function recordAnswers(variable: string, text: string): boolean {
  if (text !== 'true' && text !== 'false')
    throw new ConfigError(variable, `must be true or false, not ${shown(text)}.`);
  return text === 'true';
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
