import { refused } from '../failures.ts';
import type { Command } from '../line/spec.ts';
import { withKeys } from './keys.ts';

export const keyRevoke: Command = {
  about: 'Ends a key: from the next request on, a running server refuses it.',
  arguments: [{ name: 'id' }],
  options: [],
  examples: [
    { line: 'inforce key revoke 0199b2c4-5d1e-7c3a-9f00-3a1b5c7d9e11', does: 'by the id that key list shows' },
  ],

  async run(input, context) {
    const id = input.argument('id');
    const ended = await withKeys(context, false, (keys) => keys.revoke(id));
    if (!ended) throw refused('unknown-key', `There is no live key ${id}.`, 'inforce key list shows the keys.');
    context.answer({ id, revoked: true }, () => [`${id} revoked`]);
    return 0;
  },
};
