import { versions } from '#libs/calendar';
import { equal, fromBase64, hashFromBase64, type Sha256, toBase64, utf8, concat } from '../core/bytes.ts';
import { canonicalText } from '../core/canonical.ts';
import { type Checkpoint, type Heads, parseCheckpoint } from '../core/checkpoint.ts';
import { keysHandedOver } from '../core/handover.ts';
import { verifyHead } from '../core/heads.ts';
import { isPrivateValue, leafBytes } from '../core/leaf.ts';
import { hashLeaf, verifyInclusion } from '../core/merkle.ts';
import {
  ED25519,
  formatVerifierKey,
  isNamedAfterAnother,
  NoteMalformed,
  parseNote,
  parseVerifierKey,
  type SignedNote,
  type VerifierKey,
  verifyNote,
  type VerifyEd25519,
} from '../core/note.ts';
import { answerFrom } from './answer.ts';
import { type Bundle, type BundledEvent, BundleFault, streamOfMatter } from './bundle.ts';
import { readBundle } from './read.ts';

export interface BundleVerifier {
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  /** A verifier key that is trusted for reasons of its own: the bundle’s, or one that was handed over to it. Absent: the one in the bundle is taken at its word. */
  readonly key?: string;
}

/** What a bundle that holds has shown. */
export interface Verified {
  readonly bundle: Bundle;
  readonly checkpoint: Checkpoint;
  readonly key: VerifierKey;
  /** Whether the key was known from elsewhere. */
  readonly pinned: boolean;
  /** How many hand-overs lead from the key that is trusted to the one that signed. */
  readonly handovers: number;
  /** Signatures by other keys, which were not looked at. */
  readonly otherSignatures: number;
  /** Editions that this verifier has otherwise; the answer is the same all the same. */
  readonly otherEditions: readonly string[];
}

/** Checks everything that a bundle claims, from its own bytes. @throws BundleFault naming the first thing that is not so. */
export async function verifyBundle(bytes: Uint8Array, verifier: BundleVerifier): Promise<Verified> {
  const bundle = readBundle(bytes);
  const { sha256 } = verifier;
  const signed = await signedBy(bundle, verifier);
  bundle.events.forEach((each, index) => mustBeInLog(sha256, bundle, each, index, signed.checkpoint));
  mustBeComplete(sha256, bundle, signed.heads);
  const otherEditions = editionsBeside(bundle);
  mustFollow(bundle, otherEditions);
  mustBeWhole(sha256, bundle);
  return { bundle, ...signed, otherEditions };
}

/** The digest of a bundle, over everything in it but the digest itself. */
export function digestOf(sha256: Sha256, rest: Omit<Bundle, 'digest'>): string {
  return toBase64(sha256(utf8(canonicalText(rest))));
}

interface Signed extends Pick<Verified, 'checkpoint' | 'key' | 'pinned' | 'handovers' | 'otherSignatures'> {
  readonly heads: Heads;
}

async function signedBy(bundle: Bundle, { sha256, verify, key: pin }: BundleVerifier): Promise<Signed> {
  const key = parseVerifierKey(sha256, bundle.key);
  if (!key || key.type !== ED25519) fault('/key', 'The key is not an Ed25519 verifier key.');
  const keys = await handedOver(bundle, key, { sha256, verify });
  const handovers = pin === undefined ? 0 : keys.map(formatVerifierKey).toReversed().indexOf(pin.trim());
  if (handovers < 0) fault('/key', `The bundle is signed by another key: ${bundle.key}`);
  if (isNamedAfterAnother(sha256, keys[0] ?? key)) fault('/key', `The log ${key.name} is named after another key.`);
  const { note, checkpoint } = parsed(bundle.checkpoint);
  if (checkpoint.origin !== key.name) fault('/checkpoint', 'The checkpoint is of another log than the key.');
  if (!(await verifyNote(verify, note, key))) fault('/checkpoint', 'The signature of the checkpoint does not hold.');
  const { heads } = checkpoint;
  if (!heads) fault('/checkpoint', 'The checkpoint says nothing of the heads of the streams.');
  const own = note.signatures.filter(({ name, keyId }) => name === key.name && equal(keyId, key.keyId)).length;
  return {
    checkpoint,
    heads,
    key,
    pinned: pin !== undefined,
    handovers,
    otherSignatures: note.signatures.length - own,
  };
}

/** The log’s verifier keys, from its first on to the bundle’s. */
async function handedOver(
  { handovers = [] }: Bundle,
  key: VerifierKey,
  { sha256, verify }: BundleVerifier,
): Promise<readonly VerifierKey[]> {
  const keys = await keysHandedOver(sha256, verify, handovers, key).catch((error: unknown) => {
    if (error instanceof NoteMalformed) return undefined;
    throw error;
  });
  return keys ?? fault('/handovers', 'The hand-overs do not lead to the key of the bundle.');
}

function parsed(text: string): { readonly note: SignedNote; readonly checkpoint: Checkpoint } {
  try {
    const note = parseNote(text);
    return { note, checkpoint: parseCheckpoint(note.text) };
  } catch (error) {
    if (error instanceof NoteMalformed) fault('/checkpoint', error.message);
    throw error;
  }
}

function mustBeInLog(
  sha256: Sha256,
  { matter, events }: Bundle,
  { event, index, proof, reveal = [] }: BundledEvent,
  place: number,
  { size, root }: Checkpoint,
): void {
  const at = `/events/${place}`;
  if (event.stream !== streamOfMatter(matter)) fault(`${at}/event/stream`, `Event ${place} is of another stream.`);
  if (event.revision !== place)
    fault(
      `${at}/event/revision`,
      `Event ${place} has revision ${event.revision}: one is missing, or out of its order.`,
    );
  const before = events[place - 1];
  if (before && index <= before.index) fault(`${at}/index`, `Event ${place} does not come after the one before it.`);
  const leafHash = hashLeaf(sha256, leafBytes(event));
  if (!verifyInclusion(sha256, { index, size, leafHash, proof: hashes(proof), root }))
    fault(at, `Event ${place} (${event.type}, ${event.id}) is not the one that was signed for, or its proof is not.`);
  if (before && event.recordedAt < before.event.recordedAt)
    fault(`${at}/event/recordedAt`, `Event ${place} was recorded before the one in front of it.`);
  reveal.forEach(({ pointer, salt, value }, number) => {
    const found = valueAt(event, pointer);
    const salted = toBase64(sha256(concat(fromBase64(salt) ?? new Uint8Array(), utf8(canonicalText(value)))));
    if (!isPrivateValue(found) || found.salted !== salted)
      fault(`${at}/reveal/${number}`, `What is revealed of event ${place} is not what was recorded.`);
  });
}

/** RFC 6901 §4. */
function valueAt(event: unknown, pointer: string): unknown {
  let value = event;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : null;
  }
  return value;
}

/** Nothing was left out at the end: revisions have no gaps, and the last one is the head that was signed for. */
function mustBeComplete(sha256: Sha256, { matter, events, head }: Bundle, heads: Heads): void {
  const { stream, revision, proof } = head;
  if (stream !== streamOfMatter(matter)) fault('/head/stream', 'The head is that of another stream.');
  if (events.length === 0 || revision !== events.length - 1)
    fault(
      '/head/revision',
      `The matter’s last revision is ${revision}, and the bundle ends with ${events.length - 1}.`,
    );
  if (!verifyHead(sha256, heads, { ...head, proof: hashes(proof) }))
    fault('/head', 'That the last event is the matter’s last is not what was signed for.');
}

function mustFollow(bundle: Bundle, otherEditions: readonly string[]): void {
  const { matter, clocks, events, answer } = bundle;
  const shown = canonicalText(clocks);
  if (canonicalText(answer.clocks) !== shown) fault('/clocks', 'The clocks are not those of the answer.');
  const { party, enforcer } = answer;
  const own = answerFrom(
    events.map(({ event }) => event),
    { matter, clocks, party, enforcer },
  );
  const place = firstDifference(own, answer, '/answer');
  if (place === undefined) return;
  const excuse = otherEditions.length > 0 ? ` It was made with other editions: ${otherEditions.join(', ')}.` : '';
  fault(place, `The answer is not the one that the events give.${excuse}`);
}

function editionsBeside({ versions: made }: Bundle): readonly string[] {
  const own = { ...versions.rules, ...versions.calendars, tzdb: versions.tzdb };
  const theirs = { ...made.rules, ...made.calendars, tzdb: made.tzdb };
  const names = new Set([...Object.keys(own), ...Object.keys(theirs)]);
  return [...names]
    .filter((name) => edition(own, name) !== edition(theirs, name) && edition(own, name) !== 'unknown')
    .map((name) => `${name} ${edition(theirs, name)} (here ${edition(own, name)})`);
}

function edition(of: Readonly<Record<string, string>>, name: string): string {
  return of[name] ?? 'none';
}

function mustBeWhole(sha256: Sha256, bundle: Bundle): void {
  const { digest, ...rest } = bundle;
  const positions = rest.events.map(({ event }) => event.position);
  if (new Set(positions).size !== positions.length) fault('/events', 'Two events have one position.');
  if (digestOf(sha256, rest) !== digest)
    fault('', 'Something was changed that no proof covers: a position, an edition, a signature by another key.');
}

/** RFC 6901: where two values of plain JSON first differ, if they do. */
function firstDifference(one: unknown, other: unknown, place: string): string | undefined {
  if (one === other) return undefined;
  const [left, right] = [entriesOf(one), entriesOf(other)];
  if (!left || !right || Array.isArray(one) !== Array.isArray(other)) return place;
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const found = firstDifference(left.get(name), right.get(name), `${place}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

function hashes(proof: readonly string[]): readonly Uint8Array[] {
  return proof.map((text) => hashFromBase64(text) ?? new Uint8Array());
}

function fault(place: string, message: string): never {
  throw new BundleFault('unproven', place, message);
}
