import { exitCode } from './exit-code.ts';
import { explain, type Explained } from './explain.ts';
import { jsonText } from './screen/json.ts';
import { painter } from './screen/paint.ts';
import { screenOf } from './screen/screen.ts';
import { plain } from './screen/text.ts';

/** Says on stderr what went wrong, and answers the exit code. */
export async function report(error: unknown, json: boolean): Promise<number> {
  const explained = explain(error);
  if (!explained) {
    // Nothing we know of: the stack is for whoever will mend it.
    process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCode.unable;
  }
  process.stderr.write(json ? jsonText(await problemOf(explained)) : sentences(explained));
  return explained.code;
}

/** RFC 9457; a server's own problem as the server gave it. */
async function problemOf({ rule, detail, hint, errors, problem }: Explained): Promise<object> {
  if (problem) return problem;
  const said = hint === undefined ? detail : `${detail} ${hint}`;
  const extra = errors.length > 0 ? { errors } : {};
  // The rules that the server has too are its problems, status and all.
  const { problems } = await import('#libs/contract');
  const kind = Object.entries(problems).find(([known]) => known === rule)?.[1];
  if (kind) return { type: `urn:inforce:problem:${rule}`, ...kind, rule, detail: said, ...extra };
  return { type: `urn:inforce:problem:${rule}`, title: titles[rule] ?? 'Refused', rule, detail: said, ...extra };
}

const titles: Readonly<Record<string, string>> = {
  usage: 'The command was not used as it can be',
  configuration: 'A setting cannot be used',
  unavailable: 'It could not be done just now',
  'not-verified': 'It does not hold',
  'log-locked': 'Another process writes to the log',
};

function sentences({ rule, detail, hint, errors }: Explained): string {
  const { terminal } = screenOf(process.stderr, process.env, false);
  const paint = painter(terminal && !process.env['NO_COLOR'] && !process.argv.includes('--no-color'));
  const shown = errors.length > 1 || (errors.length === 1 && !detail.includes(errors[0]?.message ?? ''));
  const lines = [
    `${paint('error:', 'red', 'bold')} ${plain(detail)}`,
    ...(shown ? errors.map((each) => `  ${plain(each.pointer ?? each.parameter ?? '')}  ${plain(each.message)}`) : []),
    ...(saysLittle(rule) ? [] : [paint(`  rule: ${rule}`, 'grey')]),
    ...(hint === undefined ? [] : [paint(`  ${hint}`, 'grey')]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Rules that tell a person nothing beyond the sentence. */
function saysLittle(rule: string): boolean {
  return ['usage', 'configuration', 'unavailable', 'log-unavailable', 'malformed', 'malformed-json'].includes(rule);
}
