import type { Command } from '../line/spec.ts';
import { readJson } from '../read-json.ts';
import { whatIfView } from '../views/changes.ts';
import { at, member, momentOption, whoOf, whoOptions } from './options.ts';

export const whatIf: Command = {
  about:
    'What entries would change if they were recorded. Nothing is recorded; what a guard would refuse is refused here too.',
  arguments: [
    { name: 'matter', completes: 'matter' },
    { name: 'entries.json', completes: 'file' },
  ],
  options: [at, ...whoOptions],
  examples: [
    {
      line: 'inforce what-if us-tiktok extension.json --at 2026-03-01',
      does: 'one entry, a list of them, or { "entries": [...] }',
    },
    { line: 'jq .entries[0] draft.json | inforce what-if us-tiktok - --party apple', does: 'from standard input' },
  ],

  async run(input, context) {
    const entries = entriesIn(await readJson(input.argument('entries.json')));
    const backend = await context.reading();
    const asked = { entries, ...member('at', momentOption(input, 'at')), ...whoOf(input) };
    const answer = await backend.whatIf(input.argument('matter'), asked);
    await backend.close();
    context.warn(answer.warnings);
    context.answer(answer, () => whatIfView(context.screen, answer));
    return 0;
  },
};

/** A list of entries, an object that has one (a dataset does), or one entry. */
function entriesIn(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) return content;
  if (typeof content === 'object' && content !== null && 'entries' in content && Array.isArray(content.entries))
    return content.entries;
  return [content];
}
