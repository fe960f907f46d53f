import { asymmetricSecret, secretsAt, type SigningSecret, symmetricSecret } from '../channels/secrets.ts';
import type { Receiver, WatchBook } from '../deliver/books.ts';
import type { Channel, Watch } from '../watch.ts';
import { WatchRefusal } from './refusal.ts';
import type { WatchDesk } from './watch-desk.ts';

/** Both schemes of Standard Webhooks: HMAC, and Ed25519 for whoever wants to verify without being able to sign. */
export function signingSecrets(desk: WatchDesk, watch: Pick<Watch, 'id'>, rotation: number): readonly SigningSecret[] {
  return [
    symmetricSecret(desk.keyOf(watch, 'hmac', rotation)),
    asymmetricSecret(desk.keyOf(watch, 'ed25519', rotation)),
  ];
}

/** The watches as delivery asks about them. */
export class Receivers implements WatchBook {
  readonly #desk: WatchDesk;

  constructor(desk: WatchDesk) {
    this.#desk = desk;
  }

  /** @throws VaultError when the installation's secret is not the one the address was sealed under. */
  readonly receiver = async (id: string, now: number): Promise<Receiver | undefined> => {
    const watch = await this.#desk.read(id);
    const channel = watch && this.#desk.channelOf(watch);
    if (!channel) return undefined;
    const secrets = secretsAt(watch, now, (rotation) => signingSecrets(this.#desk, watch, rotation));
    return { watch: id, channel, state: watch.state, secrets: channel.kind === 'webhook' ? secrets : [] };
  };

  readonly channelKind = async (id: string): Promise<Channel['kind'] | undefined> =>
    (await this.#desk.read(id))?.channelKind;

  readonly disable = async (id: string, reason: string): Promise<void> => {
    try {
      await this.#desk.tell(id, 'alerts', { kind: 'disable', reason });
    } catch (error) {
      // It was removed meanwhile: nothing is left to disable.
      if (!(error instanceof WatchRefusal)) throw error;
    }
  };
}
