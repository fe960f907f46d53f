import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend, ImportAnswer } from '../backend/backend.ts';
import type { Context } from '../context.ts';
import { exitCode } from '../exit-code.ts';
import { explain } from '../explain.ts';
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
        answers.push(imported);
        if (imported.refused.length > 0) code = exitCode.refused;
        if (!context.json) context.answer(imported, () => [importLine(imported, dryRun)]);
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

/** One dataset; what it is refused for, as a whole or by entry, is told and does not keep the next from its turn. */
async function bring(file: string, backend: Backend, context: Context, dryRun: boolean): Promise<ImportAnswer> {
  const progress = new Progress(process.stderr, context.errors, file);
  let content: unknown;
  try {
    content = await readJson(file);
    const imported = await backend.import(content, { dryRun, onProgress: (done, total) => progress.show(done, total) });
    progress.clear();
    for (const line of importRefusals(context.errors, file, imported.refused, content)) context.tell(line);
    return imported;
  } catch (error) {
    progress.clear();
    const explained = explain(error);
    if (explained?.code !== exitCode.refused) throw error;
    const { rule, detail, errors } = explained;
    const whole = errors.length > 0 ? errors : [{ message: detail }];
    const all = whole.map(({ pointer, message }) => ({
      entry: '',
      rule,
      detail: message,
      ...(pointer === undefined ? {} : { pointer }),
    }));
    for (const line of importRefusals(context.errors, file, all, content)) context.tell(line);
    throw refused(rule, `${file} was refused as a whole.`);
  }
}
