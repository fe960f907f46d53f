import type { Command } from '../line/spec.ts';
import { watchesView } from '../views/watches.ts';

export const watchList: Command = {
  about: 'Your watches: those that the key made. On the log itself without a key, those of everybody.',
  arguments: [],
  options: [],
  examples: [
    { line: 'inforce watch list', does: 'all there are in the log' },
    { line: 'inforce watch list --server http://127.0.0.1:3000', does: 'your own, with INFORCE_KEY set' },
  ],

  async run(_input, context) {
    const watches = await context.watches('read');
    const list = await watches.list().finally(() => watches.close());
    context.answer(list, () => watchesView(context.screen, list.items));
    return 0;
  },
};
