import { addPeriod, dayNumber, parsePeriod } from '#libs/calendar';
import type { Deadline, ListAnswer } from '#libs/register';
import { usage } from '../failures.ts';
import type { Input } from '../line/input.ts';
import type { Command } from '../line/spec.ts';
import { closedStates, dayOf, deadlinesView, openStates } from '../views/deadlines.ts';
import { clockOptions, clocksOf, member } from './options.ts';

export const deadlines: Command = {
  about: 'What is due, in what state it is, who must act, and what moved it. Of one matter, or of all.',
  arguments: [{ name: 'matter', optional: true, completes: 'matter' }],
  options: [
    {
      name: 'within',
      value: '<period>',
      about: 'Only what is due from the day asked about on, within this period: P30D, P6W, P3M.',
    },
    {
      name: 'state',
      value: '<state>',
      about: 'Only in these states.',
      many: true,
      choices: [...openStates, ...closedStates],
    },
    { name: 'party', value: '<id>', about: 'Only what these parties must do.', many: true, completes: 'party' },
    ...clockOptions,
  ],
  examples: [
    { line: 'inforce deadlines --within P30D', does: 'in the next thirty days, in all matters' },
    { line: 'inforce deadlines us-tiktok --at 2025-05-01', does: 'as they stood on a day' },
    { line: 'inforce deadlines us-tiktok --party doj --state scheduled,extended', does: 'what one party has ahead' },
  ],

  async run(input, context) {
    const within = withinOption(input);
    const backend = await context.reading();
    const matter = input.optional('matter');
    const answer = await backend.deadlines({
      clocks: clocksOf(input),
      ...member('matter', matter),
      ...member('state', listOption(input, 'state')),
      ...member('party', listOption(input, 'party')),
    });
    await backend.close();
    const list = within === undefined ? answer : dueWithin(answer, within);
    context.answer(list, () => deadlinesView(context.screen, list, matter === undefined));
    return 0;
  },
};

function listOption(input: Input, name: string): readonly string[] | undefined {
  return input.has(name) ? input.all(name) : undefined;
}

function withinOption(input: Input): ReturnType<typeof parsePeriod> {
  const text = input.option('within');
  const period = parsePeriod(text);
  if (text !== undefined && (!period || period.hours > 0 || period.minutes > 0)) {
    throw usage(`--within is a period of days, weeks, months or years, such as P30D, not “${text}”.`);
  }
  return period;
}

function dueWithin(
  answer: ListAnswer<Deadline>,
  period: NonNullable<ReturnType<typeof parsePeriod>>,
): ListAnswer<Deadline> {
  const from = dayOf(answer.clocks);
  const last = dayNumber(addPeriod(from, period, 1));
  const items = answer.items.filter(({ due }) => {
    const day = due && dayNumber(due.date);
    return day !== null && day >= dayNumber(from) && day <= last;
  });
  return { ...answer, items };
}
