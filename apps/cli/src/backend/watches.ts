export interface WatchLine {
  readonly id: string;
  readonly name: string;
  readonly filter: Readonly<Record<string, readonly string[]>>;
  readonly leads: readonly string[];
  readonly at: string;
  readonly timeZone: string;
  readonly channel: { readonly kind: string; readonly url?: string; readonly to?: string } | null;
  readonly state: string;
  readonly reason: string | null;
}

export interface WatchMade extends WatchLine {
  readonly secret?: string;
  readonly publicKey?: string;
  readonly warnings: readonly string[];
}

export interface Tested {
  readonly alert: string;
  readonly seq: number;
  readonly delivered: boolean;
  readonly status: number | null;
  readonly answer: string;
}

export interface ReceiptLine {
  readonly seq: number;
  readonly type: string;
  readonly raisedAt: string;
  readonly state: string;
  readonly nextAttemptAt: string | null;
  readonly attempts: readonly { readonly status: number | null; readonly answer: string }[];
}

export interface Replayed {
  readonly after: number;
  readonly alerts: number;
}

/** Where watches are kept: with a server, or in the log itself. */
export interface WatchBackend {
  add(watch: object): Promise<WatchMade>;
  /** All of them. */
  list(): Promise<{ readonly items: readonly WatchLine[] }>;
  test(watch: string): Promise<Tested>;
  /** All receipts after a number. */
  deliveries(watch: string, after: number): Promise<{ readonly items: readonly ReceiptLine[] }>;
  replay(watch: string, after: number): Promise<Replayed>;
  remove(watch: string): Promise<void>;
  close(): Promise<void>;
}
