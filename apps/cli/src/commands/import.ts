import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend, ImportAnswer, RefusedEntry } from '../backend/backend.ts';
import type { Context } from '../context.ts';
import { exitCode } from '../exit-code.ts';
import { explain, type Explained } from '../explain.ts';
import { refused } from '../failures.ts';
import type { Command } from '../line/spec.ts';
import { Progress } from '../progress.ts';
import { readJson } from '../read-json.ts';
import { importLine, importRefusals } from '../views/import.ts';

/** Describes the datasets; it is none. */
const SCHEMA = 'dataset.schema.json';

export const importing: Command = {
  about:
    'Loads datasets into the log: opens the matter, adds its parties, records its entries. Loading the same again changes nothing.',
  arguments: [{ name: 'file|dir', completes: 'file' }],
  options: [{ name: 'dry-run', about: 'Decide everything, record nothing; also beside a running server.' }],
  examples: [
    { line: 'inforce import datasets', does: 'every *.json of a directory, in name order' },
    { line: 'inforce import --dry-run my-matter.json', does: 'would it be accepted?' },
    {
      line: 'inforce import my-matter.json --server http://127.0.0.1:3000',
      does: 'into a server, with INFORCE_KEY set',
    },
  ],

  async run(input, context) {
    const files = filesOf(input.argument('file|dir'));
    const dryRun = input.has('dry-run');
    const backend = dryRun ? await context.rehearsing() : await context.creating();
    const answers: object[] = [];
    let code: number = exitCode.done;
    try {
      for (const file of files) {
        const imported = await bring(file, backend, context, dryRun);
        if (!imported || imported.refused.length > 0) code = exitCode.refused;
        if (imported) answers.push(imported);
        if (imported && !context.json) context.answer(imported, () => [importLine(imported, dryRun)]);
      }
    } finally {
      await backend.close();
    }
    if (context.json) context.answer(answers, () => []);
    return code;
  },
};

function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith('.json') && name !== SCHEMA);
  if (names.length === 0) throw refused('no-datasets', `${path} has no datasets: no *.json.`);
  return names.toSorted().map((name) => join(path, name));
}

/** One dataset. Undefined when it was refused as a whole, which does not keep the next from its turn. */
async function bring(
  file: string,
  backend: Backend,
  context: Context,
  dryRun: boolean,
): Promise<ImportAnswer | undefined> {
  const progress = new Progress(process.stderr, context.errors, file);
  let content: unknown;
  const tell = (refusals: readonly RefusedEntry[]): void => {
    for (const line of importRefusals(context.errors, file, refusals, content)) context.tell(line);
  };
  try {
    content = await readJson(file);
    await tellOfNotes(file, content, context);
    const imported = await backend.import(content, { dryRun, onProgress: (done, total) => progress.show(done, total) });
    progress.clear();
    // JSON answers have them.
    if (!context.json) tell(imported.refused);
    return imported;
  } catch (error) {
    progress.clear();
    const explained = explain(error);
    if (explained?.code !== exitCode.refused || context.json || noAccess.has(explained.rule)) throw error;
    tell(wholeRefusal(explained));
    return undefined;
  }
}

/** What a file carries beside the record stays with the file; a misspelt field would otherwise be lost unseen. */
async function tellOfNotes(file: string, content: unknown, context: Context): Promise<void> {
  const { datasetNotes } = await import('#libs/contract');
  const notes = datasetNotes(content);
  if (notes.length > 0) context.tell(`${file}: ${notes.join(', ')} taken for notes, and left out`);
}

/** Not the dataset's fault. */
const noAccess: ReadonlySet<string> = new Set(['unauthorized', 'forbidden']);

function wholeRefusal({ rule, detail, errors }: Explained): readonly RefusedEntry[] {
  if (errors.length === 0) return [{ entry: '', rule, detail }];
  return errors.map(({ pointer = '', message }) => ({ entry: '', pointer, rule, detail: message }));
}
