import type { Entry } from '#libs/matter';
import type { Projection } from './projection.ts';

type Texts = readonly [title: string, summary: string, author: string, citation: string, sources: string];

/** What is searched of an entry. */
export function textsOf({ title, summary = '', author, instrument, sources }: Entry): Texts {
  const citation = [instrument?.citation, instrument?.title].filter(Boolean).join(' ');
  return [title, summary, author.name, citation, sources.map((source) => source.title).join(' ')];
}

/**
 * Full text over the entries as believed; a row's id is the position of the entry's event. Contentless: the texts stay
 * in the log (sqlite.org/fts5.html, 4.4.2). A smaller `detail` would build faster, but without content it ranks nothing.
 */
export const search: Projection = {
  name: 'search',
  version: 1,
  shapedSince: 1,
  settles: 'after-changes',
  create: (t) => `CREATE VIRTUAL TABLE ${t} USING fts5 (
      title, summary, author, citation, sources,
      content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
    );
    CREATE VIRTUAL TABLE ${t}_words USING fts5vocab (${t}, instance);
    INSERT INTO ${t} (${t}, rank) VALUES ('automerge', 0);
    INSERT INTO ${t} (${t}, rank) VALUES ('crisismerge', 500);`,
  // Merging while the index grows would write it twice over.
  indexes: (t) => `INSERT INTO ${t} (${t}, rank) VALUES ('automerge', 4);
    INSERT INTO ${t} (${t}, rank) VALUES ('crisismerge', 16);`,
  drop: (t) => `DROP TABLE ${t}_words; DROP TABLE ${t};`,
  // Which words stand where; how FTS5 cuts its index into segments depends on the size of transactions.
  rows: (t) => [`SELECT term, doc, col, offset FROM ${t}_words ORDER BY term, doc, col, offset`],
  writer: (db, t) => {
    const add = `INSERT INTO ${t} (rowid, title, summary, author, citation, sources) VALUES (?, ?, ?, ?, ?, ?)`;
    const remove = `DELETE FROM ${t} WHERE rowid = ?`;
    return {
      take: (_key, event) => {
        if ('occurredOn' in event.data) db.sql(add).run(Number(event.position), ...textsOf(event.data));
      },
      settle: (_key, { changed }, since) => {
        for (const { position, entry, state, by } of changed) {
          if (by < since) continue;
          db.sql(remove).run(position);
          // A correction that leaves no text to search is the matter's problem, and quarantined there.
          if (state !== 'retracted') db.sql(add).run(position, ...readableTexts(entry));
        }
      },
    };
  },
};

function readableTexts(entry: Entry): readonly string[] {
  try {
    return textsOf(entry).map((text: unknown) => String(text));
  } catch {
    return ['', '', '', '', ''];
  }
}
