import { BehaviorSubject, distinctUntilChanged, map, type Observable } from 'rxjs';
import type { Incident } from '#libs/views';

export interface IntegrityReport {
  /** `checking`: at start and while the connection is lost, it is not known whether the log is still what it was. */
  readonly state: 'checking' | 'ok' | 'incident';
  readonly detail: string | null;
  /** Where the event was that is gone. */
  readonly position: string | null;
  readonly eventId: string | null;
  readonly at: string | null;
}

const quiet = { detail: null, position: null, eventId: null, at: null };

/**
 * Whether the log is still the one that was answered from. An incident stays until an operator has decided: the views
 * file remembers it over a restart, because the event it ends with is missing then, too.
 */
export class Integrity {
  readonly #state = new BehaviorSubject<IntegrityReport>({ state: 'checking', ...quiet });

  /** The log was compared and is followed, or contact with it was lost. */
  checked(inTouch: boolean): void {
    if (!this.broken) this.#state.next({ state: inTouch ? 'ok' : 'checking', ...quiet });
  }

  report(incident: Incident): void {
    if (!this.broken) this.#state.next({ state: 'incident', ...incident });
  }

  get state(): IntegrityReport {
    return this.#state.value;
  }

  get broken(): boolean {
    return this.state.state === 'incident';
  }

  /** Whether anything may leave the house: deliveries of alerts, seals. Not before the log was compared. */
  outwardEffectsAllowed(): boolean {
    return this.state.state === 'ok';
  }

  /** The same, now and each time it changes. */
  get outwardEffects$(): Observable<boolean> {
    return this.#state.pipe(
      map(({ state }) => state === 'ok'),
      distinctUntilChanged(),
    );
  }
}
