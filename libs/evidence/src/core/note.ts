import { concat, equal, fromBase64, hex, type Sha256, toBase64, utf8 } from './bytes.ts';

/** Ed25519 (RFC 8032), pure, over the whole message. WebCrypto answers later, Node at once. */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/** C2SP signed-note, "Signature types". */
export const ED25519 = 0x01;
export const COSIGNATURE = 0x04;
export type SignatureType = typeof ED25519 | typeof COSIGNATURE;

const KEY_ID_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
/** C2SP signed-note wants at least 16 accepted; more than this is no note of ours. */
const MOST_SIGNATURES = 64;
const MOST_CHARACTERS = 64 * 1024;

/** One signature line: who says it signed, and the bytes. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Whom a reader trusts, as C2SP's "vkey" says it. */
export interface VerifierKey {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
}

/** The note is none, or not written in the one way there is. */
export class NoteMalformed extends Error {
  override get name(): string {
    return 'NoteMalformed';
  }
}

/** @throws NoteMalformed */
export function parseNote(note: string): SignedNote {
  if (note.length > MOST_CHARACTERS) refuse('is longer than any note of ours');
  // C2SP signed-note, "Format": UTF-8, and no control character but newline.
  if (!note.isWellFormed() || /[^\P{Cc}\n\u007f-\u009f]/u.test(note)) refuse('holds what no note may hold');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) refuse('has no empty line before its signatures');
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) refuse(`has more than ${MOST_SIGNATURES} signatures`);
  return { text, signatures: lines.map(parseSignature) };
}

/** @throws NoteMalformed */
export function parseSignature(line: string): NoteSignature {
  const [, name = '', base64 = ''] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
  const bytes = fromBase64(base64);
  if (!isKeyName(name) || !bytes || bytes.length <= KEY_ID_BYTES) refuse('has a line that is no signature');
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  return `\u2014 ${name} ${toBase64(concat(keyId, signature))}\n`;
}

export function formatNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

/** C2SP signed-note: neither spaces nor a plus, which separates the parts of a verifier key. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

export function verifierKey(sha256: Sha256, { name, type, publicKey }: Omit<VerifierKey, 'keyId'>): VerifierKey {
  if (!isKeyName(name)) throw new TypeError(`A key cannot be named ${JSON.stringify(name)}.`);
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new TypeError('An Ed25519 key has 32 bytes.');
  const keyId = sha256(concat(utf8(`${name}\n`), new Uint8Array([type]), publicKey)).subarray(0, KEY_ID_BYTES);
  return { name, type, publicKey, keyId };
}

const NAMED_AFTER_KEY = /^inforce\/[0-9a-f]{16}$/;

export function originNamedAfter(sha256: Sha256, publicKey: Uint8Array): string {
  return `inforce/${hex(sha256(publicKey)).slice(0, 16)}`;
}

/** Whether the name of a log, where it says which key was the log’s first, says another one. */
export function isNamedAfterAnother(sha256: Sha256, { name, publicKey }: Omit<VerifierKey, 'keyId'>): boolean {
  return NAMED_AFTER_KEY.test(name) && name !== originNamedAfter(sha256, publicKey);
}

/** `<name>+<key id>+<type and key>`. */
export function formatVerifierKey({ name, keyId, type, publicKey }: VerifierKey): string {
  return `${name}+${hex(keyId)}+${toBase64(concat(new Uint8Array([type]), publicKey))}`;
}

/** Undefined for what is no verifier key of Ed25519, or whose id is not that of its key. */
export function parseVerifierKey(sha256: Sha256, text: string): VerifierKey | undefined {
  // Base64 has a plus of its own; a name has none.
  const [, name = '', id = '', base64 = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text) ?? [];
  const bytes = fromBase64(base64);
  const type = bytes?.[0];
  if (!bytes || bytes.length !== 1 + PUBLIC_KEY_BYTES || !isKeyName(name)) return undefined;
  if (type !== ED25519 && type !== COSIGNATURE) return undefined;
  const key = verifierKey(sha256, { name, type, publicKey: bytes.subarray(1) });
  return hex(key.keyId) === id ? key : undefined;
}

export function isBy(key: VerifierKey, { name, keyId }: NoteSignature): boolean {
  return name === key.name && equal(keyId, key.keyId);
}

/**
 * The signatures that have to hold for a note to be this key's; none when it signed nothing, or not as it should.
 * Signatures of unknown keys are passed over (C2SP signed-note, "Signatures").
 */
export function signaturesOf(key: VerifierKey, { signatures }: SignedNote): readonly Uint8Array[] {
  if (key.type !== ED25519) return [];
  const own = signatures.filter((signature) => isBy(key, signature)).map(({ signature }) => signature);
  return own.every(({ length }) => length === SIGNATURE_BYTES) ? own : [];
}

/** Whether a trusted key signed this note. One of its signatures that does not hold spoils the note. */
export async function verifyNote(verify: VerifyEd25519, note: SignedNote, key: VerifierKey): Promise<boolean> {
  const own = signaturesOf(key, note);
  for (const signature of own) {
    if (!(await verify(key.publicKey, utf8(note.text), signature))) return false;
  }
  return own.length > 0;
}

function refuse(what: string): never {
  throw new NoteMalformed(`The signed note ${what}.`);
}
