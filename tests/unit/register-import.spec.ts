import { readFileSync } from 'node:fs';
import { type Dataset, parseDataset } from '#libs/contract';
import { MemoryEventLog } from '#libs/event-log';
import { Register, type Writer } from '#libs/register';
import {
  aMatter,
  enacted,
  entry,
  establishes,
  extendsTo,
  forbears,
  ordered,
  party,
  reported,
} from '../support/matter.ts';

const by: Writer = { actor: 'import', correlation: 'c', ifMatch: 99, idempotency: { key: 'k', path: '/', body: 1 } };
const law = enacted('law', '2023-12-01', [establishes('duty')]);
const pause = ordered('pause', '2024-02-01', [forbears('pause', { enforcers: ['doj'], until: '2024-04-30' })]);
const longer = ordered('longer', '2024-03-01', [extendsTo('pause', '2024-07-31')]);
const press = entry('ReportPublished', 'claim', '2024-05-01', [extendsTo('pause', '2026-01-01')]);

const bundled = (name: string): Dataset =>
  parseDataset(JSON.parse(readFileSync(new URL(`../../datasets/${name}.json`, import.meta.url), 'utf8')));

function aRegister(log = new MemoryEventLog()) {
  return { log, register: new Register({ log, now: () => Date.parse('2026-06-01T00:00:00Z') }) };
}

const error = (of: Promise<unknown>): Promise<unknown> =>
  of.then(
    () => undefined,
    (reason: unknown) => reason,
  );

describe.each(['us-tiktok', 'us-chip-controls'])('the dataset %s', (name) => {
  const dataset = bundled(name);
  const { length } = dataset.entries;

  it('is taken whole, and the second time appends nothing', async () => {
    const { register, log } = aRegister();
    expect(await register.importDataset(dataset, by)).toEqual({
      matter: name,
      opened: true,
      parties: 0,
      recorded: length,
      repeated: 0,
      refused: [],
    });
    expect(await log.head()).toBe(BigInt(length + 1));
    const again = await aRegister(log).register.importDataset(dataset, by);
    expect(again).toMatchObject({ opened: false, recorded: 0, repeated: length, refused: [] });
    expect(await log.head()).toBe(BigInt(length + 1));
  });

  it('gives the same answers whatever the order of its entries', async () => {
    const [straight, turned] = [aRegister(), aRegister()];
    await straight.register.importDataset(dataset, by);
    const reversed = { ...dataset, entries: dataset.entries.toReversed() };
    expect(await turned.register.importDataset(reversed, by)).toMatchObject({ recorded: length, refused: [] });
    const ask = async ({ register }: typeof straight) => {
      const { clocks: _, ...answer } = (await register.status(name, { clocks: { at: '2026-01-01' } })).body;
      return answer;
    };
    expect(await ask(turned)).toEqual(await ask(straight));
  });

  it('can be tried without appending anything', async () => {
    const { register, log } = aRegister();
    const steps: [number, number][] = [];
    const onProgress = (done: number, total: number): void => void steps.push([done, total]);
    const tried = await register.importDataset(dataset, by, { dryRun: true, onProgress });
    expect(tried).toEqual(await register.importDataset(dataset, by));
    expect(await log.head()).toBe(BigInt(length + 1));
    expect(steps.at(-1)).toEqual([length, length]);
    expect(steps).toHaveLength(length);
    const known = await register.importDataset(dataset, by, { dryRun: true });
    expect(known).toMatchObject({ opened: false, recorded: 0, repeated: length });
  });
});

describe('an import', () => {
  it('waits with an entry until what it needs is there', async () => {
    const { register } = aRegister();
    const imported = await register.importDataset({ matter: aMatter(), entries: [longer, pause, law] }, by);
    expect(imported).toMatchObject({ recorded: 3, refused: [] });
    const { events } = await register.file('matter');
    expect(events.map(({ data }) => ('id' in data ? data.id : ''))).toEqual(['matter', 'law', 'pause', 'longer']);
  });

  it('lists what is refused, and takes the rest', async () => {
    const { register } = aRegister();
    const orphan = ordered('orphan', '2024-03-02', [extendsTo('nothing', '2024-07-31')]);
    const steps: number[] = [];
    const entries = [press, law, orphan, pause];
    const imported = await register.importDataset({ matter: aMatter(), entries }, by, {
      onProgress: (done) => steps.push(done),
    });
    expect(imported).toMatchObject({ recorded: 2, repeated: 0 });
    expect(imported.refused).toMatchObject([
      { entry: 'claim', pointer: '/entries/0/effects/0', rule: 'authority-exceeded' },
      { entry: 'orphan', pointer: '/entries/2/effects/0/restraint', rule: 'unknown-restraint' },
    ]);
    expect(steps.at(-1)).toBe(4);
  });

  it('lists an entry that is on record with other content, or retracted', async () => {
    const { register } = aRegister();
    const report = reported('report', '2024-01-05');
    const dataset = { matter: aMatter(), entries: [law, report] };
    await register.importDataset(dataset, by);
    await register.correct('matter', 'law', { reason: 'x', changes: { title: 'The law' } }, { actor: 'x' });
    await register.retract('matter', 'report', { reason: 'never' }, { actor: 'x' });
    const again = await register.importDataset({ ...dataset, entries: [{ ...law, title: 'Other' }, report, law] }, by);
    expect(again.repeated).toBe(1);
    expect(again.refused.map(({ entry: id, rule }) => [id, rule])).toEqual([
      ['law', 'entry-differs'],
      ['report', 'entry-retracted'],
    ]);
  });

  it('knows an entry without an id again by its content', async () => {
    const { register, log } = aRegister();
    const { id: _, ...nameless } = reported('x', '2024-01-05');
    const { id: __, ...refused } = press;
    const dataset = { matter: aMatter(), entries: [law, nameless, refused] };
    expect(await register.importDataset(dataset, by)).toMatchObject({ recorded: 2, refused: [{ entry: '#2' }] });
    expect(await register.importDataset(dataset, by)).toMatchObject({ recorded: 0, repeated: 2 });
    expect(await log.head()).toBe(3n);
  });

  it('adds the parties that the open matter lacks, in whatever order', async () => {
    const { register, log } = aRegister();
    const matter = aMatter();
    await register.importDataset({ matter, entries: [law] }, by);
    const more = { ...matter, parties: [party('tug', 'boats'), ...matter.parties, party('boats')] };
    const dataset = { matter: more, entries: [law] };
    expect(await register.importDataset(dataset, by, { dryRun: true })).toMatchObject({ opened: false, parties: 2 });
    expect(await register.importDataset(dataset, by)).toMatchObject({ opened: false, parties: 2, repeated: 1 });
    expect(await register.importDataset(dataset, by)).toMatchObject({ parties: 0 });
    expect(await log.head()).toBe(4n);
    // The earlier file lacks parties that were added later: that is no contradiction.
    expect(await register.importDataset({ matter, entries: [law] }, by)).toMatchObject({ parties: 0, repeated: 1 });
  });

  it('refuses a matter that is open with other content', async () => {
    const { register, log } = aRegister();
    const matter = aMatter();
    await register.importDataset({ matter, entries: [] }, by);
    const others = [
      { ...matter, title: 'Other' },
      { ...matter, parties: matter.parties.slice(1) },
      { ...matter, parties: matter.parties.map((each) => ({ ...each, name: 'Other' })) },
    ];
    for (const other of others) {
      const refused = register.importDataset({ matter: other, entries: [law] }, by);
      expect(await error(refused)).toMatchObject({ rule: 'already-open' });
    }
    const lost = register.importDataset(
      { matter: { ...matter, parties: [...matter.parties, party('x', 'nobody')] }, entries: [] },
      by,
    );
    expect(await error(lost)).toMatchObject({ rule: 'unknown-party' });
    expect(await log.head()).toBe(1n);
  });

  it('says who imported, and takes no terms of one request for its many', async () => {
    const { register, log } = aRegister();
    await register.importDataset({ matter: aMatter(), entries: [law] }, by);
    for await (const { meta } of log.readAll()) expect(meta).toEqual({ actor: 'import', correlation: 'c' });
  });
});
