import { parseDataset, type Dataset } from '#libs/contract';
import type { WrittenBody } from '#libs/register';
import { ServerProblem } from '../failures.ts';
import type { ImportAnswer, RefusedEntry } from './backend.ts';
import type { ServerCalls } from './server-calls.ts';

type Entry = Dataset['entries'][number];
interface Item {
  readonly entry: Entry;
  readonly index: number;
}

/** Sends a dataset over HTTP, entry by entry: once, however often, in whatever order the file has it. */
export async function importOver(
  calls: ServerCalls,
  content: unknown,
  onProgress: (done: number, total: number) => void,
): Promise<ImportAnswer> {
  const { matter, entries } = parseDataset(content);
  const path = `v1/matters/${matter.id}`;
  const { status } = await calls.post<WrittenBody>('v1/matters', matter);
  const tally = { recorded: 0, repeated: 0 };
  const refused = new Map<Item, RefusedEntry>();
  let pending: readonly Item[] = entries.map((entry, index) => ({ entry, index }));
  // Again and again as long as that helps: one may need what a later one makes.
  for (let before = Number.POSITIVE_INFINITY; pending.length > 0 && pending.length < before;) {
    before = pending.length;
    const again: Item[] = [];
    for (const item of pending) {
      const refusal = await attempt(calls, `${path}/entries`, item, tally);
      if (refusal) refused.set(item, refusal);
      else refused.delete(item);
      if (refusal) again.push(item);
      onProgress(tally.recorded + tally.repeated, entries.length);
    }
    pending = again;
  }
  return { matter: matter.id, opened: status === 201, parties: 0, ...tally, refused: [...refused.values()] };
}

async function attempt(
  calls: ServerCalls,
  path: string,
  { entry, index }: Item,
  tally: { recorded: number; repeated: number },
): Promise<RefusedEntry | undefined> {
  try {
    const { status } = await calls.post<WrittenBody>(path, entry);
    tally[status === 200 ? 'repeated' : 'recorded'] += 1;
    return undefined;
  } catch (error) {
    if (!(error instanceof ServerProblem) || !isRefusal(error.problem['status'])) throw error;
    const { pointer } = error.problem;
    const within = `/entries/${index}${typeof pointer === 'string' ? pointer : ''}`;
    return {
      entry: entry.id ?? `#${index}`,
      pointer: within,
      rule: error.rule,
      detail: error.message,
    };
  }
}

function isRefusal(status: unknown): boolean {
  return status === 409 || status === 422 || status === 400;
}
