import { VaultError } from '#libs/vault';
import { publicKeyOf } from '../channels/secrets.ts';
import type { Channel, Watch } from '../watch.ts';
import { signingSecrets } from './receivers.ts';
import type { WatchDesk } from './watch-desk.ts';

/** A watch as its owner sees it. */
export function watchAnswer(desk: WatchDesk, watch: Watch) {
  const { id, name, filter, leads, at, timeZone, state, reason, createdAt } = watch;
  const rotatedAt = rotatedAtOf(watch);
  const channel = channelIn(desk, watch);
  return { id, name, filter, leads, at, timeZone, channel, state, reason, createdAt, rotatedAt };
}

/** Whoever lost the installation's secret must still see which watches there are, and can give them their address anew. */
function channelIn(desk: WatchDesk, watch: Watch): Channel | null {
  try {
    return desk.channelOf(watch) ?? null;
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

/** When its secret was last rotated. */
export function rotatedAtOf({ rotations }: Pick<Watch, 'rotations'>): string | null {
  return rotations.at(-1) ?? null;
}

/** What its webhooks are signed with: `secret` is for HMAC, and whoever knows it can sign, too. */
export function secretAnswer(desk: WatchDesk, watch: Watch) {
  if (watch.channelKind !== 'webhook') return {};
  const [secret = '', signing] = signingSecrets(desk, watch, watch.rotation);
  return { secret, publicKey: signing ? publicKeyOf(signing) : '' };
}
