import { roles, type Role } from '#libs/access';
import { usage } from '../failures.ts';
import type { Command } from '../line/spec.ts';
import { withKeys } from './keys.ts';

export const keyCreate: Command = {
  about:
    'Makes an access key. It is shown once, on standard output, and kept only as a hash; a running server knows it at once.',
  arguments: [],
  options: [
    { name: 'role', value: '<role>', about: 'What it may do; several may be given.', many: true, choices: roles },
    { name: 'name', value: '<name>', about: 'Whose it is. Default: its roles.' },
  ],
  examples: [
    { line: 'inforce key create --role recorder --name importer', does: 'a key that may record' },
    { line: 'export INFORCE_KEY=$(inforce key create --role recorder,auditor)', does: 'straight into the environment' },
  ],

  async run(input, context) {
    const asked = roles.filter((role): role is Role => input.all('role').includes(role));
    if (asked.length === 0) throw usage(`inforce key create needs --role: ${roles.join(', ')}.`);
    const name = input.option('name') ?? asked.join(' ');
    const made = await withKeys(context, false, (keys) => keys.create({ name, roles: asked }));
    context.tell(`Key ${made.id}, ${made.roles.join(' ')}: “${made.name}”. It is not shown again.`);
    context.answer(made, () => [made.key]);
    return 0;
  },
};
