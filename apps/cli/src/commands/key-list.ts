import { existsSync } from 'node:fs';
import type { ListedKey } from '#libs/access';
import type { Command } from '../line/spec.ts';
import type { Screen } from '../screen/screen.ts';
import { type Row, table } from '../screen/table.ts';
import { refuseServer, withKeys } from './keys.ts';

export const keyList: Command = {
  about: 'The keys there are, and those that were revoked. The keys themselves are shown only when they are made.',
  arguments: [],
  options: [],
  examples: [{ line: 'inforce key list --data /var/lib/inforce', does: 'those of one server' }],

  async run(_input, context) {
    refuseServer(context);
    const { keysFile } = await context.config();
    const items = existsSync(keysFile) ? await withKeys(context, true, (keys) => keys.list()) : [];
    context.answer({ items }, () => keysView(context.screen, items));
    return 0;
  },
};

function keysView(screen: Screen, keys: readonly ListedKey[]): readonly string[] {
  if (keys.length === 0) return ['No keys yet: inforce key create --role recorder makes one.'];
  const rows = keys.map(({ id, name, roles, feedOf, createdAt, revokedAt }): Row => ({
    cells: [
      id,
      name,
      feedOf === undefined ? roles.join(' ') : `feeds of ${feedOf}`,
      createdAt,
      revokedAt === null ? '-' : { text: revokedAt, styles: ['red'] },
    ],
    faint: revokedAt !== null,
  }));
  return table(screen, ['KEY', 'NAME', 'ROLES', 'MADE', 'REVOKED'], rows);
}
