import type { Backend } from '../backend/backend.ts';
import { catalogue, groups } from '../catalogue.ts';
import { Context } from '../context.ts';
import { Input } from '../line/input.ts';
import { commandAt } from '../line/parse.ts';
import { type Command, type Completes, globalOptions, type OptionSpec } from '../line/spec.ts';
import { plain } from '../screen/text.ts';

type Candidate = readonly [word: string, about: string];

/** Prints what the last word may become. Silence is the answer to everything that cannot be known. */
export async function complete(words: readonly string[]): Promise<number> {
  const typed = words.at(-1) ?? '';
  const candidates = await candidatesFor(words.slice(0, -1), typed).catch(() => []);
  const lines = candidates
    .filter(([word]) => word.startsWith(typed))
    .map(([word, about]) => `${word}\t${plain(about)}\n`);
  process.stdout.write(lines.join(''));
  return 0;
}

async function candidatesFor(before: readonly string[], typed: string): Promise<readonly Candidate[]> {
  const first = commandAt(before);
  const [word, second] = [before[first], before[first + 1]];
  if (word === undefined) {
    const pending = globalOptions.find(({ name, value }) => value !== undefined && before.at(-1) === `--${name}`);
    if (pending) return [];
    return typed.startsWith('-') ? options(globalOptions) : commands();
  }
  if (groups.has(word) && second === undefined) return members(word);
  if (word === 'help') return commands();
  const entry = catalogue.get(groups.has(word) ? `${word} ${second ?? ''}` : word);
  if (!entry) return [];
  const rest = [...before.slice(0, first), ...before.slice(first + (groups.has(word) ? 2 : 1))];
  return new Completion(await entry.load(), rest).candidates(typed);
}

function commands(): readonly Candidate[] {
  const single = [...catalogue]
    .filter(([name]) => !name.includes(' '))
    .map(([name, { summary }]): Candidate => [name, summary]);
  return [
    ...single,
    ...[...groups].map((group): Candidate => [group, 'Access keys']),
    ['help', 'Show how a command is used'],
  ];
}

function members(group: string): readonly Candidate[] {
  return [...catalogue].flatMap(([name, { summary }]): Candidate[] => {
    const [first, second] = name.split(' ');
    return first === group && second !== undefined ? [[second, summary]] : [];
  });
}

function options(specs: readonly OptionSpec[]): readonly Candidate[] {
  return specs.map(({ name, about }): Candidate => [`--${name}`, about]);
}

/** Completes a word among a command's arguments and options. */
class Completion {
  readonly #command: Command;
  readonly #specs: readonly OptionSpec[];
  readonly #positional: readonly string[];
  readonly #given: ReadonlyMap<string, readonly string[]>;
  readonly #pending: OptionSpec | undefined;

  constructor(command: Command, words: readonly string[]) {
    this.#command = command;
    this.#specs = [...command.options, ...globalOptions];
    const positional: string[] = [];
    const given = new Map<string, readonly string[]>();
    let pending: OptionSpec | undefined;
    for (const word of words) {
      if (pending) {
        given.set(pending.name, [word]);
        pending = undefined;
      } else if (word.startsWith('--')) {
        const [name = '', value] = word.slice(2).split('=', 2);
        const spec = this.#specs.find((each) => each.name === name);
        if (spec?.value !== undefined && value === undefined) pending = spec;
        else given.set(name, value === undefined ? [] : [value]);
      } else positional.push(word);
    }
    this.#positional = positional;
    this.#given = given;
    this.#pending = pending;
  }

  async candidates(typed: string): Promise<readonly Candidate[]> {
    if (this.#pending) return this.#values(this.#pending.choices ?? this.#pending.completes);
    if (typed.startsWith('-')) {
      return options(this.#specs.filter(({ name, many }) => many || !this.#given.has(name)));
    }
    return this.#values(this.#command.arguments[this.#positional.length]?.completes);
  }

  async #values(completes: Completes | undefined): Promise<readonly Candidate[]> {
    if (completes === undefined || completes === 'file') return [];
    if (typeof completes !== 'string') return completes.map((value): Candidate => [value, '']);
    const backend = await new Context(new Input(new Map(), this.#given), process.env).reading();
    try {
      return completes === 'matter'
        ? await this.#matters(backend)
        : await this.#parties(backend, completes === 'enforcer');
    } finally {
      await backend.close();
    }
  }

  async #matters(backend: Backend): Promise<readonly Candidate[]> {
    return (await backend.matters()).items.map(({ id, title }): Candidate => [id, title]);
  }

  async #parties(backend: Backend, enforcers: boolean): Promise<readonly Candidate[]> {
    const [named] = this.#positional;
    const ids = named === undefined ? (await backend.matters()).items.map(({ id }) => id) : [named];
    const found = new Map<string, string>();
    for (const id of ids) {
      for (const { id: party, name, kind } of (await backend.matter(id, {})).parties) {
        if (!enforcers || kind === 'enforcer') found.set(party, name);
      }
    }
    return [...found];
  }
}
