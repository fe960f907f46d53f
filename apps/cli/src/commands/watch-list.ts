import type { Command } from '../line/spec.ts';
import { watchesView } from '../views/watches.ts';

export const watchList: Command = {
  about: 'Your watches on a server: those that the key made.',
  arguments: [],
  options: [],
  examples: [{ line: 'inforce watch list --server http://127.0.0.1:3000', does: 'with INFORCE_KEY set' }],

  async run(_input, context) {
    const list = await (await context.watches()).list();
    context.answer(list, () => watchesView(context.screen, list.items));
    return 0;
  },
};
