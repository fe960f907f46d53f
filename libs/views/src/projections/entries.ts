import type { Projection } from './projection.ts';

/** Every entry as believed; what it says at length stays in the log. */
export const entries: Projection = {
  name: 'entries',
  version: 1,
  shapedSince: 1,
  settles: 'after-changes',
  create: (t) => `CREATE TABLE ${t} (
    position INTEGER PRIMARY KEY,
    key INTEGER NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    type TEXT NOT NULL,
    occurred_on TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL
  ) STRICT;`,
  indexes: () => '',
  drop: (t) => `DROP TABLE ${t};`,
  rows: (t) => [`SELECT * FROM ${t} ORDER BY position`],
  writer: (db, t) => {
    const add = `INSERT OR REPLACE INTO ${t} VALUES (?, ?, ?, ?, ?, ?, ?, 'current')`;
    const change = `UPDATE ${t} SET occurred_on = ?, title = ?, state = ? WHERE position = ?`;
    return {
      take: (key, event) => {
        if ('occurredOn' in event.data) {
          const { id, occurredOn, title } = event.data;
          db.sql(add).run(Number(event.position), key, id, event.revision, event.type, occurredOn, title);
        }
      },
      settle: (_key, { changed }, since) => {
        for (const { position, entry, state, by } of changed) {
          if (by < since) continue;
          // A correction can leave what is no entry; the matter is then in quarantine, and its row still has columns.
          const { occurredOn, title }: { readonly occurredOn: unknown; readonly title: unknown } = entry;
          db.sql(change).run(String(occurredOn), String(title), state, position);
        }
      },
    };
  },
};
