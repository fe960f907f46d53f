import { setTimeout as delay } from 'node:timers/promises';
import { type EventLog, type Expectation, uuidv7, WrongRevision } from '#libs/event-log';
import { equal, toBase64 } from '../core/bytes.ts';
import {
  type Chain,
  CHECKPOINT_SIGNED,
  CHECKPOINT_STREAM,
  type CheckpointSigned,
  KEY_ROTATED,
  type KeyRotated,
  rotationText,
} from '../core/chain.ts';
import { formatCheckpoint } from '../core/checkpoint.ts';
import { formatVerifierKey, type VerifierKey } from '../core/note.ts';
import type { Evidence, Report } from '../evidence.ts';
import type { StoredCheckpoint } from '../store/checkpoints.ts';
import { originOf, signedNote, type SigningKey, type SigningKeys, verifierOf } from './signing-keys.ts';

export interface SealerOptions {
  readonly log: EventLog;
  readonly evidence: Evidence;
  readonly keys: SigningKeys;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether this process may act outwardly just now: not while the log may have been rolled back. Default: it may. */
  readonly mayAct?: () => boolean;
  /** How long to look on before signing: a cluster may still take back what it has just shown. Default 0. */
  readonly settleMs?: number;
  readonly report?: Report;
}

/** Why nothing is sealed, in one sentence. */
export class SealingHeld extends Error {
  readonly code = 'sealing-held';
  override get name(): string {
    return 'SealingHeld';
  }
}

export interface Sealed {
  readonly checkpoint: StoredCheckpoint;
  /** False when nothing had come that was worth another one, or another replica was faster. */
  readonly made: boolean;
}

/** Who signs, and for which log. */
interface Signer {
  readonly chain: Chain | undefined;
  readonly origin: string;
  readonly key: SigningKey;
  readonly verifier: VerifierKey;
}

const TRIES = 5;

/** Signs checkpoints, and puts them into the log. Of several replicas, one gets through. */
export class Sealer {
  readonly #options: SealerOptions;
  #sealing: Promise<Sealed | undefined> | undefined;

  constructor(options: SealerOptions) {
    this.#options = options;
  }

  /**
   * A checkpoint over everything there is; the newest one when there is nothing new, undefined when there is nothing at
   * all.
   * @throws SealingHeld, EvidenceUnusable, EventLogError
   */
  async seal(): Promise<Sealed | undefined> {
    this.#sealing ??= this.#seal().finally(() => (this.#sealing = undefined));
    return this.#sealing;
  }

  /**
   * Seals at an interval, until the signal. What goes wrong is reported and tried again. That it may not act is no fault:
   * at the start it is not known yet whether it may, and whoever finds that it must not reports it.
   */
  async run({ everyMs, firstMs, signal }: { everyMs: number; firstMs: number; signal: AbortSignal }): Promise<void> {
    const { mayAct = () => true } = this.#options;
    for (let pause = firstMs; ; pause = everyMs) {
      do {
        await delay(pause, undefined, { signal, ref: false }).catch(() => {});
        if (signal.aborted) return;
        pause = firstMs;
      } while (!mayAct());
      await this.#atLeisure(AbortSignal.any([signal, AbortSignal.timeout(everyMs)]));
      if (signal.aborted) return;
      await this.seal().catch((error: unknown) => {
        if (!signal.aborted)
          this.#options.report?.({ level: 'error', message: `Nothing was sealed: ${String(error)}` });
      });
    }
  }

  /**
   * Of the key that the next checkpoint is signed with.
   * @throws SealingHeld when the log was sealed with another installation's secret; EventLogError
   */
  async verifier(): Promise<VerifierKey> {
    const { log, evidence } = this.#options;
    // What the log says of its keys comes first.
    await evidence.catchUp(await log.head());
    return this.#signer().verifier;
  }

  /**
   * Hands over to the next generation of the key, signed with both.
   * @throws SealingHeld when nothing was signed with the present one yet.
   */
  async rotate(): Promise<VerifierKey> {
    await this.#sealing;
    await this.#caughtUp();
    const { chain, key: old } = this.#signer();
    if (!chain) throw new SealingHeld('No key has signed anything yet.');
    const key = this.#options.keys.generation(chain.generation + 1);
    const to = verifierOf(chain.origin, key);
    const data: KeyRotated = {
      from: formatVerifierKey(chain.key),
      to: formatVerifierKey(to),
      generation: chain.generation + 1,
      note: signedNote(chain.origin, rotationText(chain, to), [old, key]),
    };
    if (!(await this.#append(KEY_ROTATED, data))) throw new SealingHeld('Something else was signed meanwhile.');
    return to;
  }

  async #seal(): Promise<Sealed | undefined> {
    const { evidence } = this.#options;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      await this.#caughtUp();
      const { newest, end, worthSealing } = evidence.store;
      if (!worthSealing) return newest && { checkpoint: newest, made: false };
      const signed = evidence.store.newestOf(CHECKPOINT_STREAM);
      await this.#settled(end.size);
      // Another replica may have sealed while this one waited: a second checkpoint of the same size would be out of order.
      if (evidence.store.newestOf(CHECKPOINT_STREAM) !== signed) continue;
      const made = await this.#append(CHECKPOINT_SIGNED, this.#checkpoint(end.size));
      const { newest: checkpoint } = evidence.store;
      if (made && checkpoint) return { checkpoint, made };
    }
    throw new SealingHeld('Other replicas were faster each time.');
  }

  /** Lets a log that is new to the evidence, and long, be taken in beside everything else; not for ever. */
  async #atLeisure(signal: AbortSignal): Promise<void> {
    const { log, evidence } = this.#options;
    try {
      await evidence.catchUp(await log.head(), { signal, patient: true });
    } catch {
      // Time is up; or sealing says what is wrong.
    }
  }

  async #settled(size: number): Promise<void> {
    const { settleMs = 0, evidence } = this.#options;
    if (settleMs === 0) return;
    await delay(settleMs);
    if (!(await evidence.stillHolds(size))) throw new SealingHeld('The log took back what it had shown.');
  }

  #checkpoint(size: number): CheckpointSigned {
    const { store } = this.#options.evidence;
    const { origin, key, verifier } = this.#signer();
    const [root, { heads }] = [store.root(size), store.heads(size)];
    return {
      note: signedNote(origin, formatCheckpoint({ origin, size, root, heads }), [key]),
      key: formatVerifierKey(verifier),
      size,
      root: toBase64(root),
      heads: { streams: heads.streams, root: toBase64(heads.root) },
    };
  }

  /** With everything that is in the log, and nothing in it that cannot be so. */
  async #caughtUp(): Promise<void> {
    const { log, evidence, mayAct = () => true } = this.#options;
    if (!mayAct()) throw new SealingHeld('Nothing is signed until it is known that the log is still what it was.');
    await evidence.catchUp(await log.head());
    const { incident } = evidence.state;
    if (incident !== null) throw new SealingHeld(incident);
  }

  #signer(): Signer {
    const { evidence, keys } = this.#options;
    const { chain } = evidence.store;
    const key = keys.generation(chain?.generation ?? 1);
    const origin = chain?.origin ?? originOf(key);
    const verifier = verifierOf(origin, key);
    if (chain && !equal(chain.key.publicKey, key.publicKey))
      throw new SealingHeld(
        'This log was sealed with the secret of another installation: bring it along, as INFORCE_SECRET or as the file secret.key.',
      );
    return { chain, origin, key, verifier };
  }

  /** Whether it is in the log now, and taken in. Not, when another replica has appended to the stream meanwhile. */
  async #append(type: string, data: CheckpointSigned | KeyRotated): Promise<boolean> {
    const { log, evidence, now } = this.#options;
    const revision = evidence.store.newestOf(CHECKPOINT_STREAM);
    const expectation: Expectation = revision === undefined ? 'no-stream' : { revision };
    const event = { id: uuidv7(now()), type, schema: 1, data: { ...data }, meta: { actor: 'evidence' } };
    try {
      const { position } = await log.append(CHECKPOINT_STREAM, expectation, [event]);
      await evidence.catchUp(position);
      return true;
    } catch (error) {
      if (error instanceof WrongRevision) return false;
      throw error;
    }
  }
}
