import type { RaisedAlert } from '../alert.ts';
import type { Receiver } from './books.ts';

/** One attempt, before it is made. */
export interface Attempt {
  readonly raised: RaisedAlert;
  readonly receiver: Receiver;
  /** What `render` gave. */
  readonly body: string;
  /** Epoch ms. */
  readonly at: number;
  readonly signal: AbortSignal;
}

/** How it ended. `gone`: the receiver wants no more. */
export interface Attempted {
  readonly result: 'delivered' | 'failed' | 'gone';
  /** The answer's status: of HTTP, or of SMTP. */
  readonly status: number | null;
  /** What the receiver answered, at most 4 kB, or why there was no answer. */
  readonly answer: string;
  /** How long the receiver asks to be left alone. */
  readonly retryAfterMs?: number;
}

/** A way to tell. Whatever goes wrong is an answer; it throws nothing. */
export interface Sender {
  /** What is told; the same alert gives the same text for ever. */
  readonly render: (raised: RaisedAlert) => string;
  readonly send: (attempt: Attempt) => Promise<Attempted>;
}
