/**
 * The clock behind `recordedAt`: never behind what this process has seen of the log. Two processes whose clocks differ
 * may still write out of order for as long as it takes one to see the other's events; readers take the running maximum.
 */
export class RecordClock {
  readonly #now: () => number;
  #newest = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The time of one append, in milliseconds since 1970. */
  next(): number {
    this.#newest = Math.max(this.#newest, Math.trunc(this.#now()));
    return this.#newest;
  }

  saw(millisecond: number): void {
    if (millisecond > this.#newest) this.#newest = millisecond;
  }
}

/** Reads `recordedAt` in log order as the running maximum. Remembers the last text: a batch shares one. */
export class RunningMaximum {
  #newest: number;
  #text = '';
  #texted = Number.NaN;

  constructor(from = 0) {
    this.#newest = from;
  }

  text(millisecond: number): string {
    if (millisecond > this.#newest) this.#newest = millisecond;
    if (this.#newest !== this.#texted) {
      this.#texted = this.#newest;
      this.#text = new Date(this.#newest).toISOString();
    }
    return this.#text;
  }

  get newest(): number {
    return this.#newest;
  }
}
