import { catalogue, groups } from './catalogue.ts';
import { Context } from './context.ts';
import { exitCode } from './exit-code.ts';
import { usage } from './failures.ts';
import { Input } from './line/input.ts';
import { commandAt, parse } from './line/parse.ts';
import { globalOptions } from './line/spec.ts';

/** Runs one command line and leaves the exit code with the process. */
export async function run(words: readonly string[]): Promise<void> {
  quietly();
  try {
    process.exitCode = await dispatch(words);
  } catch (error) {
    const { report } = await import('./report.ts');
    process.exitCode = await report(error, words.includes('--json'));
  }
}

/** `inforce timeline us-tiktok | head` is no error, and Ctrl-C needs no stack. */
function quietly(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
}

async function dispatch(words: readonly string[]): Promise<number> {
  const first = commandAt(words);
  const front = words.slice(0, first);
  const [word = '', ...rest] = words.slice(first);
  if (word === '' || word === 'help') return overall(front, rest);
  if (word === '__complete') return (await import('./completion/complete.ts')).complete(rest);
  const [name, after] = groups.has(word) ? [`${word} ${rest[0] ?? ''}`, rest.slice(1)] : [word, rest];
  const entry = catalogue.get(name);
  if (!entry) return unknown(word, front, rest);
  const command = await entry.load();
  const input = parse([...front, ...after], { ...command, name: `inforce ${name}` });
  if (input.has('help')) return help(name);
  if (name !== 'serve') process.once('SIGINT', () => process.exit(exitCode.interrupted));
  return command.run(input, new Context(input, process.env));
}

/** `inforce`, `inforce --help`, `inforce --version`, `inforce help status`. */
async function overall(front: readonly string[], topic: readonly string[]): Promise<number> {
  if (front.includes('--version') || front.includes('-V')) {
    const { version } = await import('./package.ts');
    process.stdout.write(`${version()}\n`);
    return exitCode.done;
  }
  const input = parse(front, { name: 'inforce', arguments: [], options: globalOptions });
  if (topic.length > 0) return help(topic.join(' '));
  const { overview } = await import('./line/help.ts');
  const context = new Context(input, process.env);
  if (!input.has('help')) {
    process.stderr.write(overview(context.errors));
    return exitCode.usage;
  }
  process.stdout.write(overview(context.screen));
  return exitCode.done;
}

async function help(name: string): Promise<number> {
  const { commandHelp, groupHelp } = await import('./line/help.ts');
  const { screen } = new Context(new Input(new Map(), new Map()), process.env);
  const entry = catalogue.get(name);
  if (!entry && !groups.has(name)) return unknown(name, [], []);
  process.stdout.write(entry ? commandHelp(screen, name, await entry.load()) : groupHelp(screen, name));
  return exitCode.done;
}

async function unknown(word: string, front: readonly string[], rest: readonly string[]): Promise<number> {
  if (groups.has(word)) {
    if ([...front, ...rest].includes('--help') || rest[0] === '-h') return help(word);
    const known = [...catalogue.keys()]
      .filter((name) => name.startsWith(`${word} `))
      .map((name) => name.slice(word.length + 1));
    const given = rest[0] === undefined ? '' : `, not “${rest[0]}”`;
    throw usage(
      `inforce ${word} is followed by ${known.join(', ')}${given}.`,
      `inforce ${word} --help shows how they are used.`,
    );
  }
  const { nearest } = await import('./line/nearest.ts');
  const meant = nearest(word, [...new Set([...catalogue.keys()].map((name) => name.split(' ')[0] ?? ''))]);
  const offer = meant === undefined ? '' : ` Did you mean inforce ${meant}?`;
  throw usage(`There is no command “${word}”.${offer}`, 'inforce --help lists the commands.');
}
