import { exitCode } from '../exit-code.ts';
import type { Command } from '../line/spec.ts';

export const watchTest: Command = {
  about: 'Sends a test alert, once, and says how it went: it ends with 1 when it did not arrive.',
  arguments: [{ name: 'watch' }],
  options: [],
  examples: [
    {
      line: 'inforce watch test 0199b2c4-5d1e-7c3a-9f00-3a1b5c7d9e11 --server http://127.0.0.1:3000',
      does: 'by the id that watch list shows',
    },
  ],

  async run(input, context) {
    const watches = await context.watches('write');
    const tested = await watches.test(input.argument('watch')).finally(() => watches.close());
    const { delivered, status, answer } = tested;
    const why = [status === null ? '' : `status ${status}`, answer].filter((each) => each !== '').join(', ');
    context.answer(tested, () => [`${delivered ? 'delivered' : 'not delivered'}${why === '' ? '' : `: ${why}`}`]);
    return delivered ? exitCode.done : exitCode.refused;
  },
};
