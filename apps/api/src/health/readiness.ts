import type { Lifetime } from '../composition/lifetime.ts';
import type { Sealing } from '../evidence/sealing.ts';
import { EventLog, uuidv7, WrongRevision } from '#libs/event-log';
import type { Quarantined, Views, ViewsState } from '#libs/views';

export interface ReadyReport {
  readonly status: 'ready' | 'not-ready';
  readonly log: { readonly writable: boolean; readonly head: string };
  readonly views: {
    readonly caughtUp: boolean;
    readonly position: string;
    readonly lag: { readonly events: number; readonly ageMs: number };
    readonly rebuilding: ViewsState['rebuilding'];
    readonly quarantined: readonly Quarantined[];
    readonly error: string | null;
  };
  /** Reads and writes go on without it; whoever watches over the service is told. */
  readonly evidence: {
    readonly size: number;
    readonly sealedSize: number;
    readonly sealedAt: string | null;
    readonly incident: string | null;
    readonly error: string | null;
  };
}

export interface ReadinessParts {
  readonly log: EventLog;
  readonly views: Pick<Views, 'state'>;
  readonly sealing: Pick<Sealing, 'evidence'>;
  /** What the store needs beside the log's own word, such as room on its disk. */
  readonly storable: () => Promise<boolean>;
  readonly lifetime: Lifetime;
}

/** Lag that a busy service has all the time, and that no reader minds. */
const TOLERATED_AGE_MS = 10_000;
/** Who asks more often than this is told again what was found. */
const FRESH_MS = 500;
const PROBE_STREAM = 'health-probe';

export class Readiness {
  readonly #parts: ReadinessParts;
  readonly #now: () => number;
  #probed: { readonly at: number; readonly writable: Promise<boolean> } | undefined;
  #caughtUpOnce = false;

  constructor(parts: ReadinessParts, now: () => number) {
    this.#parts = parts;
    this.#now = now;
  }

  async report(): Promise<ReadyReport> {
    const { position, head, behind, ageMs, caughtUp, rebuilding, quarantined, error } = this.#parts.views.state;
    const { size, sealedSize, sealedAt, incident, error: standstill } = this.#parts.sealing.evidence.state;
    const writable = await this.#writable();
    this.#caughtUpOnce ||= caughtUp;
    const nearly = this.#caughtUpOnce && ageMs < TOLERATED_AGE_MS && rebuilding === null && error === null;
    const current = caughtUp || nearly;
    return {
      status: writable && current && !this.#parts.lifetime.over ? 'ready' : 'not-ready',
      log: { writable, head: head.toString() },
      views: {
        caughtUp,
        position: position.toString(),
        lag: { events: behind, ageMs },
        rebuilding,
        quarantined: quarantined.slice(0, 20),
        error,
      },
      evidence: { size, sealedSize, sealedAt, incident, error: standstill },
    };
  }

  async #writable(): Promise<boolean> {
    const now = this.#now();
    if (!this.#probed || now - this.#probed.at >= FRESH_MS) this.#probed = { at: now, writable: this.#probe() };
    return this.#probed.writable;
  }

  /**
   * An append to a stream that does not exist, on condition that it does: the log takes its write lock, judges, and
   * refuses. Nothing is written, and nothing but a log that can write answers so.
   */
  async #probe(): Promise<boolean> {
    const event = { id: uuidv7(), type: 'Probed', schema: 1, data: null, meta: null };
    try {
      await this.#parts.log.append(PROBE_STREAM, 'stream-exists', [event]);
      return false;
    } catch (error) {
      return error instanceof WrongRevision && this.#parts.storable();
    }
  }
}
