import type { Command } from '../line/spec.ts';
import { mattersView } from '../views/matters.ts';

export const matters: Command = {
  about: 'The matters on record, with their headline today.',
  arguments: [],
  options: [],
  examples: [
    { line: 'inforce matters', does: 'all of them' },
    { line: 'inforce matters --server https://inforce.example.org', does: 'those of a server' },
  ],

  async run(_input, context) {
    const backend = await context.reading();
    const list = await backend.matters();
    await backend.close();
    context.answer(list, () => mattersView(context.screen, list.items));
    return 0;
  },
};
