/** Whether the service is to go on. What waits or streams ends when it does not. */
export class Lifetime {
  readonly #ending = new AbortController();

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  get over(): boolean {
    return this.#ending.signal.aborted;
  }

  end(): void {
    this.#ending.abort();
  }
}
