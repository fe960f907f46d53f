import { usage } from '../failures.ts';
import type { Command } from '../line/spec.ts';
import { readJson } from '../read-json.ts';

export const record: Command = {
  about: 'Records one entry: an act, what it changes in law, and where that can be read. The same entry twice is one.',
  arguments: [
    { name: 'matter', completes: 'matter' },
    { name: 'entry.json', completes: 'file' },
  ],
  options: [{ name: 'if-match', value: '<revision>', about: 'Only if the matter is still at this revision.' }],
  examples: [
    { line: 'inforce record us-tiktok ruling.json', does: 'into the embedded log' },
    {
      line: 'inforce record us-tiktok - --server http://127.0.0.1:3000 < ruling.json',
      does: 'on a server, with INFORCE_KEY set',
    },
  ],

  async run(input, context) {
    const revision = input.option('if-match');
    if (revision !== undefined && !/^\d{1,15}$/.test(revision))
      throw usage(`--if-match is a revision, such as 7, not “${revision}”.`);
    const entry = await readJson(input.argument('entry.json'));
    const matter = input.argument('matter');
    const backend = await context.writing();
    try {
      const { repeated, body } = await backend.record(
        matter,
        entry,
        revision === undefined ? undefined : Number(revision),
      );
      context.warn(body.warnings);
      context.answer(body, () => [
        `${matter}: ${body.id} ${repeated ? 'was already there,' : 'recorded,'} revision ${body.revision}`,
      ]);
    } finally {
      await backend.close();
    }
    return 0;
  },
};
