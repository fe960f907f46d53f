import { type CivilDate, epochMs, instantOf, startOfDay } from '#libs/calendar';
import type { Derived } from '../derive/derive.ts';
import type { Projection } from './projection.ts';

/** Later than any clock. */
export const NEVER = 8_640_000_000_000_000;

const starts = new Map<string, number>();
const MOST_STARTS = 4_096;

/** The start of a civil day in a zone, in epoch milliseconds. Many matters begin the same few days. */
export function startMs(day: CivilDate, timeZone: string): number {
  const name = `${day} ${timeZone}`;
  const known = starts.get(name);
  if (known !== undefined) return known;
  const ms = day < '9999-12-31' ? epochMs(instantOf(startOfDay(day), timeZone)) : NEVER;
  if (starts.size >= MOST_STARTS) starts.clear();
  starts.set(name, ms);
  return ms;
}

/** Lower case without accents, each word after a blank: for finding the beginnings of words. */
export function folded(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase();
  return ` ${plain
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(' ')}`;
}

/**
 * A matter with its headline as at the civil day of its newest event, good from `since` until `until` (epoch ms) and
 * from `as_of` to the day before `flips_on`.
 */
export const matters: Projection = {
  name: 'matters',
  version: 1,
  shapedSince: 1,
  settles: 'always',
  create: (t) => `CREATE TABLE ${t} (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    tags TEXT NOT NULL,
    words TEXT NOT NULL,
    revision INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    as_of TEXT NOT NULL,
    flips_on TEXT,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    code TEXT NOT NULL,
    headline TEXT NOT NULL,
    stale TEXT
  ) STRICT;`,
  indexes: (t) => `CREATE UNIQUE INDEX ${t}_by_id ON ${t} (id);
    CREATE INDEX ${t}_recorded ON ${t} (recorded_at);`,
  drop: (t) => `DROP TABLE ${t};`,
  rows: (t) => [`SELECT * FROM ${t} ORDER BY key`],
  writer: (db, t) => {
    const put = `INSERT OR REPLACE INTO ${t} VALUES (${Array.from({ length: 16 }, () => '?').join(', ')})`;
    return {
      take: () => {},
      settle: (key, derived) => {
        const row = rowOf(derived);
        if (row) db.sql(put).run(key, ...row);
      },
    };
  },
};

function rowOf({ record, history, asOf, answers, problems }: Derived): (string | number | null)[] | undefined {
  if (!record) return undefined;
  const { id, title, jurisdiction, timeZone, tags = [], description = '' } = record.matter;
  const { headline, flipsOn } = answers;
  return [
    id,
    title,
    jurisdiction,
    timeZone,
    JSON.stringify(tags),
    folded([id, title, description, ...tags].join(' ')),
    history.revision,
    epochMs(history.recordedAt),
    asOf,
    flipsOn,
    startMs(asOf, timeZone),
    flipsOn === null ? NEVER : startMs(flipsOn, timeZone),
    headline.code,
    JSON.stringify(headline),
    problems[0]?.reason ?? null,
  ];
}
