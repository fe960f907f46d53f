import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { equal, type Sha256, toBase64 } from './bytes.ts';
import {
  ED25519,
  formatVerifierKey,
  NoteMalformed,
  parseNote,
  parseVerifierKey,
  type SignedNote,
  type VerifierKey,
} from './note.ts';

/** Checkpoints and rotations of keys, in the order of the log. */
export const CHECKPOINT_STREAM = 'evidence-checkpoints';
export const CHECKPOINT_SIGNED = 'CheckpointSigned';
export const KEY_ROTATED = 'KeyRotated';

/** What a log is signed with, from one event of the chain on to the next. */
export interface Chain {
  readonly origin: string;
  readonly key: VerifierKey;
  /** From 1; each rotation adds one. */
  readonly generation: number;
}

/** A checkpoint as the log holds it. */
export interface CheckpointSigned {
  readonly note: string;
  readonly key: string;
  readonly size: number;
  readonly root: string;
  readonly heads: { readonly streams: number; readonly root: string };
}

/** From one key to the next, signed with both. */
export interface KeyRotated {
  readonly from: string;
  readonly to: string;
  readonly generation: number;
  readonly note: string;
}

/** What a step of the chain says, once its signatures were checked. */
export interface Step {
  readonly chain: Chain;
  readonly checkpoint: Checkpoint | undefined;
}

export interface ChainEvent {
  readonly type: string;
  readonly data: unknown;
}

/** Whether every signature of a note by this key holds, and there is one. */
export type HasSigned = (note: SignedNote, key: VerifierKey) => boolean;

/** Why an event cannot be the next of the chain, in the middle of a sentence. */
export class ChainFault extends Error {
  override get name(): string {
    return 'ChainFault';
  }
}

/**
 * The next step of the chain of signatures. The first checkpoint of a log brings its own key: whether that is the right
 * one, only somebody outside of the log can say.
 * @throws ChainFault
 */
export function nextStep(sha256: Sha256, hasSigned: HasSigned, before: Chain | undefined, event: ChainEvent): Step {
  try {
    if (event.type === CHECKPOINT_SIGNED) return checkpointStep(sha256, hasSigned, before, event.data);
    if (event.type === KEY_ROTATED) return rotationStep(sha256, hasSigned, before, event.data);
  } catch (error) {
    if (error instanceof NoteMalformed) throw new ChainFault(error.message, { cause: error });
    throw error;
  }
  throw new ChainFault(`an event of type ${event.type} has no place in this stream`);
}

function checkpointStep(sha256: Sha256, hasSigned: HasSigned, before: Chain | undefined, data: unknown): Step {
  const { note: text, key: keyText, size, root, heads } = fieldsOf(data);
  const key = before?.key ?? parseVerifierKey(sha256, textOf(keyText));
  if (!key || key.type !== ED25519 || formatVerifierKey(key) !== keyText) fault('its key is not the key of the log');
  const note = parseNote(textOf(text));
  const checkpoint = parseCheckpoint(note.text);
  const origin = before?.origin ?? checkpoint.origin;
  if (checkpoint.origin !== origin || key.name !== origin) fault('it is the checkpoint of another log');
  if (!hasSigned(note, key)) fault('its signature does not hold');
  const told = { size, root, heads };
  if (!checkpoint.heads || !sameCheckpoint(checkpoint, told)) fault('it says something else than its note');
  return { chain: before ?? { origin, key, generation: 1 }, checkpoint };
}

function sameCheckpoint({ size, root, heads }: Checkpoint, told: Fields): boolean {
  const { streams, root: headsRoot } = fieldsOf(told['heads']);
  return (
    size === told['size'] &&
    toBase64(root) === told['root'] &&
    heads?.streams === streams &&
    toBase64(heads?.root ?? new Uint8Array()) === headsRoot
  );
}

function rotationStep(sha256: Sha256, hasSigned: HasSigned, before: Chain | undefined, data: unknown): Step {
  if (!before) fault('there is no key yet to hand over from');
  const { from, to, generation, note: text } = fieldsOf(data);
  const key = parseVerifierKey(sha256, textOf(to));
  const next = before.generation + 1;
  if (formatVerifierKey(before.key) !== from || !key || key.type !== ED25519 || key.name !== before.origin)
    fault('it does not hand over the key of the log');
  if (generation !== next || equal(key.publicKey, before.key.publicKey)) fault('its generation is not the next one');
  const note = parseNote(textOf(text));
  if (note.text !== rotationText(before, key)) fault('its note is about something else');
  if (!hasSigned(note, before.key)) fault('the old key has not signed it');
  if (!hasSigned(note, key)) fault('the new key has not signed it');
  return { chain: { origin: before.origin, key, generation: next }, checkpoint: undefined };
}

/** What both keys sign. It cannot be read as a checkpoint: there, the second line is a number. */
export function rotationText({ origin, key }: Pick<Chain, 'origin' | 'key'>, to: VerifierKey): string {
  return `${origin}\nkey rotation\n${formatVerifierKey(key)}\n${formatVerifierKey(to)}\n`;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fault(what: string): never {
  throw new ChainFault(what);
}
