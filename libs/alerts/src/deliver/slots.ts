import { catchError, defer, EMPTY, mergeMap, Observable, Subject, tap } from 'rxjs';

/** So much work at a time, and no more. */
export class Slots {
  readonly #jobs = new Subject<Observable<unknown>>();
  readonly #running = new Set<Promise<unknown>>();
  /** Work is done while somebody listens to this. */
  readonly served$: Observable<unknown>;

  constructor(parallel: number) {
    this.served$ = this.#jobs.pipe(mergeMap((job$) => job$, parallel));
  }

  /** The result of the work, once there was a slot for it. */
  one<Result>(work: () => Promise<Result>): Observable<Result> {
    return new Observable<Result>((listener) => {
      const job$ = defer(() => (listener.closed ? EMPTY : this.#run(work)));
      // Its failure is the listener's, and must not end the others.
      this.#jobs.next(
        job$.pipe(
          tap(listener),
          catchError(() => EMPTY),
        ),
      );
    });
  }

  /** Resolves when nothing is being done, be it listened to or not. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}
