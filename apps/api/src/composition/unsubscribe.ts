import type { Unsubscribing } from '#libs/alerts';

/** Whether an address that ends mails is one of ours; none is, while nobody outside can reach us. */
export class Unsubscribe {
  readonly #unsubscribing: Unsubscribing | undefined;

  constructor(unsubscribing: Unsubscribing | undefined) {
    this.#unsubscribing = unsubscribing;
  }

  accepts(watch: string, token: string): boolean {
    return this.#unsubscribing?.accepts(watch, token) ?? false;
  }
}
