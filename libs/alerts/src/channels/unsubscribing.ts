import { timingSafeEqual } from 'node:crypto';

export interface UnsubscribingOptions {
  /** Where the service is reached from outside, without a slash at its end. */
  readonly publicUrl: string;
  /** 32 bytes that only this installation has, of its own for each watch. */
  readonly keyOf: (watch: string) => Buffer;
}

/** Addresses at which whoever gets a mail ends it, without a key of the service: the address itself proves the right. */
export class Unsubscribing {
  readonly #options: UnsubscribingOptions;

  constructor(options: UnsubscribingOptions) {
    this.#options = options;
  }

  readonly url = (watch: string): string => {
    const { publicUrl, keyOf } = this.#options;
    return `${publicUrl}/v1/watches/${watch}/unsubscribe?token=${keyOf(watch).toString('base64url')}`;
  };

  accepts(watch: string, token: string): boolean {
    const given = Buffer.from(token, 'base64url');
    const key = this.#options.keyOf(watch);
    return given.length === key.length && timingSafeEqual(given, key);
  }
}
