import { Bell } from '#libs/event-log';

/** The newest position of the log that this process knows of, from whatever it wrote, read or followed. */
export class Horizon {
  readonly bell = new Bell();
  #position = 0n;
  #passed = 0n;
  #start = 0n;

  get position(): bigint {
    return this.#position;
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
    return this.#passed > this.#position ? this.#passed : this.#position;
  }

  saw(position: bigint): void {
    if (position <= this.#position) return;
    this.#position = position;
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
