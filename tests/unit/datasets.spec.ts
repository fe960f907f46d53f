import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { format } from 'prettier';
import { datasetSchema, parseDataset } from '#libs/contract';
import { MemoryEventLog } from '#libs/event-log';
import { Register } from '#libs/register';

const directory = join(import.meta.dirname, '../../datasets');
const SCHEMA = 'dataset.schema.json';
const names = readdirSync(directory).filter((name) => name.endsWith('.json') && name !== SCHEMA);

async function json(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(directory, name), 'utf8'));
}

describe('the editors’ schema of a dataset', () => {
  it('is the one that the shapes generate: INFORCE_TEST_UPDATE=1 writes it anew', async () => {
    const generated: unknown = JSON.parse(JSON.stringify(datasetSchema()));
    if (process.env['INFORCE_TEST_UPDATE'] === '1') {
      const text = await format(JSON.stringify(generated), { parser: 'json', printWidth: 120 });
      await writeFile(join(directory, SCHEMA), text);
    }
    expect(generated).toEqual(await json(SCHEMA));
  });
});

describe.each(names)('the bundled dataset %s', (name) => {
  it('fits the schema it names', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(datasetSchema());
    validate(await json(name));
    expect(validate.errors ?? []).toEqual([]);
    expect(await json(name)).toMatchObject({ $schema: `./${SCHEMA}` });
  });

  it('is recorded whole, warns of nothing, and leaves nothing unresolved', async () => {
    const register = new Register({ log: new MemoryEventLog(), now: Date.now });
    const dataset = parseDataset(await json(name));
    const imported = await register.importDataset(dataset, { actor: 'test' });
    expect(imported).toMatchObject({ recorded: dataset.entries.length, refused: [] });
    const { body } = await register.status(dataset.matter.id, { clocks: {} });
    expect(body.unresolved).toEqual([]);
    expect(body.warnings).toEqual([]);
  });
});
