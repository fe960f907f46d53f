import type { EventLog } from '#libs/event-log';
import type { Incident, Report } from '../state.ts';
import { LogPutBack } from './incident.ts';
import type { Lane } from './lane.ts';

export interface Contacting {
  readonly log: EventLog;
  readonly report: Report;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether what the log gets is told of. */
  readonly inTouch: (on: boolean) => void;
  readonly incident: (incident: Incident) => void;
}

/** How the views stand with their log. */
export class Contact {
  readonly #contacting: Contacting;
  /** Why they stand still. */
  error: string | null = null;
  /** The connection is lost, and is being made again. */
  lost: { readonly reason: string; readonly since: number } | null = null;
  incident: Incident | null = null;

  constructor(contacting: Contacting) {
    this.#contacting = contacting;
  }

  failed(error: unknown): void {
    this.#contacting.inTouch(false);
    this.error = error instanceof Error ? error.message : String(error);
    this.#contacting.report({ level: 'error', message: `The views stand still: ${this.error}` });
  }

  losing(reason: string): void {
    this.lost ??= { reason, since: this.#contacting.now() };
    this.#contacting.inTouch(false);
  }

  found(lane: Lane): void {
    this.lost = null;
    this.error = null;
    if (lane.generations.some(({ active, view }) => active && view === 'matters')) this.#contacting.inTouch(true);
  }

  /** @throws LogPutBack, and what the log throws */
  async verify({ checkpoint: { event } }: Lane): Promise<void> {
    if (event.id !== '' && !(await this.#contacting.log.holds(event))) throw new LogPutBack(event);
  }

  /** For good: what was told of events that are gone cannot be taken back by reading on. */
  break({ event, message }: LogPutBack): void {
    if (this.incident) return;
    const { now, report, inTouch, incident } = this.#contacting;
    const at = new Date(now()).toISOString();
    this.incident = { detail: message, position: String(event.position), eventId: event.id, at };
    this.error = message;
    report({ level: 'error', message: `The views have stopped: ${message}`, incident: this.incident });
    inTouch(false);
    incident(this.incident);
  }
}
