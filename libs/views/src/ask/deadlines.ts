import type { SQLOutputValue } from 'node:sqlite';
import type { Deadline } from '#libs/matter';
import type { Shared } from '../follow/lane.ts';
import { deadlineRows, NO_DUE } from '../projections/deadlines.ts';
import type { ClockedPage, DeadlinesAsked } from '../queries.ts';
import { anew } from './anew.ts';
import { type Clocks, kept, printed, resume, type Stored, storedAt } from './clocks.ts';
import { writeCursor } from './cursor.ts';
import { newest } from './newest.ts';
import { refresh } from './overlay.ts';

/** Where a deadline stands in the list: by due day, those without one last; then by matter and id. */
type Place = readonly [due: string, key: number, id: string];
interface Found {
  readonly place: Place;
  readonly body: string;
}

/** With fewer matters than this, their deadlines are looked up and sorted; else the list is walked by due day. */
const FEW_MATTERS = 1_000;
const CHUNK = 256;

/** Deadlines of all matters by due day. */
export async function listDeadlines(
  shared: Shared,
  asked: DeadlinesAsked,
  now: number,
  position: bigint,
): Promise<ClockedPage<Deadline>> {
  const { clocks: given, after } = resume('deadlines', 'sns', asked, now);
  if (given.at === undefined && given.publishedBy === undefined) await refresh(shared, given.now);
  const clocks = { ...given, ...newest(shared, given) };
  const from = startOf(asked, after);
  const stored = storedAt(clocks);
  const read = stored.overlaid
    ? [...walk(shared, asked, stored, from), ...overlaid(shared, asked, stored, from)]
    : walk(shared, asked, stored, from);
  const best = new Best(asked.limit + 1);
  best.add(read);
  await addAnew(shared, asked, { clocks, stored, from, position }, best);
  const found = best.found;
  const shown = found.slice(0, asked.limit);
  const last = found.length > asked.limit ? shown.at(-1)?.place : undefined;
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by this library
    items: shown.map(({ body }) => JSON.parse(body) as Deadline),
    next: last ? writeCursor('deadlines', [...kept(clocks), ...last]) : null,
    clocks: printed(clocks),
  };
}

/** One lower bound, or SQLite starts its walk at the wrong one of two. */
function startOf({ from = '' }: DeadlinesAsked, after: readonly (string | number | null)[] | undefined): Place {
  const first: Place = [from, -1, ''];
  if (!after) return first;
  const place: Place = [String(after[0]), Number(after[1]), String(after[2])];
  return compare(place, first) > 0 ? place : first;
}

/** The first of what was found, in order, and never more than is asked for. */
class Best {
  readonly #limit: number;
  found: readonly Found[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(more: readonly Found[]): void {
    if (more.length === 0) return;
    this.found = [...this.found, ...more].toSorted((a, b) => compare(a.place, b.place)).slice(0, this.#limit);
  }
}

function compare(a: Place, b: Place): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] !== b[1]) return a[1] - b[1];
  return a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0;
}

function walk(shared: Shared, asked: DeadlinesAsked, stored: Stored, from: Place): Found[] {
  const masked = stored.overlaid ? 'AND NOT EXISTS (SELECT 1 FROM now_matters n WHERE n.key = d.key)' : '';
  return select(shared, shared.tables.deadlines, masked, asked, stored, from);
}

function overlaid(shared: Shared, asked: DeadlinesAsked, stored: Stored, from: Place): Found[] {
  return select(shared, 'now_deadlines', '', asked, stored, from);
}

function select(
  { db, tables }: Shared,
  table: string,
  masked: string,
  asked: DeadlinesAsked,
  { valid, parameters }: Stored,
  from: Place,
): Found[] {
  const { due, filters, values } = filtersOf(asked);
  const few = asked.party !== undefined && fewMatters({ db, tables }, asked.party);
  // Unary plus keeps SQLite from walking by due day where a look-up by matter is quicker.
  const d = few ? '+d.due' : 'd.due';
  const rows = db.all(
    `SELECT d.due, d.key, d.id, d.body FROM ${table} d CROSS JOIN ${tables.matters} m ON m.key = d.key
     WHERE (${d}, d.key, d.id) > (?, ?, ?) ${due.map((each) => `AND ${d} ${each}`).join(' ')}
       ${few ? `AND d.key IN (SELECT p.key FROM ${tables.parties} p JOIN json_each(?) w ON p.id = w.value)` : ''}
       ${filters} ${masked} AND ${valid}
     ORDER BY ${d}, d.key, d.id LIMIT ?`,
    ...from,
    ...values.due,
    ...(few ? [JSON.stringify(asked.party)] : []),
    ...values.filters,
    ...parameters,
    asked.limit + 1,
  );
  return rows.map(foundIn);
}

function foundIn({ due, key, id, body }: Record<string, SQLOutputValue>): Found {
  return { place: [String(due), Number(key), String(id)], body: String(body) };
}

function filtersOf({ from, to, state, party, jurisdiction }: DeadlinesAsked): {
  readonly due: readonly string[];
  readonly filters: string;
  readonly values: { readonly due: readonly string[]; readonly filters: readonly string[] };
} {
  const due: [condition: string, value: string][] = [];
  if (to !== undefined) due.push(['<= ?', to]);
  else if (from !== undefined) due.push(['< ?', NO_DUE]);
  const filters: [condition: string, value: readonly string[]][] = [];
  if (state) filters.push(['AND d.state IN (SELECT value FROM json_each(?))', state]);
  if (jurisdiction) filters.push(['AND m.jurisdiction IN (SELECT value FROM json_each(?))', jurisdiction]);
  if (party) {
    filters.push(["AND EXISTS (SELECT 1 FROM json_each(?) w WHERE instr(d.kin, ' ' || w.value || ' ') > 0)", party]);
  }
  return {
    due: due.map(([condition]) => condition),
    filters: filters.map(([condition]) => condition).join(' '),
    values: { due: due.map(([, value]) => value), filters: filters.map(([, value]) => JSON.stringify(value)) },
  };
}

function fewMatters({ db, tables }: Pick<Shared, 'db' | 'tables'>, party: readonly string[]): boolean {
  const row = db.get(
    `SELECT count(*) AS n FROM (SELECT 1 FROM ${tables.parties} p JOIN json_each(?) w ON p.id = w.value LIMIT ?)`,
    JSON.stringify(party),
    FEW_MATTERS + 1,
  );
  return Number(row?.['n']) <= FEW_MATTERS;
}

/** Nothing was recorded since: then no matter need be looked at. */
function allKnown(db: Shared['db'], tables: Shared['tables'], [known = 0]: Stored['parameters']): boolean {
  return db.get(`SELECT 1 FROM ${tables.matters} WHERE recorded_at > ? LIMIT 1`, known) === undefined;
}

/** Matters whose stored rows do not hold at the clocks, one after the other; memory holds one page of deadlines. */
async function addAnew(
  { db, tables, histories }: Shared,
  asked: DeadlinesAsked,
  at: { readonly clocks: Clocks; readonly stored: Stored; readonly from: Place; readonly position: bigint },
  best: Best,
): Promise<void> {
  const { valid, parameters } = at.stored;
  if (at.stored.overlaid && allKnown(db, tables, parameters)) return;
  for (let key = -1; ;) {
    const rows = db.all(
      `SELECT m.key, m.id, m.jurisdiction FROM ${tables.matters} m WHERE m.key > ? AND NOT (${valid}) ORDER BY m.key LIMIT ?`,
      key,
      ...parameters,
      CHUNK,
    );
    for (const row of rows) {
      key = Number(row['key']);
      if (asked.jurisdiction && !asked.jurisdiction.includes(String(row['jurisdiction']))) continue;
      const then = await anew(histories, String(row['id']), { position: at.position }, at.clocks);
      if (then) best.add(matching(deadlineRows(then.parties, then.deadlines), key, asked, at.from));
    }
    if (rows.length < CHUNK) return;
  }
}

function matching(
  rows: ReturnType<typeof deadlineRows>,
  key: number,
  { from, to, state, party }: DeadlinesAsked,
  after: Place,
): Found[] {
  const states: ReadonlySet<string> | undefined = state && new Set(state);
  return rows.flatMap(([id, due, its, kin, body]) => {
    const place: Place = [due, key, id];
    const within =
      (from === undefined || (due >= from && due !== NO_DUE)) &&
      (to === undefined || due <= to) &&
      compare(place, after) > 0;
    const meant = (!states || states.has(its)) && (!party || party.some((one) => kin.includes(` ${one} `)));
    return within && meant ? [{ place, body }] : [];
  });
}
