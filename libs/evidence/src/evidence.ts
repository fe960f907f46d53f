import { existsSync, renameSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '#libs/event-log';
import { equal } from './core/bytes.ts';
import type { StoredCheckpoint } from './store/checkpoints.ts';
import { EvidenceStore } from './store/evidence-store.ts';
import { asTakenIn, hashedLeaf } from './store/leaves.ts';
import { EvidenceUnusable } from './store/schema.ts';
import { TakingIn, type Waiting } from './taking-in.ts';

/** Lines for whoever runs the service. */
export type Report = (line: { readonly level: 'info' | 'warn' | 'error'; readonly message: string }) => void;

export interface EvidenceOptions {
  /** Made when missing; can be made again from the log. */
  readonly file: string;
  readonly log: EventLog;
  readonly report?: Report;
  /** Events per transaction. */
  readonly pageSize?: number;
  /** Of the thread's time, how much taking events in may use when nobody waits for it. Default a tenth. */
  readonly share?: number;
}

export interface EvidenceState {
  /** Leaves so far. */
  readonly size: number;
  readonly position: bigint;
  /** The newest checkpoint's. */
  readonly sealedSize: number;
  readonly sealedAt: string | null;
  /** What cannot be so: nothing is sealed until somebody has looked into it. */
  readonly incident: string | null;
  /** Why nothing is taken in just now. */
  readonly error: string | null;
}

type Listener = (checkpoint: StoredCheckpoint) => void;

const LONGEST_PAUSE_MS = 5000;

/** The Merkle log over the event log: follows it, and gives the proofs. */
export class Evidence {
  readonly store: EvidenceStore;
  readonly #log: EventLog;
  readonly #report: Report;
  readonly #taking: TakingIn;
  readonly #listeners = new Set<Listener>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #compared = false;
  #incident: string | null = null;
  #error: string | null = null;
  #told: number;

  private constructor(options: EvidenceOptions, store: EvidenceStore) {
    const { log, report = () => {}, pageSize = 128, share = 0.1 } = options;
    this.store = store;
    this.#log = log;
    this.#report = report;
    this.#told = store.newest?.index ?? -1;
    this.#taking = new TakingIn({ log, store, pageSize, share, took: () => this.#tell() });
  }

  /** A damaged file is put aside and made again. @throws EvidenceUnusable when it is another application's. */
  static open(options: EvidenceOptions): Evidence {
    const { file, report = () => {} } = options;
    try {
      return new Evidence(options, EvidenceStore.open(file));
    } catch (error) {
      if (!(error instanceof EvidenceUnusable && error.damaged)) throw error;
      const aside = putAside(file);
      report({
        level: 'error',
        message: `${error.message} It was put aside as ${aside}, and is made again from the log.`,
      });
      return new Evidence(options, EvidenceStore.open(file));
    }
  }

  /** Follows the log until `stop`. */
  start(): void {
    this.#running ??= this.#run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#taking.stop();
    await this.#running;
    this.store.close();
  }

  get state(): EvidenceState {
    const { size, position } = this.store.end;
    const { newest, fault } = this.store;
    const told = fault && `The event at position ${fault.position} is not to be trusted: ${fault.what}.`;
    return {
      size,
      position,
      sealedSize: newest?.size ?? 0,
      sealedAt: newest?.recordedAt ?? null,
      incident: this.#incident ?? told ?? null,
      error: this.#error,
    };
  }

  /** Hears of each checkpoint once it was read back from the log and leads to this tree. */
  onCheckpoint(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Resolves when everything up to this position is taken in: at full speed, unless whoever waits is patient.
   * @throws EvidenceUnusable when the log is not the one that was taken in before.
   */
  async catchUp(position: bigint, waiting: Waiting = {}): Promise<void> {
    await this.#compare();
    if (this.#incident !== null) throw new EvidenceUnusable(this.#incident);
    await (this.#running ? this.#taking.reach(position, waiting) : this.#taking.readTo(position, waiting.signal));
  }

  /** Whether the log still has the last of the first `size` leaves. */
  async stillHolds(size: number): Promise<boolean> {
    return this.#isLeaf(size - 1);
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let pause = 100; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const before = this.store.end.position;
      try {
        await this.#compare();
        if (this.#incident !== null) return;
        this.#error = null;
        await this.#taking.follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#error = messageOf(error);
        this.#report({ level: 'error', message: `Evidence stands still: ${this.#error}` });
      }
      if (this.store.end.position > before) pause = 100;
      await delay(pause, undefined, { signal }).catch(() => {});
    }
  }

  /** First of all the log must still be the one that the leaves are of. */
  async #compare(): Promise<void> {
    if (this.#compared) return;
    const { size } = this.store.end;
    if (!(await this.#isLeaf(size - 1))) {
      this.#incident =
        'The log does not end with what was taken in before: it was put back to an earlier state, or altered. ' +
        'inforce verify --log says where. Until evidence.db is moved away, nothing more is taken in or sealed.';
      this.#report({ level: 'error', message: this.#incident });
    }
    this.#compared = true;
  }

  /** Whether the log has, at its place, the very event that a leaf is of. */
  async #isLeaf(index: number): Promise<boolean> {
    const stored = index < 0 ? undefined : this.store.leafAt(index);
    if (!stored) return index < 0;
    const { stream, revision, position, leaf } = stored;
    for await (const event of this.#log.read(stream, { from: revision, to: revision }))
      return event.position === position && equal(hashedLeaf(asTakenIn(event, stored)).leaf, leaf);
    return false;
  }

  #tell(): void {
    const { newest } = this.store;
    if (!newest || newest.index <= this.#told) return;
    this.#told = newest.index;
    for (const listener of this.#listeners) {
      try {
        listener(newest);
      } catch (error) {
        this.#report({ level: 'error', message: `A listener of the evidence failed: ${messageOf(error)}` });
      }
    }
  }
}

function putAside(file: string): string {
  for (let number = 1; ; number += 1) {
    const aside = `${file}.damaged-${number}`;
    if (existsSync(aside)) continue;
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    return aside;
  }
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
