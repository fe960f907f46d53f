import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Datasets, LogPlace } from './config.ts';
import { ConfigError } from './config-error.ts';
import { cluster, namesCluster } from './connection.ts';
import { Secret } from './secret.ts';

const HIGHEST_PORT = 65_535;
const LONGEST_URL = 500;
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

/** `prefix`: of the streams on a shared server. */
export function logPlace(variable: string, text: string, prefix: string): LogPlace {
  if (namesCluster(text)) return cluster(variable, text, prefix);
  const [, file] = /^sqlite:(.*)$/s.exec(text) ?? [];
  if (file === undefined)
    throw new ConfigError(variable, `must be sqlite:<file> or kurrentdb://<hosts>, not ${shown(withoutUser(text))}.`);
  if (file === '') throw new ConfigError(variable, 'must name a file after sqlite:.');
  return { kind: 'sqlite', file: fileAt(variable, file) };
}

/** A misspelt scheme must not bring a password to the terminal. */
function withoutUser(text: string): string {
  return text.replace(/:\/\/.*@/s, '://…@');
}

export function keysFile(variable: string, text: string): string {
  return fileAt(variable, text);
}

function fileAt(variable: string, text: string): string {
  const path = pathOf(variable, text);
  if (kindOf(path) === 'directory')
    throw new ConfigError(variable, `must name a file, and ${shown(text)} is a directory.`);
  return path;
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

/** `true`, `false`, or the addresses and networks (CIDR) of the proxies. */
export function trustProxy(variable: string, text: string): boolean | readonly string[] {
  if (text === 'true' || text === 'false') return text === 'true';
  const proxies = text.split(',').map((each) => each.trim());
  const wrong = proxies.find((each) => !isNetwork(each));
  if (wrong !== undefined)
    throw new ConfigError(variable, `must be true, false, or addresses and networks with commas, not ${shown(wrong)}.`);
  return proxies;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
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
