import { concat, utf8 } from './bytes.ts';
import {
  COSIGNATURE,
  isBy,
  type NoteSignature,
  SIGNATURE_BYTES,
  type VerifierKey,
  type VerifyEd25519,
} from './note.ts';

const TIMESTAMP_BYTES = 8;

/** C2SP tlog-cosignature, Ed25519: what a witness signs, and when it says it did, in seconds since 1970. */
export function cosignedMessage(checkpoint: string, timestamp: bigint): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timestamp}\n${checkpoint}`);
}

/** A witness's line, from its key's signature over `cosignedMessage`. */
export function cosignatureOf({ name, keyId }: VerifierKey, timestamp: bigint, signature: Uint8Array): NoteSignature {
  const time = new Uint8Array(TIMESTAMP_BYTES);
  new DataView(time.buffer).setBigUint64(0, timestamp);
  return { name, keyId, signature: concat(time, signature) };
}

/** When the witness says that it saw this checkpoint, in seconds since 1970; undefined when it did not sign it. */
export async function verifyCosignature(
  verify: VerifyEd25519,
  checkpoint: string,
  line: NoteSignature,
  witness: VerifierKey,
): Promise<bigint | undefined> {
  const { signature } = line;
  if (witness.type !== COSIGNATURE || !isBy(witness, line)) return undefined;
  if (signature.length !== TIMESTAMP_BYTES + SIGNATURE_BYTES) return undefined;
  const timestamp = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (timestamp >= 2n ** 63n) return undefined;
  const message = cosignedMessage(checkpoint, timestamp);
  return (await verify(witness.publicKey, message, signature.subarray(TIMESTAMP_BYTES))) ? timestamp : undefined;
}
