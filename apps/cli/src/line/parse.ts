import { usage } from '../failures.ts';
import { Input } from './input.ts';
import { nearest } from './nearest.ts';
import { type ArgumentSpec, globalOptions, type OptionSpec } from './spec.ts';

interface Grammar {
  /** For messages: `inforce status`. */
  readonly name: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
}

/** Where the command's name begins: after what stands in front of it. */
export function commandAt(words: readonly string[]): number {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-') || word === '-') return index;
    const spec = globalOptions.find(({ name }) => word === `--${name}`);
    if (spec?.value !== undefined) index += 1;
  }
  return words.length;
}

/** Reads what was typed. @throws CliFailure when it is not what the command takes. */
export function parse(words: readonly string[], grammar: Grammar): Input {
  const options = new Map<string, readonly string[]>();
  const positional: string[] = [];
  const known = [...grammar.options, ...globalOptions];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') {
      positional.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      positional.push(word);
      continue;
    }
    const [name, inline] = split(word);
    const spec = known.find((each) => each.name === name);
    if (!spec) throw unknownOption(word, known, grammar);
    const separate = spec.value !== undefined && inline === undefined;
    if (separate) index += 1;
    keep(options, spec, separate ? words[index] : inline, grammar);
  }
  return new Input(named(positional, options.has('help') ? [] : grammar.arguments, grammar), options);
}

function split(word: string): [string, string?] {
  if (word === '-h') return ['help'];
  if (!word.startsWith('--')) return [''];
  const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  return value === undefined ? [name] : [name, value];
}

function keep(
  options: Map<string, readonly string[]>,
  spec: OptionSpec,
  value: string | undefined,
  grammar: Grammar,
): void {
  const { name } = spec;
  if (spec.value === undefined) {
    if (value !== undefined) throw usage(`--${name} takes no value.`, hint(grammar));
    options.set(name, []);
    return;
  }
  if (value === undefined || value === '' || (value.startsWith('--') && value.length > 2)) {
    throw usage(`--${name} needs a value: --${name} ${spec.value}.`, hint(grammar));
  }
  const earlier = options.get(name);
  if (earlier && !spec.many) throw usage(`--${name} is given more than once.`, hint(grammar));
  const values = spec.many ? value.split(',') : [value];
  const wrong = spec.choices && values.find((each) => !spec.choices?.includes(each));
  if (wrong !== undefined) {
    const meant = nearest(wrong, spec.choices ?? []);
    const offer = meant === undefined ? '' : `; did you mean ${meant}?`;
    throw usage(`--${name} is one of ${spec.choices?.join(', ')}, not “${wrong}”${offer || '.'}`, hint(grammar));
  }
  options.set(name, [...new Set([...(earlier ?? []), ...values])]);
}

function named(values: readonly string[], specs: readonly ArgumentSpec[], grammar: Grammar): Map<string, string> {
  const missing = specs.find((spec, index) => !spec.optional && values[index] === undefined);
  if (missing) throw usage(`${grammar.name} needs <${missing.name}>.`, hint(grammar));
  const extra = specs.length > 0 || grammar.arguments.length === 0 ? values[specs.length] : undefined;
  if (extra !== undefined) throw usage(`${grammar.name} has no use for “${extra}”.`, hint(grammar));
  return new Map(specs.flatMap(({ name }, index) => (values[index] === undefined ? [] : [[name, values[index]]])));
}

function unknownOption(word: string, known: readonly OptionSpec[], grammar: Grammar): Error {
  const meant = nearest(
    word.replace(/=.*/s, '').replace(/^-+/, ''),
    known.map(({ name }) => name),
  );
  const offer = meant === undefined ? '.' : `; did you mean --${meant}?`;
  return usage(`${grammar.name} has no option ${word}${offer}`, hint(grammar));
}

function hint({ name }: Grammar): string {
  return `${name} --help shows how it is used.`;
}
