import { isIP } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './addresses.ts';

export interface OutwardRules {
  /** For development: loopback may be reached, also over plain http. */
  readonly allowLoopback: boolean;
}

/** An address that nothing is sent to, and why, in one sentence. */
export class OutwardRefused extends Error {
  override readonly name = 'OutwardRefused';
}

const LONGEST_URL = 2000;
/** Names that never leave a machine or a site (RFC 6761, RFC 6762, RFC 8375, and `.internal` by ICANN's resolution). */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/;

/**
 * What can be said of a URL without asking anybody; where a name leads is checked anew whenever it is connected to.
 * The URL parser has made every way of writing an address, such as 0x7f.1, the one that is looked at here.
 * @throws OutwardRefused
 */
export function outwardUrl(text: string, rules: OutwardRules): URL {
  if (text.length > LONGEST_URL) throw new OutwardRefused(`The URL has more than ${LONGEST_URL} characters.`);
  if (!URL.canParse(text)) throw new OutwardRefused('This is not a URL.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new OutwardRefused('The URL must begin with https:.');
  if (url.username !== '' || url.password !== '')
    throw new OutwardRefused('The URL must not carry a name or password.');
  const host = hostOf(url);
  const loopback = rules.allowLoopback && (isLoopbackAddress(host) || host === 'localhost');
  if (url.protocol === 'http:' && !loopback) throw new OutwardRefused('The URL must begin with https:.');
  if (!loopback && (isIP(host) === 0 ? LOCAL_NAME.test(host) : !isPublicAddress(host)))
    throw new OutwardRefused('The URL leads to a machine that is not on the public internet.');
  return url;
}

/** Without the brackets of IPv6, and without the dot that may end a name. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/**
 * Whether a socket may be opened to this address for this URL. @throws OutwardRefused
 */
export function admitAddress(address: string, { protocol }: URL, { allowLoopback }: OutwardRules): void {
  if (allowLoopback && isLoopbackAddress(address)) return;
  if (protocol === 'https:' && isPublicAddress(address)) return;
  throw new OutwardRefused('The URL leads to a machine that is not on the public internet.');
}
