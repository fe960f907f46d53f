import { usage } from '../failures.ts';
import type { Command } from '../line/spec.ts';
import { timelineView } from '../views/timeline.ts';
import { clockOptions, clocksOf, dayOption, member, whoOf, whoOptions } from './options.ts';

export const timeline: Command = {
  about: 'What happened, in legal order, and how the states ran: for a party and an enforcer, as known on a day.',
  arguments: [{ name: 'matter', completes: 'matter' }],
  options: [
    { name: 'from', value: '<date>', about: 'First day, included.' },
    { name: 'to', value: '<date>', about: 'Last day, included.' },
    ...clockOptions,
    ...whoOptions,
  ],
  examples: [
    { line: 'inforce timeline us-tiktok', does: 'all of it' },
    { line: 'inforce timeline us-tiktok --party apple --from 2025-01-01 --to 2025-12-31', does: 'one year, for Apple' },
    { line: 'inforce timeline us-tiktok --known-at 2025-01-25 | less', does: 'as it was known then' },
  ],

  async run(input, context) {
    const [from, to] = [dayOption(input, 'from'), dayOption(input, 'to')];
    if (from !== undefined && to !== undefined && to < from) throw usage('--to must not be before --from.');
    const backend = await context.reading();
    const [matter, clocks] = [input.argument('matter'), clocksOf(input)];
    const window = { ...member('from', from), ...member('to', to) };
    const answer = await backend.timeline(matter, { clocks, ...whoOf(input), ...window });
    const about = context.json ? undefined : await backend.matter(matter, clocks);
    await backend.close();
    context.answer(answer, () => timelineView(context.screen, answer, about ?? { id: matter, title: '' }, window));
    return 0;
  },
};
