import { Bell } from '#libs/event-log';

/** The newest position of the log that this process knows of, from whatever it wrote, read or followed. */
export class Horizon {
  readonly bell = new Bell();
  #position = 0n;
  /** None of our events lies before this: on a shared server nobody need look through what was there before us. */
  start = 0n;

  get position(): bigint {
    return this.#position;
  }

  saw(position: bigint): void {
    if (position <= this.#position) return;
    this.#position = position;
    this.bell.ring();
  }
}
