/** The service's clock; tests have their own. */
export class Clock {
  readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }
}
