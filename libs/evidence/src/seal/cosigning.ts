import { type EventLog, uuidv7, WrongRevision } from '#libs/event-log';
import { verifyCosignature } from '../core/cosignature.ts';
import {
  COSIGNATURE,
  formatSignature,
  isBy,
  NoteMalformed,
  parseNote,
  parseSignature,
  parseVerifierKey,
  type NoteSignature,
  type VerifierKey,
} from '../core/note.ts';
import type { Evidence } from '../evidence.ts';
import { sha256, verifyEd25519 } from '../node-crypto.ts';
import type { StoredCheckpoint } from '../store/checkpoints.ts';
import { CHECKPOINT_COSIGNED, COSIGNATURE_STREAM, type CheckpointCosigned } from './cosigned.ts';

/** Why a cosignature is not taken, in one sentence. */
export class CosignatureRefused extends Error {
  readonly code = 'cosignature-refused';
  override get name(): string {
    return 'CosignatureRefused';
  }
}

const TRIES = 5;
/** Clocks differ; what is signed for later than this is signed by a clock that is wrong. */
const FUTURE_SECONDS = 300n;

/** The keys of witnesses, out of their texts. @throws TypeError for one that is none. */
export function witnessKeys(texts: readonly string[]): readonly VerifierKey[] {
  return texts.map((text) => {
    const key = parseVerifierKey(sha256, text);
    if (key?.type !== COSIGNATURE) throw new TypeError(`${text} is not the verifier key of a witness (type 0x04).`);
    return key;
  });
}

/** Takes what witnesses signed, and puts it into the log. A line that is there already is not put there again. */
export class Cosigning {
  readonly #log: EventLog;
  readonly #evidence: Evidence;
  readonly #witnesses: readonly VerifierKey[];
  readonly #now: () => number;

  constructor(parts: { log: EventLog; evidence: Evidence; witnesses: readonly VerifierKey[]; now: () => number }) {
    this.#log = parts.log;
    this.#evidence = parts.evidence;
    this.#witnesses = parts.witnesses;
    this.#now = parts.now;
  }

  /** @throws CosignatureRefused when there is no such checkpoint, or a line does not hold; then none is taken. */
  async add(size: number, lines: string): Promise<StoredCheckpoint> {
    const checkpoint = this.#checkpointOf(size);
    const { text } = parseNote(checkpoint.note);
    const signatures = signaturesIn(lines);
    for (const signature of signatures) await this.#check(text, signature);
    for (const signature of signatures) await this.#append(size, formatSignature(signature));
    return this.#checkpointOf(size);
  }

  #checkpointOf(size: number): StoredCheckpoint {
    const checkpoint = this.#evidence.store.checkpointOf(size);
    if (!checkpoint) throw new CosignatureRefused(`There is no checkpoint of size ${size}.`);
    return checkpoint;
  }

  async #check(text: string, signature: NoteSignature): Promise<void> {
    const witness = this.#witnesses.find((each) => isBy(each, signature));
    if (!witness) throw new CosignatureRefused(`${signature.name} is not a witness that is known here.`);
    const at = await verifyCosignature(verifyEd25519, text, signature, witness);
    if (at === undefined) throw new CosignatureRefused(`${signature.name} has not signed this checkpoint.`);
    if (at > BigInt(Math.trunc(this.#now() / 1000)) + FUTURE_SECONDS)
      throw new CosignatureRefused(`${signature.name} has signed at a time that is still to come.`);
  }

  async #append(size: number, line: string): Promise<void> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      await this.#evidence.catchUp(await this.#log.head());
      if (this.#checkpointOf(size).note.includes(line)) return;
      const revision = this.#evidence.store.newestOf(COSIGNATURE_STREAM);
      const data: CheckpointCosigned = { size, line };
      const event = {
        id: uuidv7(this.#now()),
        type: CHECKPOINT_COSIGNED,
        schema: 1,
        data: { ...data },
        meta: { actor: 'evidence' },
      };
      try {
        const expectation = revision === undefined ? 'no-stream' : { revision };
        const { position } = await this.#log.append(COSIGNATURE_STREAM, expectation, [event]);
        return await this.#evidence.catchUp(position);
      } catch (error) {
        if (!(error instanceof WrongRevision)) throw error;
      }
    }
    throw new CosignatureRefused('Others were faster each time; send it again.');
  }
}

function signaturesIn(lines: string): readonly NoteSignature[] {
  try {
    return lines.replace(/\n$/, '').split('\n').map(parseSignature);
  } catch (error) {
    if (error instanceof NoteMalformed) throw new CosignatureRefused('The lines are not signature lines of a note.');
    throw error;
  }
}
