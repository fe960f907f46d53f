import { readFileSync } from 'node:fs';
import { parseDataset } from '#libs/contract';
import { MemoryEventLog } from '#libs/event-log';
import {
  type Bundle,
  canonicalText,
  ED25519,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  fromUtf8,
  HeadsTree,
  leafBytes,
  makeBundle,
  sha256,
  SigningKeys,
  toBase64,
  utf8,
  verifierKey,
} from '#libs/evidence';
import { eventAnswer, matterStream, Register, type StatusAsked } from '#libs/register';
import { aSealing, aTree, must } from './evidence.ts';

/** A log of its own with both bundled matters, sealed; and the bundle of an answer about one of them. */
export async function aBundle(matter: string, asked: StatusAsked, rotations = 0): Promise<Uint8Array> {
  const log = new MemoryEventLog();
  const register = new Register({ log, now: Date.now });
  for (const name of ['us-chip-controls', 'us-tiktok']) {
    const file = new URL(`../../datasets/${name}.json`, import.meta.url);
    await register.importDataset(parseDataset(JSON.parse(readFileSync(file, 'utf8'))), { actor: 'import' });
  }
  const { evidence, sealer, close } = aSealing(log);
  await sealer.seal();
  for (let count = 0; count < rotations; count += 1) await sealer.rotate();
  const { note, size } = must(await sealer.seal()).checkpoint;
  const { store } = evidence;
  const events = [];
  for await (const event of log.read(matterStream(matter))) {
    const { index, proof } = store.inclusion(must(store.leafOf(event.id)).index, size);
    events.push({ event: eventAnswer(event), index, proof });
  }
  const head = must(store.head(matterStream(matter), size));
  const answer = (await register.status(matter, asked)).body;
  const [key, { handovers }] = [must(store.keys.at(-1)), store];
  const bytes = makeBundle(sha256, { matter, events, head, checkpoint: note, key, handovers, answer });
  await close();
  return bytes;
}

export const bundleIn = (bytes: Uint8Array): Bundle => JSON.parse(fromUtf8(bytes));

/** The bundle with something changed, written as a bundle is. */
export function altered(bytes: Uint8Array, change: (bundle: Changeable) => void): Uint8Array {
  const bundle: Changeable = JSON.parse(fromUtf8(bytes));
  change(bundle);
  return utf8(canonicalText(bundle));
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests change what they like
export type Changeable = any;

/** The same as somebody with a key of their own would sign it: a log of these events alone, with whatever was changed in them. */
export function signedAnew(
  bytes: Uint8Array,
  change: (bundle: Changeable) => void,
  origin = 'example.com/log',
): Uint8Array {
  return altered(bytes, (bundle) => {
    change(bundle);
    const signer = new SigningKeys('9'.repeat(32)).generation(1);
    const { name, keyId, ...verifier } = verifierKey(sha256, {
      name: origin,
      type: ED25519,
      publicKey: signer.publicKey,
    });
    const tree = aTree(bundle.events.map(({ event }: Changeable) => leafBytes(event)));
    const size = bundle.events.length;
    bundle.events.forEach((each: Changeable, index: number) => {
      Object.assign(each, { index, proof: tree.inclusion(index, size).proof.map(toBase64) });
    });
    const heads = new HeadsTree(sha256, [{ stream: bundle.head.stream, revision: size - 1 }]);
    const head = must(heads.proof(bundle.head.stream));
    const text = formatCheckpoint({ origin, size, root: tree.root(size), heads: heads.heads });
    const signatures = [{ name, keyId, signature: signer.sign(utf8(text)) }];
    const checkpoint = formatNote({ text, signatures });
    Object.assign(bundle, { head: { ...head, proof: [] }, checkpoint });
    bundle.key = formatVerifierKey({ name, keyId, ...verifier });
    withDigest(bundle);
  });
}

/** As whoever altered it would, who knows how the digest is made. */
export function withDigest(bundle: Changeable): void {
  delete bundle.digest;
  bundle.digest = toBase64(sha256(utf8(canonicalText(bundle))));
}
