import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { commitment, jcs, type PlainJson, type PrivateValue, type Revealed } from './private-value.ts';

const KEY_BYTES = 32;
const SALT_BYTES = 32;
// NIST SP 800-38D §8.2.2: random IVs of 96 bits, safe for far more values under one key than any log holds.
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What was sealed cannot be opened: altered, of another place, or sealed under another secret. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

/** Keys and sealed values, all of one installation secret: who has the log alone reads none of them. */
export class Vault {
  readonly #secret: Buffer;
  readonly #sealing: Buffer;

  constructor(secret: string) {
    this.#secret = Buffer.from(secret, 'utf8');
    this.#sealing = this.derive('seal');
  }

  /** A key of 32 bytes for one purpose (HKDF-SHA256, RFC 5869). The same words give the same key. */
  derive(label: string, ...context: readonly string[]): Buffer {
    // As JSON, so that no two lists of words run into the same bytes.
    const info = JSON.stringify([label, ...context]);
    return Buffer.from(hkdfSync('sha256', this.#secret, 'inforce', info, KEY_BYTES));
  }

  /** AES-256-GCM over JCS of `{ salt, value }`. `context` names the place it belongs to; nowhere else can it be opened. */
  seal(value: PlainJson, context: string): PrivateValue & { readonly sealed: string } {
    const revealed = { salt: randomBytes(SALT_BYTES).toString('base64'), value };
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, iv).setAAD(Buffer.from(context));
    const hidden = Buffer.concat([cipher.update(jcs({ ...revealed }), 'utf8'), cipher.final()]);
    const sealed = Buffer.concat([iv, hidden, cipher.getAuthTag()]).toString('base64');
    return { salted: commitment(revealed), sealed };
  }

  /** @returns undefined for what was erased. @throws VaultError */
  open(hidden: PrivateValue, context: string): PlainJson | undefined {
    return this.reveal(hidden, context)?.value;
  }

  /** As `open`, with the salt. @throws VaultError */
  reveal({ salted, sealed }: PrivateValue, context: string): Revealed | undefined {
    if (sealed === undefined) return undefined;
    const revealed = this.#decipher(Buffer.from(sealed, 'base64'), context);
    if (commitment(revealed) !== salted) throw new VaultError('A sealed value is not the one that was committed to.');
    return revealed;
  }

  #decipher(bytes: Buffer, context: string): Revealed {
    try {
      if (bytes.length < IV_BYTES + TAG_BYTES) throw new RangeError('too short');
      const decipher = createDecipheriv('aes-256-gcm', this.#sealing, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
      const revealed: Revealed = JSON.parse(plain.toString('utf8'));
      return revealed;
    } catch (cause) {
      throw new VaultError(
        'A sealed value cannot be opened: it was altered, or INFORCE_SECRET is not the one it was sealed under.',
        { cause },
      );
    }
  }
}
