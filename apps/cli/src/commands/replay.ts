import { once } from 'node:events';
import type { ReplayAsked, ReplayStep } from '#libs/register';
import type { Context } from '../context.ts';
import type { Input } from '../line/input.ts';
import type { Command } from '../line/spec.ts';
import { jsonLine } from '../screen/json.ts';
import { ReplayView } from '../views/replay.ts';
import { enterPressed } from './enter.ts';
import { at, dayOption, member, momentOption, whoOf, whoOptions } from './options.ts';

export const replay: Command = {
  about:
    'How the answer came about, entry by entry: what each act, correction and retraction changed, in the order in which the record learnt of it, or the public.',
  arguments: [{ name: 'matter', completes: 'matter' }],
  options: [
    { name: 'by', value: '<order>', about: 'recorded (default) or published.', choices: ['recorded', 'published'] },
    { name: 'until', value: '<date>', about: 'Only what was on record, or public, by then.' },
    { name: 'step', about: 'Wait for Enter after each step, on a terminal; q ends.' },
    at,
    ...whoOptions,
  ],
  examples: [
    { line: 'inforce replay us-tiktok --step', does: 'step by step, as it was recorded' },
    {
      line: 'inforce replay us-tiktok --by published --party apple --until 2025-04-05',
      does: 'as the public could know it, for Apple',
    },
    { line: 'inforce replay us-tiktok --json | jq -r .headline.after.code', does: 'NDJSON, a line for each step' },
  ],

  async run(input, context) {
    const asked = askedOf(input);
    const matter = input.argument('matter');
    const backend = await context.reading();
    const steps = await backend.replay(matter, asked);
    if (context.json) await lines(steps);
    else await story(context, input, await backend.matter(matter, {}), asked, steps);
    await backend.close();
    return 0;
  },
};

function askedOf(input: Input): ReplayAsked {
  const by = input.option('by') === 'published' ? 'published' : 'recorded';
  const until =
    by === 'published'
      ? member('publishedBy', dayOption(input, 'until'))
      : member('knownAt', momentOption(input, 'until'));
  return { by, clocks: { ...member('at', momentOption(input, 'at')), ...until }, ...whoOf(input) };
}

type Steps = AsyncIterable<ReplayStep> | Iterable<ReplayStep>;

async function lines(steps: Steps): Promise<void> {
  for await (const step of steps) await write(jsonLine(step));
}

async function story(
  context: Context,
  input: Input,
  matter: { readonly id: string; readonly title: string },
  { by = 'recorded' }: ReplayAsked,
  steps: Steps,
): Promise<void> {
  const view = new ReplayView(context.screen, by);
  const waits = input.has('step') && process.stdin.isTTY && process.stdout.isTTY;
  await write(`${view.head(matter).join('\n')}\n`);
  for await (const step of steps) {
    if (waits && view.steps > 0 && !(await enterPressed(process.stdin, process.stderr))) break;
    await write(`${view.step(step).join('\n')}\n`);
  }
  await write(`${view.tail().join('\n')}\n`);
}

/** A long story must not pile up before a slow reader. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
