import type { Command } from '../line/spec.ts';
import { receiptsView } from '../views/watches.ts';
import { alertNumber } from './alert-number.ts';

export const watchDeliveries: Command = {
  about: 'The numbered alerts of a watch, and what became of each.',
  arguments: [{ name: 'watch' }],
  options: [{ name: 'after', value: '<seq>', about: 'Only those after this number.' }],
  examples: [
    {
      line: 'inforce watch deliveries 0199b2c4-5d1e-7c3a-9f00-3a1b5c7d9e11 --after 12 --server http://127.0.0.1:3000',
      does: 'from the 13th on',
    },
  ],

  async run(input, context) {
    const after = alertNumber(input.option('after') ?? '0');
    const watches = await context.watches('read');
    const receipts = await watches.deliveries(input.argument('watch'), after).finally(() => watches.close());
    context.answer(receipts, () => receiptsView(context.screen, receipts.items));
    return 0;
  },
};
