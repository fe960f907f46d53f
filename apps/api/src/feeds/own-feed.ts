import type { KeyStore } from '#libs/access';
import type { Caller } from '../http/caller.ts';
import { HttpRefusal } from '../http/http-refusal.ts';

/** A feed’s token that whoever asks may revoke. @throws HttpRefusal */
export function ownFeed(keys: KeyStore, feed: string, { actor, kind }: Caller): void {
  const found = keys.list().find(({ id, feedOf }) => id === feed && feedOf !== undefined);
  const own = found?.feedOf === actor || kind === 'admin';
  if (!found || !own || found.revokedAt !== null) throw new HttpRefusal('not-found', 'You have no such feed.');
}
