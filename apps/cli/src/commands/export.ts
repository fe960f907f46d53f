import { writeFileSync } from 'node:fs';
import type { Command } from '../line/spec.ts';
import { clockOptions, clocksOf, whoOf, whoOptions } from './options.ts';

export const exporting: Command = {
  about:
    'One file with which an answer can be checked offline: the matter’s events, the proofs that none was altered or left out, and the answer. inforce verify checks it.',
  arguments: [{ name: 'matter', completes: 'matter' }],
  options: [
    { name: 'out', value: '<file>', about: 'Where to write it. Default: standard output.', completes: 'file' },
    ...clockOptions,
    ...whoOptions,
  ],
  examples: [
    {
      line: 'inforce export us-tiktok --party apple --at 2025-02-01 --out tiktok.json',
      does: 'an answer to take away',
    },
    { line: 'inforce export us-tiktok > tiktok.json', does: 'the same, for today' },
  ],

  async run(input, context) {
    const matter = input.argument('matter');
    const backend = await context.sealing();
    try {
      const bytes = await backend.bundle(matter, { clocks: clocksOf(input), ...whoOf(input) });
      const out = input.option('out');
      if (out === undefined) process.stdout.write(bytes);
      else {
        writeFileSync(out, bytes);
        context.tell(`${out}: a bundle of ${matter}, ${bytes.length} bytes.`);
      }
    } finally {
      await backend.close();
    }
    return 0;
  },
};
