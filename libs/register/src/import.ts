import { conflicts, type Entry, type Matter, type MatterRecord, type Party, Refusal, sameContent } from '#libs/matter';
import type { Dataset, EntryBody, Imported, RefusedEntry } from './shapes.ts';

/** Where a dataset goes: the log, or a draft. Each answers whether the record had it already. */
export interface Destination {
  record(): Promise<MatterRecord | undefined>;
  open(matter: Matter): Promise<boolean>;
  addParty(party: Party): Promise<boolean>;
  recordEntry(entry: Entry): Promise<boolean>;
}

/**
 * Brings a dataset into the record: once, however often, in whatever order the file has it.
 * @throws Refusal when the matter is open with other content. What an entry is refused for is listed instead.
 */
export async function importInto(
  destination: Destination,
  { matter, entries }: Dataset,
  newId: () => string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Imported> {
  const { opened, parties } = await bringMatter(destination, matter);
  const tally = { recorded: 0, repeated: 0 };
  const items = entries.map((body, index) => ({ body, index }));
  const left = await inAnyOrder(
    items,
    async ({ body }) => {
      const id = body.id ?? knownAs((await destination.record())?.entries.values(), body) ?? newId();
      tally[(await destination.recordEntry({ ...body, id })) ? 'repeated' : 'recorded'] += 1;
    },
    onProgress,
  );
  const refused = left.map(({ item: { body, index }, refusal: { rule, message, pointer } }): RefusedEntry => {
    const within = `/entries/${index}${pointer ?? ''}`;
    return { entry: body.id ?? `#${index}`, pointer: within, rule, detail: message };
  });
  return { matter: matter.id, opened, parties, ...tally, refused };
}

async function bringMatter(destination: Destination, matter: Matter): Promise<{ opened: boolean; parties: number }> {
  const record = await destination.record();
  if (!record) return { opened: !(await destination.open(matter)), parties: 0 };
  let parties = 0;
  const left = await inAnyOrder(partiesBeyond(record.opened.matter, matter), async (party) => {
    if (!(await destination.addParty(party))) parties += 1;
  });
  if (left[0]) throw left[0].refusal;
  return { opened: false, parties };
}

/** The parties that the file has and the opening had not; all else must be as it was when the matter was opened. */
function partiesBeyond({ parties: had, ...opened }: Matter, { parties: has, ...filed }: Matter): readonly Party[] {
  const kept = had.every((party) =>
    sameContent(
      party,
      has.find(({ id }) => id === party.id),
    ),
  );
  if (kept && sameContent(opened, filed)) return has.filter(({ id }) => had.every((party) => party.id !== id));
  throw new Refusal('already-open', `The matter ${filed.id} is open with other content.`);
}

interface Left<Item> {
  readonly item: Item;
  readonly refusal: Refusal;
}

/**
 * Takes every item, again and again as long as that helps: one may need what a later one makes. A conflict with the
 * record no other item can cure.
 */
async function inAnyOrder<Item>(
  items: readonly Item[],
  take: (item: Item) => Promise<void>,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<readonly Left<Item>[]> {
  const refused = new Map<Item, Refusal>();
  let pending = items;
  let settled = 0;
  for (let before = Number.POSITIVE_INFINITY; pending.length > 0 && pending.length < before;) {
    before = pending.length;
    const again: Item[] = [];
    for (const item of pending) {
      const refusal = await refusalOf(take, item);
      if (refusal) refused.set(item, refusal);
      else refused.delete(item);
      if (refusal && !conflicts.has(refusal.rule)) {
        again.push(item);
        continue;
      }
      settled += 1;
      onProgress(settled, items.length);
    }
    pending = again;
  }
  if (pending.length > 0) onProgress(items.length, items.length);
  return items.flatMap((item) => {
    const refusal = refused.get(item);
    return refusal ? [{ item, refusal }] : [];
  });
}

async function refusalOf<Item>(take: (item: Item) => Promise<void>, item: Item): Promise<Refusal | undefined> {
  try {
    await take(item);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The id under which the record has an entry that came without one. */
function knownAs(recorded: Iterable<{ readonly original: Entry }> | undefined, body: EntryBody): string | undefined {
  for (const { original } of recorded ?? []) {
    const { id, ...content } = original;
    if (sameContent(content, body)) return id;
  }
  return undefined;
}
