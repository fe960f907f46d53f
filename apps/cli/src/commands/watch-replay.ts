import { usage } from '../failures.ts';
import type { Command } from '../line/spec.ts';
import { WHEN_SERVED } from '../views/watches.ts';
import { alertNumber } from './alert-number.ts';

export const watchReplay: Command = {
  about: 'Sends the alerts after a number again, in order. Whoever gets them knows each by its id.',
  arguments: [{ name: 'watch' }],
  options: [{ name: 'after', value: '<seq>', about: 'The last number that arrived; 0: all.' }],
  examples: [
    {
      line: 'inforce watch replay 0199b2c4-5d1e-7c3a-9f00-3a1b5c7d9e11 --after 12 --server http://127.0.0.1:3000',
      does: 'from the 13th on',
    },
  ],

  async run(input, context) {
    const after = input.option('after');
    if (after === undefined) throw usage('inforce watch replay needs --after: the last number that arrived, or 0.');
    const from = alertNumber(after);
    const watches = await context.watches('write');
    const replayed = await watches.replay(input.argument('watch'), from).finally(() => watches.close());
    if (context.server === undefined) context.tell(WHEN_SERVED);
    const { alerts } = replayed;
    context.answer(replayed, () => [`${alerts} ${alerts === 1 ? 'alert is' : 'alerts are'} sent again`]);
    return 0;
  },
};
