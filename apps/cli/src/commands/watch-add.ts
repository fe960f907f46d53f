import { alertKindNames } from '#libs/contract';
import type { Input } from '../line/input.ts';
import type { Command } from '../line/spec.ts';
import { usage } from '../failures.ts';
import { watchMadeView, WHEN_SERVED } from '../views/watches.ts';

const LONGEST_NAME = 200;

export const watchAdd: Command = {
  about:
    'Makes a watch: it tells you what is recorded from now on, and reminds you of what falls due. The secret that webhooks are signed with is shown once.',
  arguments: [],
  options: [
    { name: 'url', value: '<url>', about: 'Where webhooks go.' },
    { name: 'email', value: '<address>', about: 'Where mail goes.' },
    { name: 'name', value: '<name>', about: 'In whose words it is told. Default: what it hears.' },
    {
      name: 'matter',
      value: '<id>',
      about: 'Only this matter; several may be given.',
      many: true,
      completes: 'matter',
    },
    { name: 'party', value: '<id>', about: 'Only what concerns it; a class includes its members.', many: true },
    { name: 'jurisdiction', value: '<code>', about: 'Only matters of it.', many: true },
    { name: 'kind', value: '<kind>', about: 'Only alerts of this kind.', many: true, choices: alertKindNames },
    {
      name: 'lead',
      value: '<period>',
      about: 'How long before a due day, such as P7D. Default: P30D,P7D,P1D,P0D.',
      many: true,
    },
    { name: 'at', value: '<HH:MM>', about: 'The hour of reminders. Default: 09:00.' },
    { name: 'time-zone', value: '<zone>', about: 'Your own. Default: that of this machine.' },
  ],
  examples: [
    {
      line: 'inforce watch add --server http://127.0.0.1:3000 --party app-stores --url https://example.org/hook',
      does: 'all that concerns app stores',
    },
    {
      line: 'inforce watch add --server http://127.0.0.1:3000 --matter us-tiktok --kind pause-ending --email anna@example.org',
      does: 'the ends of pauses, by mail',
    },
  ],

  async run(input, context) {
    const watch = watchOf(input);
    const watches = await context.watches('write');
    const made = await watches.add(watch).finally(() => watches.close());
    context.tell(
      `Watch ${made.id} hears what is recorded from now on.${made.secret === undefined ? '' : ' The secret is not shown again.'}`,
    );
    if (context.server === undefined) context.tell(WHEN_SERVED);
    context.warn(made.warnings);
    context.answer(made, () => watchMadeView(made));
    return 0;
  },
};

function watchOf(input: Input): object {
  const [url, to] = [input.option('url'), input.option('email')];
  if ((url === undefined) === (to === undefined)) throw usage('inforce watch add needs --url or --email.');
  const bounds = { matters: 'matter', parties: 'party', jurisdictions: 'jurisdiction', kinds: 'kind' } as const;
  const filter = Object.entries(bounds).flatMap(([field, option]) => {
    const values = input.all(option);
    return values.length === 0 ? [] : [[field, values] as const];
  });
  const leads = input.all('lead');
  const at = input.option('at');
  return {
    // Not where it goes: an address is sealed in the log, and a name is not.
    name: input.option('name') ?? nameOf(filter.flatMap(([, values]) => values)),
    channel: url === undefined ? { kind: 'email', to } : { kind: 'webhook', url },
    filter: Object.fromEntries(filter),
    timeZone: input.option('time-zone') ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(leads.length > 0 && { leads }),
    ...(at !== undefined && { at }),
  };
}

function nameOf(bounds: readonly string[]): string {
  return bounds.length === 0 ? 'Everything' : bounds.join(', ').slice(0, LONGEST_NAME);
}
