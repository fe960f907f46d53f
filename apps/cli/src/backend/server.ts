import type {
  Deadline,
  ListAnswer,
  MatterAnswer,
  StatusAnswer,
  TimelineAnswer,
  WhatIfAnswer,
  WrittenBody,
} from '#libs/register';
import { usage } from '../failures.ts';
import type { Backend, DeadlinesAsked, ImportAnswer, ImportOptions, MatterList, WhatIfAsked } from './backend.ts';
import { type Query, ServerCalls } from './server-calls.ts';
import { importOver } from './server-import.ts';

/** Lists come in pages of this many. */
const PAGE = '200';

/** The same answers, from a server (its OpenAPI document is at /docs). */
export class ServerBackend implements Backend {
  readonly #calls: ServerCalls;

  constructor(url: string, key: string | undefined) {
    this.#calls = new ServerCalls(url, key);
  }

  matters(): Promise<MatterList> {
    return this.#whole('v1/matters', {});
  }

  matter(id: string, clocks: Query): Promise<MatterAnswer> {
    return this.#calls.get(at(id), clocks);
  }

  status(matter: string, { clocks, ...who }: Parameters<Backend['status']>[1]): Promise<StatusAnswer> {
    return this.#calls.get(`${at(matter)}/status`, { ...clocks, ...who });
  }

  timeline(matter: string, { clocks, ...asked }: Parameters<Backend['timeline']>[1]): Promise<TimelineAnswer> {
    return this.#whole(`${at(matter)}/timeline`, {
      ...clocks,
      ...asked,
    });
  }

  deadlines({ matter, clocks, state, party }: DeadlinesAsked): Promise<ListAnswer<Deadline>> {
    const path = matter === undefined ? 'v1/deadlines' : `${at(matter)}/deadlines`;
    return this.#whole(path, { ...clocks, state: state?.join(','), party: party?.join(',') });
  }

  diff(matter: string, asked: Parameters<Backend['diff']>[1]): ReturnType<Backend['diff']> {
    return this.#calls.get(`${at(matter)}/diff`, { ...asked });
  }

  replay(matter: string, { clocks, ...asked }: Parameters<Backend['replay']>[1]): ReturnType<Backend['replay']> {
    return this.#calls.lines(`${at(matter)}/replay`, { ...clocks, ...asked });
  }

  bundle(matter: string, { clocks, ...who }: Parameters<Backend['bundle']>[1]): ReturnType<Backend['bundle']> {
    return this.#calls.bytes(`${at(matter)}/bundle`, { ...clocks, ...who });
  }

  async whatIf(matter: string, asked: WhatIfAsked): Promise<WhatIfAnswer> {
    return (await this.#calls.post<WhatIfAnswer>(`${at(matter)}/what-if`, asked)).body;
  }

  async record(matter: string, entry: unknown, ifMatch?: number): ReturnType<Backend['record']> {
    const headers = ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` };
    const { status, body } = await this.#calls.post<WrittenBody>(`${at(matter)}/entries`, entry, headers);
    return { repeated: status === 200, body };
  }

  import(dataset: unknown, { dryRun, onProgress }: ImportOptions): Promise<ImportAnswer> {
    if (dryRun)
      throw usage(
        '--dry-run works on the embedded log only.',
        'inforce what-if --server asks a server without recording.',
      );
    return importOver(this.#calls, dataset, onProgress);
  }

  async close(): Promise<void> {
    // Nothing is held open between calls.
  }

  /** All pages of a list, as one. */
  async #whole<List extends { readonly items: readonly unknown[]; readonly next: string | null }>(
    path: string,
    query: Query,
  ): Promise<List> {
    const first = await this.#calls.get<List>(path, { ...query, limit: PAGE });
    const items = [...first.items];
    for (let { next } = first; next !== null;) {
      const page: List = await this.#calls.get(path, { cursor: next, limit: PAGE });
      items.push(...page.items);
      next = page.next;
    }
    return { ...first, items, next: null };
  }
}

function at(matter: string): string {
  return `v1/matters/${encodeURIComponent(matter)}`;
}
