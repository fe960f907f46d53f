import { publicKeyOf, signingSecrets, type Watch, type WatchDesk } from '#libs/alerts';

/** A watch as its owner sees it. */
export function watchAnswer(desk: WatchDesk, watch: Watch) {
  const { id, name, filter, leads, at, timeZone, state, reason, createdAt, rotatedAt } = watch;
  const channel = desk.channelOf(watch) ?? null;
  return { id, name, filter, leads, at, timeZone, channel, state, reason, createdAt, rotatedAt };
}

/** What its webhooks are signed with: `secret` is for HMAC, and whoever knows it can sign, too. */
export function secretAnswer(desk: WatchDesk, watch: Watch) {
  if (watch.channelKind !== 'webhook') return {};
  const [secret = '', signing] = signingSecrets(desk, watch, watch.rotation);
  return { secret, publicKey: signing ? publicKeyOf(signing) : '' };
}
