import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from 'node:crypto';
import { utf8 } from '../core/bytes.ts';
import { originNamedAfter } from '../core/note.ts';
import { ED25519, formatNote, type NoteSignature, type VerifierKey, verifierKey } from '../core/note.ts';
import { sha256 } from '../node-crypto.ts';

/** RFC 8410 §7: what stands before the 32 bytes of an Ed25519 seed in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

/** One generation of the key that signs. */
export interface SigningKey {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** The keys of an installation, one after the other: all replicas with the same secret have the same ones. */
export class SigningKeys {
  readonly #secret: Uint8Array;

  /** `secret`: the installation's, at least 32 characters that nobody can guess. */
  constructor(secret: string) {
    if (secret.length < SEED_BYTES) throw new TypeError('A secret to sign with has at least 32 characters.');
    this.#secret = utf8(secret);
  }

  generation(number: number): SigningKey {
    // RFC 5869; the purpose and the generation make each key independent of every other use of the secret.
    const seed = hkdfSync(
      'sha256',
      this.#secret,
      Buffer.alloc(0),
      `inforce evidence signing key ${number}`,
      SEED_BYTES,
    );
    const key = createPrivateKey({
      key: Buffer.concat([PKCS8_PREFIX, Buffer.from(seed)]),
      format: 'der',
      type: 'pkcs8',
    });
    return { publicKey: publicPart(key), sign: (message) => sign(null, message, key) };
  }
}

/** The name of a log that has none yet: that of its first key. */
export function originOf({ publicKey }: Pick<SigningKey, 'publicKey'>): string {
  return originNamedAfter(sha256, publicKey);
}

export function verifierOf(origin: string, { publicKey }: Pick<SigningKey, 'publicKey'>): VerifierKey {
  return verifierKey(sha256, { name: origin, type: ED25519, publicKey });
}

/** The text, signed with each of the keys under the origin's name. */
export function signedNote(origin: string, text: string, keys: readonly SigningKey[]): string {
  const signatures = keys.map((key): NoteSignature => {
    const { name, keyId } = verifierOf(origin, key);
    return { name, keyId, signature: key.sign(utf8(text)) };
  });
  return formatNote({ text, signatures });
}

function publicPart(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES));
}
