import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { format } from 'prettier';
import { problems } from '#libs/contract';
import { type Got, Service, withRecord } from '../support/api.ts';
import { aMatter } from '../support/matter.ts';

const committed = join(import.meta.dirname, '../../openapi.json');

let service: Service;
// oxlint-disable-next-line typescript/no-explicit-any -- a document is looked at where it matters
let document: any;

beforeAll(async () => {
  service = await Service.start();
  await withRecord(service);
  document = (await service.ask('/openapi.json')).body;
});
afterAll(() => service.stop());

describe('the API document', () => {
  it('is the one that is committed: INFORCE_TEST_UPDATE=1 writes it anew', async () => {
    if (process.env['INFORCE_TEST_UPDATE'] === '1')
      await writeFile(committed, await format(JSON.stringify(document), { parser: 'json', printWidth: 120 }));
    expect(document).toEqual(JSON.parse(await readFile(committed, 'utf8')));
  });

  it('names every call once, with what it refuses', () => {
    const operations = operationsOf(document);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['getStatus', 'recordEntry', 'whatIf', 'followEvents', 'ready']));
    for (const { operation } of operations)
      for (const [status, { description }] of Object.entries<{ description: string }>(operation.responses))
        if (Number(status) >= 400 && operation.tags[0] !== 'Health')
          for (const rule of description.split(', ')) expect(Object.keys(problems)).toContain(rule);
  });

  it('says that unknown parameters are refused, and that an answer with an ETag may be unchanged', () => {
    for (const { method, operation } of operationsOf(document)) {
      const { security, responses, operationId } = operation;
      if (security.length > 0) expect({ operationId, 400: responses['400'] }).toMatchObject({ 400: expect.anything() });
      if (method === 'get' && Object.hasOwn(responses['200']?.headers ?? {}, 'ETag'))
        expect({ operationId, 304: responses['304'] }).toMatchObject({ 304: expect.anything() });
    }
  });

  it('refers only to what it holds', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it('describes what is answered', async () => {
    const matches = matcher(document);
    const paths: readonly (readonly [string, string])[] = [
      ['/v1/matters', 'MatterList'],
      ['/v1/matters/matter', 'MatterAnswer'],
      ['/v1/matters/matter/status?at=2025-02-01', 'StatusAnswer'],
      ['/v1/matters/matter/timeline', 'TimelineAnswer'],
      ['/v1/matters/matter/entries', 'EntryList'],
      ['/v1/matters/matter/entries/the-law', 'EntryAnswer'],
      ['/v1/matters/matter/deadlines', 'DeadlineList'],
      ['/v1/deadlines', 'DeadlineList'],
      ['/v1/matters/matter/diff?knownFrom=2020-01-01', 'DiffAnswer'],
      ['/v1/matters/matter/history', 'EventList'],
      ['/v1/log', 'EventList'],
      ['/v1/search?q=law', 'SearchList'],
      ['/health/ready', 'Ready'],
      ['/health/live', 'Live'],
      ['/nowhere', 'Problem'],
      ['/v1/matters?limit=0', 'Problem'],
      ['/v1/matters/matter/status?party=nobody', 'Problem'],
    ];
    for (const [path, schema] of paths) matches(schema, await service.ask(path));
    matches('Written', await service.post('/v1/matters', aMatter({ id: 'described' })));
    const what = { method: 'POST', body: { entries: [] } };
    matches('WhatIfAnswer', await service.ask('/v1/matters/matter/what-if', what));
  });

  it('has a page that works without any other machine', async () => {
    const page = await service.ask('/docs');
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(page.text).not.toMatch(/<script>|<script(?![^>]*src=)|\son\w+=/);
    const assets = [...page.text.matchAll(/(?:src|href)="(\.\/docs\/[^"]+)"/g)].map(([, asset]) => asset ?? '');
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of assets) {
      const got = await service.ask(asset.slice(1));
      expect({ asset, status: got.status }).toEqual({ asset, status: 200 });
    }
    expect(page.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect((await service.ask('/docs/swagger-ui-init.js')).text).toContain('getStatus');
  });
});

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly headers?: object }>>;
}

function operationsOf({
  paths,
}: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}): readonly { readonly path: string; readonly method: string; readonly operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

/** Checks answers against the document's own schemas. */
function matcher(described: object): (schema: string, got: Got) => void {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(described, 'api');
  return (schema, got) => {
    const valid = ajv.validate({ $ref: `api#/components/schemas/${schema}` }, got.body);
    expect({ schema, text: valid ? '' : got.text.slice(0, 300), errors: valid ? null : ajv.errors }).toEqual({
      schema,
      text: '',
      errors: null,
    });
  };
}
