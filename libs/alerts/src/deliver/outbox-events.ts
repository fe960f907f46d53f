import type { Json, RecordedEvent } from '#libs/event-log';

/** `failed`: to be tried again. `gave-up`: that was the last attempt. `gone`: the receiver wants no more. */
export type Outcome = 'delivered' | 'failed' | 'gave-up' | 'gone';

/** A claim: until its lease ends nobody else sends to this watch. */
export interface DeliveryStarted {
  readonly alert: string;
  readonly seq: number;
  /** Grows with every replay; attempts are counted anew in each. */
  readonly round: number;
  /** From 1. */
  readonly attempt: number;
  readonly replica: string;
  readonly leaseUntil: string;
}

/** A receipt. */
export interface DeliveryEnded {
  /** Id of the `DeliveryStarted` that it ends; null for a test alert, which nobody claims. */
  readonly claim: string | null;
  readonly alert: string;
  readonly seq: number;
  readonly round: number;
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly startedAt: string;
  readonly ms: number;
  readonly status: number | null;
  readonly answer: string;
  /** SHA-256 of the body's bytes, in base64. */
  readonly bodyHash: string;
  readonly nextAttemptAt: string | null;
}

export interface ReplayRequested {
  /** The alerts after this `seq` are sent again. */
  readonly after: number;
  readonly by: string;
}

export type OutboxEvent =
  | { readonly type: 'DeliveryStarted'; readonly data: DeliveryStarted }
  | { readonly type: 'DeliveryEnded'; readonly data: DeliveryEnded }
  | { readonly type: 'ReplayRequested'; readonly data: ReplayRequested };

const types: ReadonlySet<string> = new Set<OutboxEvent['type']>([
  'DeliveryStarted',
  'DeliveryEnded',
  'ReplayRequested',
]);

/** Not a matter's stream: it is not in the public log. */
export const OUTBOX_STREAMS = 'outbox-';
export const outboxStream = (watch: string): string => `${OUTBOX_STREAMS}${watch}`;
export const watchOf = (stream: string): string => stream.slice(OUTBOX_STREAMS.length);

/** Undefined for what a newer version may have added. */
export function readOutboxEvent({ type, data }: Pick<RecordedEvent, 'type' | 'data'>): OutboxEvent | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `Outbox` writes to these streams
  return types.has(type) ? ({ type, data } as unknown as OutboxEvent) : undefined;
}

export function dataOf({ data }: OutboxEvent): Json {
  return { ...data };
}
