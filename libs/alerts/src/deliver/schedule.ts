import { hash } from 'node:crypto';

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** Standard Webhooks, "Deliverability and reliability": before each attempt, since the one before; 75 h 35 min in all. */
export const standardDelays: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Added at random and never taken away, so that a receiver has at least the time that the schedule names. */
const JITTER = 0.2;
const LONGEST_RETRY_AFTER = 24 * HOUR;

/** When to try again. */
export class Schedule {
  readonly #delays: readonly number[];

  /** @param scale makes all delays shorter or longer. */
  constructor(scale = 1, delays: readonly number[] = standardDelays) {
    this.#delays = delays.map((delay) => delay * scale);
  }

  get attempts(): number {
    return this.#delays.length;
  }

  /**
   * Epoch ms of the attempt that follows the failed one, which had this number (from 1); null when that was the last.
   * The jitter is of the alert and the attempt: whoever computes it anew finds the same.
   */
  after(attempt: number, alert: string, now: number, askedMs = 0): number | null {
    const delay = this.#delays[attempt];
    if (delay === undefined) return null;
    return Math.ceil(now + Math.max(delay * (1 + JITTER * fraction(`${alert}.${attempt}`)), askedMs));
  }
}

/** From 0 to 1, the same for the same text. */
function fraction(text: string): number {
  return hash('sha256', text, 'buffer').readUInt32BE() / 2 ** 32;
}

/** `Retry-After`, in seconds or as a date (RFC 9110 §10.2.3), at most a day. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * SECOND, LONGEST_RETRY_AFTER);
  const asked = text.endsWith(' GMT') ? Date.parse(text) - now : Number.NaN;
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(0, asked), LONGEST_RETRY_AFTER);
}
