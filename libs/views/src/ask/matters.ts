import type { SQLOutputValue } from 'node:sqlite';
import type { Headline } from '#libs/matter';
import type { Shared } from '../follow/lane.ts';
import { folded } from '../projections/matters.ts';
import type { ClockedPage, MatterListed, MattersAsked } from '../queries.ts';
import { anew } from './anew.ts';
import { type Clocks, kept, printed, resume, storedAt } from './clocks.ts';
import { writeCursor } from './cursor.ts';
import { refresh } from './overlay.ts';
import { newest } from './newest.ts';

type Row = Record<string, SQLOutputValue>;

/** Matters by id. Rows that hold at the clocks answer; the others are interpreted anew, one after the other. */
export async function listMatters(
  shared: Shared,
  asked: MattersAsked,
  now: number,
  position: bigint,
): Promise<ClockedPage<MatterListed>> {
  const { clocks: given, after } = resume('matters', 's', asked, now);
  if (given.at === undefined && given.publishedBy === undefined) await refresh(shared, given.now);
  const clocks = { ...given, ...newest(shared, given) };
  const items: MatterListed[] = [];
  for (let from = String(after?.[0] ?? ''), more = true; more && items.length <= asked.limit;) {
    const rows = page(shared, asked, clocks, from);
    more = rows.length > asked.limit;
    for (const row of rows) {
      from = String(row['id']);
      const item = row['valid'] === 1 ? listed(row) : await listedAnew(shared, row, asked, clocks, position);
      if (item) items.push(item);
      if (items.length > asked.limit) break;
    }
  }
  const shown = items.slice(0, asked.limit);
  const last = items.length > asked.limit ? shown.at(-1)?.id : undefined;
  const next = last === undefined ? null : writeCursor('matters', [...kept(clocks), last]);
  return { items: shown, next, clocks: printed(clocks) };
}

/** One row more than asked for, of those that may belong to the list. */
function page({ db, tables }: Shared, asked: MattersAsked, clocks: Clocks, after: string): Row[] {
  const { valid, parameters, overlaid } = storedAt(clocks);
  const [code, headline] = overlaid
    ? ['coalesce(n.code, m.code)', 'coalesce(n.headline, m.headline)']
    : ['m.code', 'm.headline'];
  const where = ['m.id > ?'];
  const values: (string | number)[] = [...parameters, after];
  if (asked.status) {
    where.push(`(NOT (${valid}) OR ${code} IN (SELECT value FROM json_each(?)))`);
    values.push(...parameters, JSON.stringify(asked.status));
  }
  if (asked.jurisdiction) {
    where.push('m.jurisdiction IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(asked.jurisdiction));
  }
  if (asked.tag) {
    where.push('EXISTS (SELECT 1 FROM json_each(m.tags) t JOIN json_each(?) w ON t.value = w.value)');
    values.push(JSON.stringify(asked.tag));
  }
  if (asked.q !== undefined) {
    where.push("NOT EXISTS (SELECT 1 FROM json_each(?) w WHERE instr(m.words, ' ' || w.value) = 0)");
    values.push(JSON.stringify(folded(asked.q).split(' ').filter(Boolean)));
  }
  return db.all(
    `SELECT m.id, m.title, m.jurisdiction, m.tags, m.revision, m.stale, ${headline} AS headline, (${valid}) AS valid
     FROM ${tables.matters} m LEFT JOIN now_matters n ON n.key = m.key
     WHERE ${where.join(' AND ')} ORDER BY m.id LIMIT ?`,
    ...values,
    asked.limit + 1,
  );
}

function listed(row: Row): MatterListed {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by this library
  return of(row, Number(row['revision']), JSON.parse(String(row['headline'])) as Headline);
}

async function listedAnew(
  { histories }: Shared,
  row: Row,
  { status }: MattersAsked,
  clocks: Clocks,
  position: bigint,
): Promise<MatterListed | undefined> {
  const then = await anew(histories, String(row['id']), { position }, clocks);
  const headline = then?.headline;
  if (!then || !headline || (status && !status.includes(headline.code))) return undefined;
  return of(row, then.revision, headline);
}

function of({ id, title, jurisdiction, tags, stale }: Row, revision: number, headline: Headline): MatterListed {
  return {
    id: String(id),
    title: String(title),
    jurisdiction: String(jurisdiction),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by this library
    tags: JSON.parse(String(tags)) as string[],
    revision,
    headline,
    ...(typeof stale === 'string' && { stale }),
  };
}
