/** Which watch was told of which entry of a matter, by which alerts. */
export class Told {
  readonly #entries = new Map<string, Map<string, string[]>>();

  add(entry: string, watch: string, alert: string): void {
    const watches = this.#entries.get(entry) ?? new Map<string, string[]>();
    this.#entries.set(entry, watches);
    const alerts = watches.get(watch);
    if (alerts) alerts.push(alert);
    else watches.set(watch, [alert]);
  }

  /** By watch, the alerts in which it was told of the entry, the latest last. */
  of(entry: string): ReadonlyMap<string, readonly string[]> {
    return this.#entries.get(entry) ?? new Map();
  }
}
