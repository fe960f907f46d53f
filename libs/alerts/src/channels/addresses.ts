import ipaddr from 'ipaddr.js';

/** IANA has given out only 2000::/3 as global unicast (RFC 4291 §2.4); the rest is for special use, or nobody's. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** Azure's host agent answers at an address that is public by its number, to whoever runs there. */
const METADATA = new Set(['168.63.129.16']);

/**
 * Whether a machine on the public internet answers at this address. Not so for private, link-local, loopback and shared
 * addresses, multicast, what is reserved or for documents, and IPv6 that wraps an IPv4 address (mapped, compatible,
 * NAT64, 6to4, Teredo): there a gateway would undo the wrapping, and reach what was refused.
 */
export function isPublicAddress(address: string): boolean {
  const parsed = parse(address);
  if (!parsed || parsed.range() !== 'unicast' || METADATA.has(parsed.toString())) return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6);
}

export function isLoopbackAddress(address: string): boolean {
  return parse(address)?.range() === 'loopback';
}

function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  // A zone (fe80::1%eth0) names one of our own links.
  if (address.includes('%') || !ipaddr.isValid(address)) return undefined;
  return ipaddr.parse(address);
}
