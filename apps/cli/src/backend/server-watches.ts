import { type Query, ServerCalls } from './server-calls.ts';
import type { ReceiptLine, Replayed, Tested, WatchBackend, WatchLine, WatchMade } from './watches.ts';

const PAGE = '200';

/** The watches that a server keeps. */
export class ServerWatches implements WatchBackend {
  readonly #calls: ServerCalls;

  constructor(server: string, key: string | undefined) {
    this.#calls = new ServerCalls(server, key);
  }

  async add(watch: object): Promise<WatchMade> {
    return (await this.#calls.post<WatchMade>('v1/watches', watch)).body;
  }

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

  async deliveries(watch: string, after: number): Promise<{ readonly items: readonly ReceiptLine[] }> {
    interface Page {
      readonly items: readonly ReceiptLine[];
      readonly next: number | null;
    }
    const items: ReceiptLine[] = [];
    for (let from: number | null = after; from !== null;) {
      const page: Page = await this.#calls.get<Page>(`${at(watch)}/deliveries`, { limit: PAGE, after: String(from) });
      items.push(...page.items);
      from = page.next;
    }
    return { items };
  }

  async replay(watch: string, after: number): Promise<Replayed> {
    return (await this.#calls.post<Replayed>(`${at(watch)}/deliveries/replay`, { after })).body;
  }

  async remove(watch: string): Promise<void> {
    await this.#calls.delete(at(watch));
  }

  async close(): Promise<void> {}
}

function at(watch: string): string {
  return `v1/watches/${encodeURIComponent(watch)}`;
}
