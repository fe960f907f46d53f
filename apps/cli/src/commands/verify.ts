import { usage } from '../failures.ts';
import type { Command } from '../line/spec.ts';
import { verifyBundleFile } from './verify-bundle.ts';
import { logOptions, verifyLog } from './verify-log.ts';

export const verify: Command = {
  about:
    'Checks that nothing was altered, dropped or put in afterwards: in the log, or in a bundle, offline. Exit code 3 when something was.',
  arguments: [{ name: 'bundle.json', optional: true, completes: 'file' }],
  options: logOptions,
  examples: [
    { line: 'inforce verify tiktok.json --trust log.vkey', does: 'a bundle, against a key that came another way' },
    { line: 'inforce verify --log', does: 'reads the whole log again, where it lies' },
    {
      line: 'inforce verify --log --checkpoint /mnt/witness --trust log.vkey',
      does: 'against what was kept elsewhere',
    },
  ],

  async run(input, context) {
    const bundle = input.optional('bundle.json');
    if (input.has('log') === (bundle !== undefined))
      throw usage('inforce verify checks either a bundle or, with --log, the log.');
    if (bundle !== undefined && input.option('checkpoint') !== undefined)
      throw usage('--checkpoint goes with --log: a bundle is checked under the one checkpoint that is in it.');
    return bundle === undefined ? verifyLog(input, context) : verifyBundleFile(bundle, input, context);
  },
};
