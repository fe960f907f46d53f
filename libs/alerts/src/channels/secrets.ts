import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** What a webhook is signed with, as Standard Webhooks writes it: `whsec_…` (HMAC-SHA256) or `whsk_…` (Ed25519). */
export type SigningSecret = `whsec_${string}` | `whsk_${string}`;

const SEED_BYTES = 32;
/** RFC 8410 §7: what stands before the 32 bytes of an Ed25519 seed in PKCS #8. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const DAY_MS = 86_400_000;

/** From 24 to 64 bytes. */
export function symmetricSecret(key: Uint8Array): SigningSecret {
  return `whsec_${Buffer.from(key).toString('base64')}`;
}

/** From a seed of 32 bytes: the seed and the public key, in base64. */
export function asymmetricSecret(seed: Uint8Array): SigningSecret {
  return `whsk_${Buffer.concat([seed, publicBytes(privateKey(seed))]).toString('base64')}`;
}

/** `whpk_…`, for whoever verifies. */
export function publicKeyOf(secret: SigningSecret): string {
  return `whpk_${publicBytes(privateKey(seedOf(secret))).toString('base64')}`;
}

/**
 * One entry of the `webhook-signature` header: over `id.timestamp.body`.
 * @param timestamp seconds since 1970
 */
export function signature(secret: SigningSecret, id: string, timestamp: number, body: string): string {
  if (secret.startsWith('whsec_')) return new Webhook(secret).sign(id, new Date(timestamp * 1000), body);
  const signed = sign(null, Buffer.from(`${id}.${timestamp}.${body}`), privateKey(seedOf(secret)));
  return `v1a,${signed.toString('base64')}`;
}

export interface Rotation {
  readonly rotation: number;
  /** When each of the newest took the place of the one before, in order. */
  readonly rotations: readonly string[];
}

/**
 * What a watch signs with at `now`: both schemes, and for a day after each rotation the old secrets as well, so that a
 * receiver can change over without refusing anything, also when it is rotated again meanwhile.
 */
export function secretsAt<Secret>(
  { rotation, rotations }: Rotation,
  now: number,
  of: (rotation: number) => readonly Secret[],
): readonly Secret[] {
  const old = rotations
    .toReversed()
    .flatMap((at, back) => (now < Date.parse(at) + DAY_MS ? of(rotation - 1 - back) : []));
  return [...of(rotation), ...old];
}

function seedOf(secret: SigningSecret): Buffer {
  const bytes = Buffer.from(secret.slice('whsk_'.length), 'base64');
  if (!secret.startsWith('whsk_') || (bytes.length !== SEED_BYTES && bytes.length !== 2 * SEED_BYTES))
    throw new TypeError('A signing key is whsk_ and the base64 of a seed, or of a seed and its public key.');
  return bytes.subarray(0, SEED_BYTES);
}

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES);
}
