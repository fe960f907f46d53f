import { usage } from '../failures.ts';
import type { Command } from '../line/spec.ts';
import { diffView } from '../views/changes.ts';
import { at, dayOption, member, momentOption, whoOf, whoOptions } from './options.ts';

export const diff: Command = {
  about:
    'What changed in belief between two days of knowledge: the acts that were recorded, corrected or retracted, and the answers that changed by them.',
  arguments: [{ name: 'matter', completes: 'matter' }],
  options: [
    { name: 'known-from', value: '<date>', about: 'The earlier state of knowledge.' },
    { name: 'known-to', value: '<date>', about: 'The later one. Default: now.' },
    at,
    { name: 'published-by', value: '<date>', about: 'Only acts that were public by this day.' },
    ...whoOptions,
  ],
  examples: [
    { line: 'inforce diff us-tiktok --known-from 2026-01-01', does: 'what was learnt since' },
    {
      line: 'inforce diff us-tiktok --known-from 2025-09-01 --known-to 2025-10-01 --at 2025-12-20',
      does: 'and how it changed the answer for one day',
    },
  ],

  async run(input, context) {
    const knownFrom = momentOption(input, 'known-from');
    if (knownFrom === undefined)
      throw usage('inforce diff needs --known-from <date>.', 'inforce diff --help shows how it is used.');
    const asked = {
      knownFrom,
      ...member('knownTo', momentOption(input, 'known-to')),
      ...member('at', momentOption(input, 'at')),
      ...member('publishedBy', dayOption(input, 'published-by')),
      ...whoOf(input),
    };
    const backend = await context.reading();
    const answer = await backend.diff(input.argument('matter'), asked);
    await backend.close();
    context.answer(answer, () => diffView(context.screen, answer));
    return 0;
  },
};
