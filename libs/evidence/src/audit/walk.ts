import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventLog, RecordedEvent } from '#libs/event-log';
import { equal } from '../core/bytes.ts';
import { type Chain, CHECKPOINT_STREAM, ChainFault, nextStep } from '../core/chain.ts';
import type { Checkpoint } from '../core/checkpoint.ts';
import { HeadsTree } from '../core/heads.ts';
import { formatVerifierKey } from '../core/note.ts';
import { hasSigned, sha256 } from '../node-crypto.ts';
import { type CheckpointCosigned, COSIGNATURE_STREAM, cosignatureIn } from '../seal/cosigned.ts';
import { hashedLeaf } from '../store/leaves.ts';
import { Erasures } from './erasures.ts';
import { GrowingTree } from './growing-tree.ts';
import type { Findings } from './report.ts';

/** A checkpoint that was found in the log. */
export interface FoundCheckpoint extends Checkpoint {
  readonly index: number;
  readonly note: string;
  /** Of the key that signed it. */
  readonly generation: number;
}

/** A key that the log was signed with, from a leaf on. */
export interface FoundChain extends Chain {
  readonly index: number;
}

/** Where a leaf is in the log. */
export interface Place {
  readonly index: number;
  readonly position: string;
  readonly event: string;
}

/** Everything that was read from the log, once more from its first event on. */
export interface Walked {
  readonly tree: GrowingTree;
  /** Those whose signature, root and heads hold. */
  readonly checkpoints: readonly FoundCheckpoint[];
  readonly checkpointOf: (size: number) => FoundCheckpoint | undefined;
  readonly cosigned: readonly CheckpointCosigned[];
  readonly chains: readonly FoundChain[];
  /** Undefined for what lies beyond the end. */
  readonly place: (index: number) => Place | undefined;
  /** Which event a leaf is of, as far as evidence.db remembers it beside the leaf. */
  readonly of: (index: number) => string;
  readonly revisions: ReadonlyMap<string, number>;
  /** The first signed root that is not this tree's, and how far the one before it held. */
  readonly broken: { readonly from: number; readonly size: number } | undefined;
  /** What evidence.db has to have stored of checkpoints, keys and cosignatures. */
  readonly lines: readonly string[];
  /** Private values that are gone. */
  readonly erased: number;
  /** The log could be read to its end. */
  readonly whole: boolean;
}

/** The events that this many leaves stand for. */
export type Progress = (done: number) => void;

const EVERY = 512;

/** Reads every event, hashes it anew, and checks what the log says of itself. */
export async function walk(
  log: EventLog,
  { findings, progress }: { findings: Findings; progress: Progress },
): Promise<Walked> {
  const walker = new Walker(findings);
  let whole = true;
  try {
    for await (const event of log.readAll()) {
      walker.take(event);
      if (walker.tree.size % EVERY !== 0) continue;
      progress(walker.tree.size);
      await nextTurn();
    }
  } catch (error) {
    whole = false;
    const { size: index } = walker.tree;
    findings.add({ kind: 'log', index, what: `The log cannot be read any further: ${messageOf(error)}` });
  }
  return { ...walker.found(), whole, erased: walker.erasures.check(findings) };
}

class Walker {
  readonly tree = new GrowingTree();
  readonly erasures = new Erasures();
  readonly #findings: Findings;
  readonly #heads = new HeadsTree(sha256);
  readonly #revisions = new Map<string, number>();
  readonly #checkpoints: FoundCheckpoint[] = [];
  readonly #bySize = new Map<number, FoundCheckpoint>();
  readonly #cosigned: CheckpointCosigned[] = [];
  readonly #chains: FoundChain[] = [];
  /** Position and id of each leaf, for those who ask. */
  readonly #positions: bigint[] = [];
  readonly #ids: string[] = [];
  readonly #streams: string[] = [];
  readonly #streamRevisions: number[] = [];
  readonly #lines: string[] = [];
  #broken: Walked['broken'];
  /** What came after the leaves that the next checkpoint may be over. */
  #since: { readonly stream: string; readonly revision: number }[] = [];
  #sinceIndex = 0;
  #recordedAt = '';

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  found(): Omit<Walked, 'whole' | 'erased'> {
    const place = (index: number): Place | undefined => {
      const [position, event] = [this.#positions[index], this.#ids[index]];
      return position === undefined || event === undefined
        ? undefined
        : { index, position: position.toString(), event };
    };
    const of = (index: number): string =>
      `${this.#positions[index]} ${this.#ids[index]} ${this.#streams[index]} ${this.#streamRevisions[index]}`;
    const [tree, checkpoints, cosigned, chains] = [this.tree, this.#checkpoints, this.#cosigned, this.#chains];
    return {
      tree,
      checkpoints,
      checkpointOf: (size) => this.#bySize.get(size),
      cosigned,
      chains,
      place,
      of,
      revisions: this.#revisions,
      lines: this.#lines,
      broken: this.#broken,
    };
  }

  take(event: RecordedEvent): void {
    const index = this.tree.size;
    const { leaf, hash } = hashedLeaf(event);
    this.tree.push(hash);
    this.erasures.take(index, event, leaf);
    this.#positions.push(event.position);
    this.#ids.push(event.id);
    this.#streams.push(event.stream);
    this.#streamRevisions.push(event.revision);
    this.#inOrder(index, event);
    if (event.stream === CHECKPOINT_STREAM) this.#step(index, event);
    if (event.stream === COSIGNATURE_STREAM) {
      this.#cosign(index, cosignatureIn(event));
    }
    this.#since.push({ stream: event.stream, revision: event.revision });
  }

  #inOrder(index: number, event: RecordedEvent): void {
    const { stream, revision, recordedAt } = event;
    const expected = (this.#revisions.get(stream) ?? -1) + 1;
    if (revision !== expected) {
      this.#blame(
        index,
        event,
        `In the stream ${stream} revision ${expected} is missing: there is ${revision} instead.`,
      );
    }
    if (recordedAt < this.#recordedAt)
      this.#blame(index, event, 'An event was recorded before the one in front of it.');
    this.#revisions.set(stream, revision);
    this.#recordedAt = recordedAt;
  }

  #step(index: number, event: RecordedEvent): void {
    const before = this.#chains.at(-1);
    try {
      const { chain, checkpoint } = nextStep(sha256, hasSigned, before, event);
      if (chain !== before) this.#chain(index, chain);
      if (!checkpoint) return;
      const { size, root, heads } = checkpoint;
      if (size > index || size <= (this.#checkpoints.at(-1)?.size ?? 0))
        throw new ChainFault('its size is out of order');
      if (!equal(this.tree.root(size), root)) {
        this.#broken ??= { from: this.#checkpoints.at(-1)?.size ?? 0, size };
        return;
      }
      this.#advance(size);
      const { streams, root: headsRoot } = this.#heads.heads;
      if (heads && !(heads.streams === streams && equal(heads.root, headsRoot)))
        throw new ChainFault('its heads are not those of the streams at that moment');
      const note = String(Object(event.data).note);
      const found = { ...checkpoint, index, note, generation: chain.generation };
      this.#checkpoints.push(found);
      this.#bySize.set(size, found);
      this.#lines.push(`checkpoint ${index} ${size} ${event.recordedAt} ${note}`);
    } catch (error) {
      if (!(error instanceof ChainFault)) throw error;
      this.#blame(index, event, `An event of the chain of checkpoints does not hold: ${error.message}.`);
    }
  }

  #chain(index: number, chain: Chain): void {
    this.#chains.push({ ...chain, index });
    this.#lines.push(`key ${index} ${chain.generation} ${chain.origin} ${formatVerifierKey(chain.key)}`);
  }

  #cosign(index: number, cosigned: CheckpointCosigned | undefined): void {
    const checkpoint = cosigned && this.#bySize.get(cosigned.size);
    if (!checkpoint) return;
    this.#cosigned.push(cosigned);
    this.#lines.push(`cosignature ${index} ${checkpoint.index} ${cosigned.line}`);
  }

  /** Brings the heads to where the first `size` leaves have them. */
  #advance(size: number): void {
    const count = size - this.#sinceIndex;
    for (const head of this.#since.slice(0, count)) this.#heads.set(head);
    this.#since = this.#since.slice(count);
    this.#sinceIndex = size;
  }

  #blame(index: number, { position, id }: RecordedEvent, what: string): void {
    this.#findings.add({ kind: 'log', index, position: position.toString(), event: id, what });
  }
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
