/** Which watch was told of which entry of a matter, by which alerts. */
export class Told {
  readonly #entries = new Map<string, Map<string, string[]>>();

  add(entry: string, watch: string, alert: string): void {
    const watches = this.#entries.get(entry) ?? new Map<string, string[]>();
    this.#entries.set(entry, watches);
    const alerts = watches.get(watch);
    // Known from planning it, and once more from its raising.
    if (!alerts) watches.set(watch, [alert]);
    else if (!alerts.includes(alert)) alerts.push(alert);
  }

  /** By watch, the alerts in which it was told of the entry, the latest last. */
  of(entry: string): ReadonlyMap<string, readonly string[]> {
    return this.#entries.get(entry) ?? new Map();
  }
}
