/**
 * Hands out pages one item at a time, fetching the next page only when the last item was taken. Pages that are read
 * synchronously must let the event loop turn in between: a replay would hold up every timer and socket.
 */
export function flatten<Item extends object>(
  open: () => AsyncGenerator<readonly Item[], void>,
  signal?: AbortSignal,
): AsyncIterable<Item> {
  return { [Symbol.asyncIterator]: () => new Flattened(open(), signal) };
}

// Written out because an async generator costs more per item than a replay has to spare.
class Flattened<Item extends object> implements AsyncIterator<Item, undefined> {
  readonly #pages: AsyncGenerator<readonly Item[], void>;
  readonly #signal: AbortSignal | undefined;
  #page: readonly Item[] = [];
  #next = 0;
  #turning: Promise<boolean> | undefined;

  constructor(pages: AsyncGenerator<readonly Item[], void>, signal: AbortSignal | undefined) {
    this.#pages = pages;
    this.#signal = signal;
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    const value = this.#turning || this.#signal?.aborted ? undefined : this.#page[this.#next];
    if (value === undefined) return this.#nextOfNewPage();
    this.#next += 1;
    return Promise.resolve({ done: false, value });
  }

  async #nextOfNewPage(): Promise<IteratorResult<Item, undefined>> {
    this.#signal?.throwIfAborted();
    this.#turning ??= this.#turn();
    return (await this.#turning) ? this.next() : { done: true, value: undefined };
  }

  async #turn(): Promise<boolean> {
    const { done, value } = await this.#pages.next();
    this.#page = value ?? [];
    this.#next = 0;
    this.#turning = undefined;
    return !done;
  }

  async return(): Promise<IteratorResult<Item, undefined>> {
    this.#page = [];
    await this.#pages.return();
    return { done: true, value: undefined };
  }
}
