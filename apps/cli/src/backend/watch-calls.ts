import { usage } from '../failures.ts';
import { type Query, ServerCalls } from './server-calls.ts';

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

const PAGE = '200';

/** The calls about watches: they are kept and served by a server. */
export class WatchCalls {
  readonly #calls: ServerCalls;

  constructor(server: string | undefined, key: string | undefined) {
    if (server === undefined)
      throw usage(
        'Watches are kept by a server: name it with --server.',
        'Such as --server http://127.0.0.1:3000, with a subscriber’s key in INFORCE_KEY.',
      );
    this.#calls = new ServerCalls(server, key);
  }

  async add(watch: object): Promise<WatchMade> {
    return (await this.#calls.post<WatchMade>('v1/watches', watch)).body;
  }

  /** All of them. */
  async list(): Promise<{ readonly items: readonly WatchLine[] }> {
    interface Page {
      readonly items: readonly WatchLine[];
      readonly next: string | null;
    }
    const items: WatchLine[] = [];
    for (let query: Query | undefined = { limit: PAGE }; query;) {
      const { items: some, next }: Page = await this.#calls.get<Page>('v1/watches', query);
      items.push(...some);
      query = next === null ? undefined : { limit: PAGE, cursor: next };
    }
    return { items };
  }

  async test(watch: string): Promise<Tested> {
    return (await this.#calls.post<Tested>(`${at(watch)}/test`, {})).body;
  }

  /** All receipts after a number. */
  async deliveries(watch: string, after: string | undefined): Promise<{ readonly items: readonly ReceiptLine[] }> {
    interface Page {
      readonly items: readonly ReceiptLine[];
      readonly next: number | null;
    }
    const items: ReceiptLine[] = [];
    for (let from: string | undefined | null = after; from !== null;) {
      const page: Page = await this.#calls.get<Page>(`${at(watch)}/deliveries`, { limit: PAGE, after: from });
      items.push(...page.items);
      from = page.next === null ? null : String(page.next);
    }
    return { items };
  }

  async replay(watch: string, after: number): Promise<{ readonly after: number; readonly alerts: number }> {
    return (await this.#calls.post<{ after: number; alerts: number }>(`${at(watch)}/deliveries/replay`, { after }))
      .body;
  }

  async remove(watch: string): Promise<void> {
    await this.#calls.delete(at(watch));
  }
}

function at(watch: string): string {
  return `v1/watches/${encodeURIComponent(watch)}`;
}
