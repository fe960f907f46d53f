import { Bell } from '#libs/event-log';

export interface Spot {
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
}

/** The newest event of the log that this process knows of, from whatever it wrote, read or followed. */
export class Horizon {
  readonly bell = new Bell();
  #newest: Spot | undefined;
  #passed = 0n;
  #start = 0n;

  get newest(): Spot | undefined {
    return this.#newest;
  }

  get position(): bigint {
    return this.#newest?.position ?? 0n;
  }

  /** None of our events lies before this, on a server that others wrote to before us. */
  get start(): bigint {
    return this.#start;
  }

  set start(position: bigint) {
    this.#start = position;
    this.wentPast(position);
  }

  /** Up to here there is nothing of ours after the newest position: only what others wrote. */
  get passed(): bigint {
    return this.#passed > this.position ? this.#passed : this.position;
  }

  saw(spot: Spot): void {
    if (spot.position <= this.position) return;
    this.#newest = spot;
    this.bell.ring();
  }

  /** Everything of ours up to this position has been seen. */
  wentPast(position: bigint): void {
    if (position > this.#passed) this.#passed = position;
  }

  /** What others wrote may have been cut off by a change of leader, and something of ours be written in its place. */
  lostTouch(): void {
    this.#passed = this.#start;
  }
}
