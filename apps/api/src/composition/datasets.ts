import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, Datasets } from '#libs/config';
import { type Dataset, Malformed, parseDataset } from '#libs/contract';
import type { EventLog } from '#libs/event-log';
import { Refusal } from '#libs/matter';
import type { Imported, Register } from '#libs/register';
import { packageRoot } from './package-root.ts';
import { StartFailure } from './start-failure.ts';

/** Beside the datasets, for editors. */
const SCHEMA_FILE = 'dataset.schema.json';

interface Parts {
  readonly config: Pick<Config, 'datasets' | 'data'>;
  readonly log: EventLog;
  readonly register: Register;
  readonly say: (line: string) => void;
}

/** Fills an empty log. @throws StartFailure when a dataset cannot be read. */
export async function loadDatasets({ config, log, register, say }: Parts): Promise<void> {
  const directory = directoryOf(config.datasets);
  if (directory === undefined) return;
  // A start that was cut short half-way leaves this behind; repeating an import changes nothing.
  const unfinished = join(config.data, 'loading-datasets');
  if ((await log.head()) > 0n && !existsSync(unfinished))
    return say('The log holds events already: no dataset was loaded.');
  const datasets = await readDatasets(directory);
  await writeFile(unfinished, '');
  for (const dataset of datasets) say(await load(dataset, register));
  await rm(unfinished);
}

function directoryOf(datasets: Datasets): string | undefined {
  if (datasets.kind === 'none') return undefined;
  return datasets.kind === 'bundled' ? join(packageRoot, 'datasets') : datasets.path;
}

/** All of them before the first is loaded: what cannot be read must not leave half a log. */
async function readDatasets(directory: string): Promise<readonly Dataset[]> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.json') && name !== SCHEMA_FILE).toSorted();
  const datasets: Dataset[] = [];
  for (const file of files) datasets.push(await readDataset(join(directory, file)));
  return datasets;
}

async function readDataset(file: string): Promise<Dataset> {
  try {
    return parseDataset(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const fault = error instanceof Malformed || error instanceof SyntaxError ? error.message : String(error);
    throw new StartFailure(`${file} is not a dataset: ${fault}.`, { cause: error });
  }
}

async function load(dataset: Dataset, register: Register): Promise<string> {
  try {
    return told(await register.importDataset(dataset, { actor: 'import' }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new StartFailure(`The dataset of ${dataset.matter.id} is refused: ${error.message}`, { cause: error });
  }
}

function told({ matter, recorded, repeated, refused }: Imported): string {
  const entries = recorded + repeated;
  const loaded = `Loaded ${matter}: ${entries} ${entries === 1 ? 'entry' : 'entries'}`;
  const [first] = refused;
  return first ? `${loaded}, ${refused.length} refused (${first.entry}: ${first.detail}).` : `${loaded}.`;
}
