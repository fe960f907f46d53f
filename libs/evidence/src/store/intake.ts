import type { RecordedEvent } from '#libs/event-log';
import { equal } from '../core/bytes.ts';
import { CHECKPOINT_STREAM, ChainFault, nextStep } from '../core/chain.ts';
import { hasSigned, sha256 } from '../node-crypto.ts';
import { type CheckpointCosigned, COSIGNATURE_STREAM, cosignatureIn } from '../seal/cosigned.ts';
import type { Checkpoints } from './checkpoints.ts';
import { hashedLeaf, type Leaves, notBefore, recordedAtIn } from './leaves.ts';
import type { Proofs } from './proofs.ts';
import type { Tiles } from './tiles.ts';

interface Into {
  readonly leaves: Leaves;
  readonly tiles: Tiles;
  readonly checkpoints: Checkpoints;
  readonly proofs: Pick<Proofs, 'root' | 'forget'>;
}

/** Makes leaves, tiles and checkpoints of events, one after the other. Belongs inside a transaction. */
export class Intake {
  readonly #into: Into;
  /** Leaves as of the last page, with which all that is remembered goes. */
  #size = 0;
  /** Of the last leaf, once it was needed. */
  #recordedAt: string | undefined;

  constructor(into: Into) {
    this.#into = into;
  }

  /** Events that are in are passed over. */
  take(events: readonly RecordedEvent[]): void {
    const { leaves, tiles } = this.#into;
    const end = leaves.end();
    // Another process may have taken in the same events meanwhile.
    if (end.size !== this.#size) this.forget();
    this.#size = end.size;
    for (const event of events) if (event.position > end.position) this.#add(event);
    tiles.flush();
  }

  /** After a roll-back, or when somebody else has written: what is in memory may never have been stored. */
  forget(): void {
    const { leaves, tiles, proofs } = this.#into;
    tiles.forget();
    leaves.forget();
    proofs.forget();
    this.#recordedAt = undefined;
    this.#size = 0;
  }

  #add(recorded: RecordedEvent): void {
    const { leaves, tiles } = this.#into;
    const index = this.#size;
    // Whoever follows a log from its middle knows the running maximum of what it last saw there, and not of all before.
    this.#recordedAt ??= index === 0 ? '' : recordedAtIn(leaves.at(index - 1)?.leaf ?? new Uint8Array());
    const event = notBefore(this.#recordedAt, recorded);
    this.#recordedAt = event.recordedAt;
    const { leaf, hash } = hashedLeaf(event);
    tiles.push(index, hash);
    leaves.add(index, event, leaf);
    this.#size += 1;
    if (event.stream === CHECKPOINT_STREAM) this.#step(index, event);
    if (event.stream === COSIGNATURE_STREAM) this.#cosigned(index, cosignatureIn(event));
  }

  #step(index: number, event: RecordedEvent): void {
    const { tiles, checkpoints, proofs } = this.#into;
    const before = checkpoints.chain;
    try {
      const { chain, checkpoint } = nextStep(sha256, hasSigned, before, event);
      if (chain !== before) checkpoints.addKey(index, chain);
      if (!checkpoint) return;
      tiles.flush();
      const { size, root } = checkpoint;
      if (size > index || size <= (checkpoints.newest?.size ?? 0)) throw new ChainFault('its size is out of order');
      if (!equal(proofs.root(size), root)) throw new ChainFault('its root is not that of the events before it');
      const { note } = Object(event.data);
      checkpoints.add(index, { size, note: String(note), recordedAt: event.recordedAt });
    } catch (error) {
      if (!(error instanceof ChainFault)) throw error;
      checkpoints.addFault({ index, position: event.position, what: error.message });
    }
  }

  #cosigned(index: number, cosigned: CheckpointCosigned | undefined): void {
    const { checkpoints } = this.#into;
    const checkpoint = cosigned && checkpoints.ofSize(cosigned.size);
    if (checkpoint) checkpoints.addCosignature(index, checkpoint.index, cosigned.line);
  }
}
