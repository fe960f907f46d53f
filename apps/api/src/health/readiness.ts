import type { Alerting } from '#libs/alerts';
import type { Lifetime } from '../composition/lifetime.ts';
import type { Sealing } from '../evidence/sealing.ts';
import type { Integrity, IntegrityReport } from './integrity.ts';
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
    readonly reconnecting: string | null;
  };
  readonly integrity: IntegrityReport;
  /** Reads and writes go on without it; whoever watches over the service is told. */
  readonly evidence: {
    readonly size: number;
    readonly sealedSize: number;
    readonly sealedAt: string | null;
    readonly incident: string | null;
    readonly error: string | null;
  };
  /** Told in the same way. */
  readonly alerts: { readonly caughtUp: boolean; readonly pending: number; readonly error: string | null };
}

export interface ReadinessParts {
  readonly views: Pick<Views, 'state'>;
  /** Whether the log would take an append now, tried on the store itself. */
  readonly writable: () => Promise<boolean>;
  readonly sealing: Pick<Sealing, 'evidence'>;
  readonly alerting: Pick<Alerting, 'state'>;
  readonly integrity: Pick<Integrity, 'state' | 'broken'>;
  readonly lifetime: Lifetime;
}

/** Lag that a busy service has all the time, and that no reader minds. */
const TOLERATED_AGE_MS = 10_000;
/** Who asks more often than this is told again what was found. */
const FRESH_MS = 500;
/** A server that is silent this long is not there; whoever watches over the service must hear of it in time. */
const SILENT_MS = 1500;

interface Probe {
  readonly at: number;
  readonly writable: Promise<boolean>;
  running: boolean;
}

export class Readiness {
  readonly #parts: ReadinessParts;
  #probe: Probe | undefined;
  #caughtUpOnce = false;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  async report(): Promise<ReadyReport> {
    const { size, sealedSize, sealedAt, incident, error: standstill } = this.#parts.sealing.evidence.state;
    const writable = await this.#writable();
    const { views, integrity, lifetime, alerting } = this.#parts;
    const { position, head, behind, ageMs, caughtUp, rebuilding, quarantined, error, reconnecting } = views.state;
    this.#caughtUpOnce ||= caughtUp;
    const nearly = this.#caughtUpOnce && ageMs < TOLERATED_AGE_MS && rebuilding === null && error === null;
    const current = caughtUp || nearly;
    return {
      status: writable && current && !integrity.broken && !lifetime.over ? 'ready' : 'not-ready',
      log: { writable, head: head.toString() },
      views: {
        caughtUp,
        position: position.toString(),
        lag: { events: behind, ageMs },
        rebuilding,
        quarantined: quarantined.slice(0, 20),
        error,
        reconnecting,
      },
      integrity: integrity.state,
      evidence: { size, sealedSize, sealedAt, incident, error: standstill },
      alerts: alertsOf(alerting),
    };
  }

  /** One probe at a time: those of a server that is silent must not pile up. */
  async #writable(): Promise<boolean> {
    const now = performance.now();
    if (!this.#probe || (!this.#probe.running && now - this.#probe.at >= FRESH_MS)) this.#probe = this.#begin(now);
    const { at, writable } = this.#probe;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), Math.max(0, at + SILENT_MS - now));
    });
    try {
      return await Promise.race([writable, silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  #begin(at: number): Probe {
    const writable = this.#parts.writable().catch(() => false);
    const probe = { at, writable, running: true };
    void writable.then(() => (probe.running = false));
    return probe;
  }
}

function alertsOf({ state: { caughtUp, pending, error } }: ReadinessParts['alerting']): ReadyReport['alerts'] {
  return { caughtUp, pending, error };
}
