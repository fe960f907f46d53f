import type { Channel } from '../watch.ts';
import { isMailAddress } from './mail-setup.ts';
import { OutwardRefused, outwardUrl } from './outward-url.ts';

/** Where this installation sends. */
export interface Reach {
  readonly sendsMail: boolean;
  readonly allowLoopback: boolean;
}

/** What can be said against a channel before anybody is asked where it leads; the place is in the watch as it was sent. */
export function channelFault(
  channel: Channel,
  { sendsMail, allowLoopback }: Reach,
): { readonly pointer: string; readonly message: string } | undefined {
  if (channel.kind === 'webhook') return urlFault(channel.url, allowLoopback);
  if (!sendsMail) return { pointer: '/channel/kind', message: 'cannot be email: this service sends none' };
  return isMailAddress(channel.to) ? undefined : { pointer: '/channel/to', message: 'must be a mail address' };
}

function urlFault(url: string, allowLoopback: boolean) {
  try {
    outwardUrl(url, { allowLoopback });
    return undefined;
  } catch (error) {
    if (!(error instanceof OutwardRefused)) throw error;
    return { pointer: '/channel/url', message: `is refused: ${error.message}` };
  }
}
