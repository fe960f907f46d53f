import { catalogue } from '../catalogue.ts';
import type { Screen } from '../screen/screen.ts';
import { padded, widthOf, wrapped } from '../screen/text.ts';
import { type Command, globalOptions, type OptionSpec } from './spec.ts';

const INDENT = 2;

export function overview(screen: Screen): string {
  const { paint } = screen;
  return page([
    `${paint('inforce', 'bold')}: is it enforced today, against whom, until when, and because of what?`,
    '',
    heading(screen, 'Usage'),
    '  inforce <command> [arguments] [options]',
    '',
    heading(screen, 'Commands'),
    ...columns(
      screen,
      [...catalogue].map(([name, { summary }]) => [name, summary] as const),
    ),
    '',
    heading(screen, 'Options of every command'),
    ...optionLines(screen, globalOptions),
    '',
    heading(screen, 'Examples'),
    ...examples(screen, [
      { line: 'inforce import datasets', does: 'load the datasets that come with the program' },
      { line: 'inforce status us-tiktok --party apple', does: 'the state of things today' },
      { line: 'inforce status us-tiktok --at 2025-02-01 --known-at 2025-01-25', does: 'on a day, as known on another' },
      { line: 'inforce help timeline', does: 'more about a command' },
    ]),
    '',
    'Exit codes: 0 done, 1 not found or refused, 2 usage or configuration, 4 could not (I/O, network, locked).',
  ]);
}

export function commandHelp(screen: Screen, name: string, command: Command): string {
  const words = command.arguments.map((each) => (each.optional ? `[${each.name}]` : `<${each.name}>`));
  const { options } = command;
  return page([
    ...wrapped(command.about, screen.width),
    '',
    heading(screen, 'Usage'),
    `  ${['inforce', name, ...words].join(' ')}${options.length > 0 ? ' [options]' : ''}`,
    ...(options.length > 0 ? ['', heading(screen, 'Options'), ...optionLines(screen, options)] : []),
    '',
    heading(screen, 'Options of every command'),
    ...optionLines(screen, globalOptions),
    '',
    heading(screen, 'Examples'),
    ...examples(screen, command.examples),
  ]);
}

export function groupHelp(screen: Screen, group: string): string {
  const members = [...catalogue].filter(([name]) => name.startsWith(`${group} `));
  return page([
    heading(screen, 'Commands'),
    ...columns(
      screen,
      members.map(([name, { summary }]) => [name, summary] as const),
    ),
    '',
    `inforce help ${members[0]?.[0] ?? group} says more.`,
  ]);
}

function heading(screen: Screen, text: string): string {
  return screen.paint(text, 'bold');
}

function optionLines(screen: Screen, options: readonly OptionSpec[]): readonly string[] {
  return columns(
    screen,
    options.map(({ name, value, about, choices }) => [
      `--${name}${value === undefined ? '' : ` ${value}`}`,
      choices ? `${about} One of ${choices.join(', ')}.` : about,
    ]),
  );
}

function columns(screen: Screen, pairs: readonly (readonly [string, string])[]): readonly string[] {
  const first = Math.max(...pairs.map(([left]) => widthOf(left))) + INDENT;
  return pairs.flatMap(([left, right]) =>
    wrapped(right, screen.width - first - INDENT).map(
      (line, index) => ' '.repeat(INDENT) + screen.paint(padded(index === 0 ? left : '', first), 'cyan') + line,
    ),
  );
}

function examples(screen: Screen, all: Command['examples']): readonly string[] {
  return all.flatMap(({ line, does }) => [`  ${screen.paint(`# ${does}`, 'grey')}`, `  ${line}`]);
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
