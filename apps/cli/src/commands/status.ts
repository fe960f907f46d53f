import type { Command } from '../line/spec.ts';
import { statusView } from '../views/status.ts';
import { clockOptions, clocksOf, whoOf, whoOptions } from './options.ts';

export const status: Command = {
  about: 'Is it enforced, against whom, until when, and because of what? Answered for a day, as known on a day.',
  arguments: [{ name: 'matter', completes: 'matter' }],
  options: [...clockOptions, ...whoOptions],
  examples: [
    { line: 'inforce status us-tiktok', does: 'today' },
    { line: 'inforce status us-tiktok --party apple --at 2025-02-01', does: 'for Apple, on 1 February 2025' },
    {
      line: 'inforce status us-tiktok --at 2025-12-20 --published-by 2025-09-24',
      does: 'as the public could know it then',
    },
    { line: 'inforce status us-tiktok --json | jq -r .headline.code', does: 'for a script' },
  ],

  async run(input, context) {
    const backend = await context.reading();
    const [matter, clocks] = [input.argument('matter'), clocksOf(input)];
    const answer = await backend.status(matter, { clocks, ...whoOf(input) });
    const about = context.json ? undefined : await backend.matter(matter, clocks);
    await backend.close();
    context.warn(answer.warnings);
    context.answer(answer, () => statusView(context.screen, answer, about ?? { title: '', parties: [] }));
    return 0;
  },
};
