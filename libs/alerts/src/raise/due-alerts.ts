import { catchError, concatMap, EMPTY, from, lastValueFrom, mergeMap, type Observable, takeUntil } from 'rxjs';
import { epochMs } from '#libs/calendar';
import type { PlannedAlert } from '../plan/planned.ts';
import type { Raiser } from './raiser.ts';

const MOST_AT_ONCE = 32;

/** Alerts that fell due and are not seen to be raised. */
export class DueAlerts {
  readonly #raiser: Raiser;
  readonly #alerts = new Map<string, PlannedAlert>();

  constructor(raiser: Raiser) {
    this.#raiser = raiser;
  }

  get size(): number {
    return this.#alerts.size;
  }

  /** Epoch ms at which the oldest fell due; Infinity: there is none. */
  get oldest(): number {
    return [...this.#alerts.values()].reduce((at, { dueAt }) => Math.min(at, epochMs(dueAt)), Infinity);
  }

  add(alerts: readonly PlannedAlert[]): void {
    for (const alert of alerts) this.#alerts.set(alert.id, alert);
  }

  /** Somebody has raised it. */
  raised(id: string): void {
    this.#alerts.delete(id);
  }

  /** In order for each watch. Grouped beforehand: `groupBy` would lose what a group that has to wait is given. */
  async raise(stopped$: Observable<unknown>, fail: (error: unknown) => void): Promise<void> {
    const byWatch = Map.groupBy(this.#alerts.values(), ({ watch }) => watch);
    const raising$ = from(byWatch.values()).pipe(
      mergeMap(
        (alerts) =>
          from(alerts).pipe(
            concatMap((alert) => this.#raiseOne(alert)),
            catchError((error: unknown) => {
              fail(error);
              return EMPTY;
            }),
          ),
        MOST_AT_ONCE,
      ),
      takeUntil(stopped$),
    );
    await lastValueFrom(raising$, { defaultValue: undefined });
  }

  async #raiseOne(alert: PlannedAlert): Promise<void> {
    // Somebody else may have raised it by now.
    if (!this.#alerts.has(alert.id)) return;
    await this.#raiser.raise(alert);
    this.#alerts.delete(alert.id);
  }
}
