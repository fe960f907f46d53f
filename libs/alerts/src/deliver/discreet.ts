import type { Channel } from '../watch.ts';

const LEFT_OUT = '[address]';
/** Shorter parts of an address say nothing of it, and stand in any sentence. */
const SHORTEST = 3;

/**
 * What a receiver answered, without its own address in it. The address is sealed in the log and can be erased from it; mail
 * servers that repeat it, and name servers that do not know it, must not undo that.
 */
export function discreet(answer: string, channel: Channel): string {
  return partsOf(channel)
    .filter((part) => part.length >= SHORTEST)
    .reduce((text, part) => text.replaceAll(new RegExp(literally(part), 'gi'), LEFT_OUT), answer);
}

/** The longest first. */
function partsOf(channel: Channel): readonly string[] {
  if (channel.kind === 'email') return [channel.to, ...channel.to.split('@')];
  const url = URL.canParse(channel.url) ? new URL(channel.url) : undefined;
  if (!url) return [channel.url];
  const { href, host, hostname, pathname, search } = url;
  return [channel.url, href, `${pathname}${search}`, pathname, search, host, hostname.replace(/^\[|\]$/g, '')];
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
