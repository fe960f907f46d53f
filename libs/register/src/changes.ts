/** Those who want to know of changed matters. */
export class Changes {
  readonly #listeners = new Set<(matterId: string) => void>();

  tell(matterId: string): void {
    for (const listener of this.#listeners) listener(matterId);
  }

  /** @returns how to stop. */
  listen(listener: (matterId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
