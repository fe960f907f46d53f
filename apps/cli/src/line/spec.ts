import type { Context } from '../context.ts';
import type { Input } from './input.ts';

/** What the shell can complete an argument or value with. */
export type Completes = 'matter' | 'party' | 'enforcer' | 'file' | readonly string[];

export interface OptionSpec {
  readonly name: string;
  /** How the value is shown in help; absent for a switch. */
  readonly value?: string;
  readonly about: string;
  /** May be given several times, or as a comma list. */
  readonly many?: true;
  /** The only values there are. */
  readonly choices?: readonly string[];
  readonly completes?: Completes;
}

export interface ArgumentSpec {
  readonly name: string;
  readonly optional?: true;
  readonly completes?: Completes;
}

export interface Example {
  readonly line: string;
  readonly does: string;
}

/** A command: how it is typed, what its help says, and what it does. */
export interface Command {
  readonly about: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly Example[];
  run(input: Input, context: Context): Promise<number>;
}

/** Taken by every command, before or after its name. */
export const globalOptions: readonly OptionSpec[] = [
  {
    name: 'data',
    value: '<dir>',
    about: 'Directory of the embedded log. Default: INFORCE_DATA, else ./data.',
    completes: 'file',
  },
  { name: 'server', value: '<url>', about: 'Ask this server instead of the embedded log.' },
  {
    name: 'key',
    value: '<key>',
    about: 'Access key for the server. Better in INFORCE_KEY: others can see what is typed here.',
  },
  { name: 'json', about: 'Answer in JSON; errors as problem+json.' },
  { name: 'no-color', about: 'No colours, also by NO_COLOR.' },
  { name: 'help', about: 'Show how the command is used.' },
];
