import type { SQLOutputValue } from 'node:sqlite';
import type { EventLog } from '#libs/event-log';
import { type Entry, MATTER_STREAMS } from '#libs/matter';
import { foldReadable } from '../derive/fold-readable.ts';
import { attempt } from '../derive/histories.ts';
import type { Shared } from '../follow/lane.ts';
import { folded } from '../projections/matters.ts';
import { textsOf } from '../projections/search.ts';
import type { Page, SearchAsked, SearchHit } from '../queries.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { snippet } from './snippet.ts';

type Row = Record<string, SQLOutputValue>;

const MOST_WORDS = 24;
/** A word in the title weighs most, then the citation, the summary, the author, the sources. */
const RANK = '10.0, 4.0, 2.0, 6.0, 1.0';

/** Entries in which all the words stand, the last one perhaps only begun; best first. */
export async function searchEntries(shared: Shared, log: EventLog, asked: SearchAsked): Promise<Page<SearchHit>> {
  const tokens = folded(asked.q).split(' ').filter(Boolean).slice(0, MOST_WORDS);
  const [rank, position] = asked.cursor === undefined ? [] : readCursor(asked.cursor, 'search', 'nn');
  if (tokens.length === 0) return { items: [], next: null };
  const found = ranked(shared, tokens, Number(rank ?? -Number.MAX_VALUE), Number(position ?? 0), asked.limit + 1);
  const shown = found.slice(0, asked.limit);
  const items: SearchHit[] = [];
  for (const row of shown) {
    const hit = await hitOf(shared, log, row, tokens);
    if (hit) items.push(hit);
  }
  const last = found.length > asked.limit ? shown.at(-1) : undefined;
  return { items, next: last ? writeCursor('search', [Number(last['rank']), Number(last['position'])]) : null };
}

function ranked(
  { db, tables }: Shared,
  tokens: readonly string[],
  rank: number,
  position: number,
  limit: number,
): Row[] {
  const t = tables.search;
  return db.all(
    `SELECT position, rank FROM (SELECT rowid AS position, bm25(${t}, ${RANK}) AS rank FROM ${t} WHERE ${t} MATCH ?)
     WHERE (rank, position) > (?, ?) ORDER BY rank, position LIMIT ?`,
    matching(tokens),
    rank,
    position,
    limit,
  );
}

/** Quoted, a word is never an operator (sqlite.org/fts5.html, 3.1). */
export function matching(tokens: readonly string[]): string {
  return `${tokens.map((token) => `"${token}"`).join(' ')}*`;
}

async function hitOf(
  shared: Shared,
  log: EventLog,
  row: Row,
  tokens: readonly string[],
): Promise<SearchHit | undefined> {
  const { db, tables } = shared;
  const found = db.get(
    `SELECT e.id, e.revision, e.title, e.occurred_on, e.state, m.id AS matter
     FROM ${tables.entries} e JOIN ${tables.matters} m ON m.key = e.key WHERE e.position = ?`,
    Number(row['position']),
  );
  if (!found) return undefined;
  const [matter, title] = [String(found['matter']), String(found['title'])];
  const entry = await entryOf(shared, log, matter, found);
  const [, summary = '', author = '', citation = '', sources = ''] = entry ? textsOf(entry) : [];
  const texts = [summary, title, citation, sources, author];
  return {
    matter,
    entry: String(found['id']),
    title,
    occurredOn: String(found['occurred_on']),
    snippet: texts.reduce<string | undefined>((best, text) => best ?? snippet(text, tokens), undefined) ?? title,
    rank: Number(row['rank']),
  };
}

/** What the index does not keep, from the log: one event, or the matter's where a correction changed it. */
async function entryOf({ histories }: Shared, log: EventLog, matter: string, found: Row): Promise<Entry | undefined> {
  const stream = `${MATTER_STREAMS}${matter}`;
  const revision = Number(found['revision']);
  if (found['state'] === 'current') {
    for await (const event of log.read(stream, { from: revision, to: revision })) {
      const read = attempt(event);
      if ('data' in read && 'occurredOn' in read.data) return read.data;
    }
    return undefined;
  }
  const history = await histories.read(stream, { position: BigInt(Number.MAX_SAFE_INTEGER) });
  return history && foldReadable(history.events).record?.entries.get(String(found['id']))?.entry;
}
