import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Deadline, Status } from '#libs/matter';
import { Service } from '../support/api.ts';
import { Cli } from '../support/cli.ts';

/** What a golden file asks and expects, as far as the outside shows it in one line. */
interface Question {
  readonly at: string;
  readonly party?: string | null;
  readonly enforcer?: string;
  readonly publishedBy?: string;
  readonly headline: string;
  readonly until?: string | null;
  readonly on?: string | null;
  readonly deciding?: readonly string[];
  readonly deadlines?: Readonly<Record<string, { readonly due: string | null; readonly state: string }>>;
}

const golden = join(import.meta.dirname, '../golden');

const text = (name: string): string => readFileSync(join(golden, name), 'utf8');

const tiktok: { parties: (string | null)[]; notAddressed: string[]; rows: Question[] } = JSON.parse(
  text('us-tiktok-status.json'),
);
const rows: readonly Question[] = tiktok.rows.flatMap((row) => [
  ...tiktok.parties.map((party) => ({ ...row, party })),
  ...tiktok.notAddressed.map((party) => ({ at: row.at, party, headline: 'does-not-apply' })),
]);
const files = readdirSync(join(golden, 'sagas'));

function expectAnswer({ headline, because }: Status, { headline: code, until, on, deciding = [] }: Question): void {
  expect({ code: headline.code, until: headline.until ?? null, on: headline.on ?? null }).toEqual({
    code,
    until: until === undefined ? (headline.until ?? null) : until,
    on: on === undefined ? (headline.on ?? null) : on,
  });
  expect(because.map(({ entry }) => entry)).toEqual(expect.arrayContaining([...deciding]));
}

function sentence({ at, party, enforcer, publishedBy, headline }: Question): string {
  const known = publishedBy === undefined ? '' : `, as published by ${publishedBy}`;
  return `on ${at}${known}, for ${party ?? 'anybody'}${enforcer === undefined ? '' : ` by ${enforcer}`}: ${headline}`;
}

function parameters({ at, party, enforcer, publishedBy }: Omit<Question, 'headline'>): string {
  const given = Object.entries({ at, party, enforcer, publishedBy }).filter(([, value]) => value != null);
  return new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)]))).toString();
}

describe('over HTTP', () => {
  let service: Service;
  const cli = new Cli();
  beforeAll(async () => {
    service = await Service.start({ env: { INFORCE_DATASETS: 'bundled' } });
    const env = { INFORCE_KEY: service.keys.recorder };
    const imported = await cli.run(['import', join(golden, 'sagas'), '--server', service.url], { env });
    expect(imported.stderr).not.toMatch(/refused/);
    expect(imported.code).toBe(0);
    await service.settle();
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    cli.remove();
  });

  it.each(rows.map((row) => [sentence(row), row] as const))('us-tiktok %s', async (_, row) => {
    const { status, body } = await service.ask(`/v1/matters/us-tiktok/status?${parameters(row)}`);
    expect(status).toBe(200);
    expectAnswer(body, row);
  });

  describe.each(files)('%s, imported like any saga nobody has seen,', (file) => {
    const { matter, questions }: { matter: { id: string }; questions: Question[] } = JSON.parse(text(`sagas/${file}`));
    it.each(questions.map((question) => [sentence(question), question] as const))('answers %s', async (_, question) => {
      const { body } = await service.ask(`/v1/matters/${matter.id}/status?${parameters(question)}`);
      expectAnswer(body, question);
      const { at, publishedBy } = question;
      const asked = parameters({ at, ...(publishedBy === undefined ? {} : { publishedBy }) });
      const deadlines = await service.ask(`/v1/matters/${matter.id}/deadlines?${asked}`);
      const items: readonly Deadline[] = deadlines.body.items;
      for (const [id, expected] of Object.entries(question.deadlines ?? {})) {
        const found = items.find((each) => each.id === id);
        expect({ due: found?.due?.date ?? null, state: found?.state }).toEqual(expected);
      }
    });
  });
});

describe('through the command line, on the embedded log', () => {
  const cli = new Cli();
  beforeAll(async () => {
    await cli.answer(`import ${join(cli.root, 'datasets')}`);
  }, 60_000);
  afterAll(() => cli.remove());

  it.each(rows.filter(({ party }) => party === 'apple' || party === null).map((row) => [sentence(row), row] as const))(
    'us-tiktok %s',
    async (_, row) => {
      const options = [...new URLSearchParams(parameters(row))].map(
        ([name, value]) => `--${name === 'publishedBy' ? 'published-by' : name} ${value}`,
      );
      expectAnswer(await cli.json<Status>(`status us-tiktok ${options.join(' ')}`), row);
    },
  );
});
