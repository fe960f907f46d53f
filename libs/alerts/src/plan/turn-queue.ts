/** When each matter may next change by itself; the earliest first. A binary heap whose stale places are skipped. */
export class TurnQueue {
  readonly #heap: { readonly at: number; readonly key: string }[] = [];
  readonly #current = new Map<string, number>();

  /** Epoch ms, or null: never. Takes the place of what was said of this key before. */
  set(key: string, at: number | null): void {
    if (at === null) {
      this.#current.delete(key);
      return;
    }
    if (this.#current.get(key) === at) return;
    this.#current.set(key, at);
    this.#heap.push({ at, key });
    this.#rise(this.#heap.length - 1);
  }

  /** The earliest, or Infinity. */
  get next(): number {
    this.#skip();
    return this.#heap[0]?.at ?? Infinity;
  }

  /** Takes the earliest out. */
  shift(): string | undefined {
    this.#skip();
    const first = this.#heap[0];
    if (!first) return undefined;
    this.#current.delete(first.key);
    this.#drop();
    return first.key;
  }

  #skip(): void {
    for (let first = this.#heap[0]; first && this.#current.get(first.key) !== first.at; first = this.#heap[0]) {
      this.#drop();
    }
  }

  #drop(): void {
    const last = this.#heap.pop();
    if (!last || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #before(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other) return one !== undefined;
    return one.at === other.at ? one.key < other.key : one.at < other.at;
  }

  #rise(index: number): void {
    for (let at = index; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(index: number): void {
    for (let at = index; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = this.#before(left, right) ? left : right;
      if (child >= this.#heap.length || !this.#before(child, at)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one && other) [this.#heap[a], this.#heap[b]] = [other, one];
  }
}
