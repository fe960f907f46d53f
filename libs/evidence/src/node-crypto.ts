import { createPublicKey, hash, verify } from 'node:crypto';
import { type Sha256, utf8 } from './core/bytes.ts';
import type { HasSigned } from './core/chain.ts';
import { signaturesOf, type VerifyEd25519 } from './core/note.ts';

export const sha256: Sha256 = (bytes) => hash('sha256', bytes, 'buffer');

/** RFC 8410 §4: what stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export const verifyEd25519 = ((publicKey, message, signature) => {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}) satisfies VerifyEd25519;

export const hasSigned: HasSigned = (note, key) => {
  const own = signaturesOf(key, note);
  const message = utf8(note.text);
  return own.length > 0 && own.every((signature) => verifyEd25519(key.publicKey, message, signature));
};
