import type { Command } from '../line/spec.ts';

export const watchRemove: Command = {
  about: 'Removes a watch: nothing more is told.',
  arguments: [{ name: 'watch' }],
  options: [],
  examples: [
    {
      line: 'inforce watch remove 0199b2c4-5d1e-7c3a-9f00-3a1b5c7d9e11 --server http://127.0.0.1:3000',
      does: 'by the id that watch list shows',
    },
  ],

  async run(input, context) {
    const id = input.argument('watch');
    const watches = await context.watches('write');
    await watches.remove(id).finally(() => watches.close());
    context.answer({ id, removed: true }, () => [`${id} removed`]);
    return 0;
  },
};
