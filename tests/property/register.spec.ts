import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { parseDataset } from '#libs/contract';
import { MemoryEventLog } from '#libs/event-log';
import { believe } from '#libs/matter';
import { Register, type Writer } from '#libs/register';

const by: Writer = { actor: 'test' };
const dataset = parseDataset(
  JSON.parse(readFileSync(new URL('../../datasets/us-chip-controls.json', import.meta.url), 'utf8')),
);
const { id } = dataset.matter;

/** The dataset with a correction and a retraction after each few entries, one event an hour. */
async function aRecord() {
  let clock = Date.parse('2026-01-01T00:00:00Z');
  const log = new MemoryEventLog({ now: () => (clock += 3_600_000) });
  const register = new Register({ log, now: () => clock });
  await register.importDataset(dataset, by);
  for (const [index, entry] of dataset.entries.entries()) {
    const sources = index % 2 === 0 ? [] : [{ ...entry.sources[0], publishedOn: `202${index % 6}-06-01` }];
    const body = { reason: 'x', changes: { title: `corrected ${index}` }, sources: sources.flatMap(known) };
    await register.correct(id, entry.id ?? '', body, by);
    if (index % 3 === 0) {
      await register.retract(id, entry.id ?? '', { reason: 'x', allowOrphans: true, sources: body.sources }, by);
    }
  }
  return register;
}

const known = (source: Partial<(typeof dataset.entries)[number]['sources'][number]>) =>
  source.title === undefined || source.publisher === undefined || source.evidence === undefined
    ? []
    : [{ ...source, title: source.title, publisher: source.publisher, evidence: source.evidence }];

const record = aRecord();

const clocks = fc.record(
  {
    knownAt: fc.integer({ min: 1, max: 60 }).map((hour) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString()),
    publishedBy: fc
      .integer({ min: 0, max: 4000 })
      .map((day) => new Date(Date.UTC(2016, 0, day)).toISOString().slice(0, 10)),
  },
  { requiredKeys: [] },
);

it('lists as not retracted exactly what the domain believes, at all clocks', async () => {
  const register = await record;
  const { events } = await register.file(id);
  await fc.assert(
    fc.asyncProperty(clocks, async (asked) => {
      const { items } = (await register.entries(id, { clocks: asked, limit: 1000 })).body;
      const live = items.filter(({ state }) => state !== 'retracted').map((entry) => [entry.id, entry.title]);
      const believed = believe(events, asked)?.entries.map((entry) => [entry.id, entry.title]);
      expect(live).toEqual(believed);
    }),
  );
});

it('gives every item once, whatever the size of the pages', async () => {
  const register = await record;
  await fc.assert(
    fc.asyncProperty(clocks, fc.integer({ min: 1, max: 30 }), async (asked, limit) => {
      const whole = (await register.entries(id, { clocks: asked, limit: 1000 })).body;
      const items: unknown[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const { body } = await register.entries(id, {
          clocks: {},
          limit,
          ...(cursor === undefined ? { clocks: asked } : { cursor }),
        });
        items.push(...body.items);
        cursor = body.next;
      }
      expect(items).toEqual(whole.items);
    }),
  );
});

it('imports a file in any order to the same belief', async () => {
  const answerOf = async (entries: typeof dataset.entries) => {
    const register = new Register({ log: new MemoryEventLog(), now: () => Date.parse('2026-01-01T00:00:00Z') });
    expect(await register.importDataset({ ...dataset, entries }, by)).toMatchObject({ refused: [] });
    const { clocks: _, ...answer } = (await register.status(id, { clocks: {} })).body;
    return answer;
  };
  const straight = await answerOf(dataset.entries);
  const shuffled = fc.shuffledSubarray([...dataset.entries], { minLength: dataset.entries.length });
  await fc.assert(
    fc.asyncProperty(shuffled, async (entries) => expect(await answerOf(entries)).toEqual(straight)),
    { numRuns: 25 },
  );
});
