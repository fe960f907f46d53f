import { scripts, shells } from '../completion/scripts.ts';
import { usage } from '../failures.ts';
import { nearest } from '../line/nearest.ts';
import type { Command } from '../line/spec.ts';

export const completion: Command = {
  about: 'Prints a script with which a shell completes commands, options, matters and parties.',
  arguments: [{ name: 'shell', completes: shells }],
  options: [],
  examples: [
    { line: 'source <(inforce completion bash)', does: 'for this bash; put it into ~/.bashrc to keep it' },
    { line: 'inforce completion zsh > "${fpath[1]}/_inforce"', does: 'for zsh' },
    { line: 'inforce completion fish > ~/.config/fish/completions/inforce.fish', does: 'for fish' },
  ],

  async run(input, context) {
    const shell = shells.find((each) => each === input.argument('shell'));
    if (!shell) {
      const meant = nearest(input.argument('shell'), shells);
      throw usage(`The shells are ${shells.join(', ')}${meant === undefined ? '.' : `; did you mean ${meant}?`}`);
    }
    context.answer({ shell, script: scripts[shell] }, () => [scripts[shell].trimEnd()]);
    return 0;
  },
};
