import { setImmediate as turn } from 'node:timers/promises';
import { LogUnusable, MemoryEventLog, type ReadOptions, type RecordedEvent } from '#libs/event-log';
import { Register, type Writer } from '#libs/register';
import { current, schemaOf } from '../../libs/register/src/stream.ts';
import { aMatter, party, reported } from '../support/matter.ts';

const by: Writer = { actor: 'key:one' };
const report = (id: string) => reported(id, '2024-02-01');

/** Counts what is asked of it, and can be made to answer later. */
class WatchedLog extends MemoryEventLog {
  reads = 0;
  gate: Promise<unknown> = Promise.resolve();

  override async *read(stream: string, options?: ReadOptions): AsyncGenerator<RecordedEvent, void> {
    this.reads += 1;
    const { gate } = this;
    const events = await Array.fromAsync(super.read(stream, options));
    await gate;
    yield* events;
  }
}

async function twoProcesses(options: { cachedEvents?: number } = {}) {
  const log = new WatchedLog();
  const [here, there] = [new Register({ log, now: Date.now, ...options }), new Register({ log, now: Date.now })];
  await here.openMatter(aMatter(), by);
  await here.record('matter', report('one'), by);
  const revision = async () => (await here.file('matter')).newest.revision;
  /** What a follower of the log would tell of. */
  const tell = async (from: bigint) => {
    for await (const event of log.readAll({ after: from })) here.notice(event);
  };
  return { log, here, there, revision, tell };
}

describe('a register that nobody keeps fresh', () => {
  it('sees what another process wrote', async () => {
    const { there, revision } = await twoProcesses();
    expect(await revision()).toBe(1);
    await there.record('matter', report('two'), by);
    expect(await revision()).toBe(2);
  });

  it('asks only for what is new, and once for all who wait', async () => {
    const { log, here } = await twoProcesses();
    log.reads = 0;
    await Promise.all(Array.from({ length: 100 }, () => here.file('matter')));
    expect(log.reads).toBeLessThanOrEqual(2);
  });
});

describe('a live register', () => {
  it('asks the log once, and then trusts what it holds', async () => {
    const { log, here, there, revision } = await twoProcesses();
    await there.record('matter', report('two'), by);
    here.live(true);
    expect(await revision()).toBe(2);
    log.reads = 0;
    await there.record('matter', report('three'), by);
    log.reads = 0;
    expect(await revision()).toBe(2);
    expect(log.reads).toBe(0);
  });

  it('takes in what it is told', async () => {
    const { here, there, revision, tell } = await twoProcesses();
    here.live(true);
    await revision();
    await there.record('matter', report('two'), by);
    await there.addParty('matter', party('cargo'), by);
    await tell(2n);
    expect(await revision()).toBe(3);
    expect((await here.file('matter')).record.roster.has('cargo')).toBe(true);
    await tell(0n);
    expect(await revision()).toBe(3);
  });

  it('asks the log when something between is missing', async () => {
    const { here, there, revision, tell } = await twoProcesses();
    here.live(true);
    await revision();
    await there.record('matter', report('two'), by);
    await there.record('matter', report('three'), by);
    await tell(3n);
    expect(await revision()).toBe(3);
  });

  it('misses nothing that it is told of while it reads', async () => {
    const { log, there } = await twoProcesses();
    const late = new Register({ log, now: Date.now });
    late.live(true);
    const { promise, resolve } = Promise.withResolvers<void>();
    log.gate = promise;
    const reading = late.file('matter');
    await turn();
    log.gate = Promise.resolve();
    await there.record('matter', report('two'), by);
    for await (const event of log.readAll({ after: 2n })) late.notice(event);
    resolve();
    expect((await reading).newest.revision).toBe(2);
  });

  it('finds out when it writes that it was behind', async () => {
    const { here, there, revision } = await twoProcesses();
    here.live(true);
    await revision();
    await there.record('matter', report('two'), by);
    expect(await here.record('matter', report('two'), by)).toMatchObject({ repeated: true, body: { revision: 2 } });
    const stale = here.record('matter', report('three'), { ...by, ifMatch: 1 });
    await expect(stale).rejects.toMatchObject({ rule: 'revision-conflict', revision: 2 });
  });

  it('asks again after it lost touch', async () => {
    const { here, there, revision } = await twoProcesses();
    here.live(true);
    await revision();
    await there.record('matter', report('two'), by);
    here.live(false);
    expect(await revision()).toBe(2);
  });
});

describe('whoever wants to know of changes', () => {
  it('is told of each, whoever made it, until it stops listening', async () => {
    const { here, there, tell } = await twoProcesses();
    const heard: string[] = [];
    const stop = here.onChange((matter) => heard.push(matter));
    await here.record('matter', report('two'), by);
    await tell(2n);
    expect(heard).toEqual(['matter']);
    await there.record('matter', report('three'), by);
    await tell(3n);
    expect(heard).toEqual(['matter', 'matter']);
    await there.openMatter(aMatter({ id: 'other' }), by);
    await tell(4n);
    expect(heard).toEqual(['matter', 'matter', 'other']);
    stop();
    await here.record('matter', report('four'), by);
    expect(heard).toHaveLength(3);
  });
});

describe('the cache', () => {
  it('lets go of the matters that were not asked for', async () => {
    const { log, here } = await twoProcesses({ cachedEvents: 4 });
    here.live(true);
    for (const id of ['b', 'c']) await here.openMatter(aMatter({ id }), by);
    for (const id of ['matter', 'b', 'c']) await here.file(id);
    await here.file('matter');
    await here.openMatter(aMatter({ id: 'd' }), by);
    await here.file('d');
    log.reads = 0;
    await here.file('matter');
    expect(log.reads).toBe(0);
    await here.file('b');
    expect(log.reads).toBe(1);
  });

  it('keeps the one in use, however large it is', async () => {
    const { log, here } = await twoProcesses({ cachedEvents: 1 });
    here.live(true);
    await here.file('matter');
    log.reads = 0;
    await here.file('matter');
    expect(log.reads).toBe(0);
  });

  it('holds nothing for matters that do not exist', async () => {
    const { here, revision } = await twoProcesses();
    const missing = Array.from({ length: 10 }, (_, n) => here.file(`missing-${n % 2}`));
    for (const result of await Promise.allSettled(missing)) expect(result.status).toBe('rejected');
    expect(await revision()).toBe(1);
  });

  it('hands on what the log says when it cannot be read, and recovers', async () => {
    const { log, here, revision } = await twoProcesses();
    log.gate = Promise.reject(new Error('The disk is gone.'));
    const failing = [here.file('matter'), here.file('matter'), here.file('matter')];
    for (const { status } of await Promise.allSettled(failing)) expect(status).toBe('rejected');
    log.gate = Promise.resolve();
    expect(await revision()).toBe(1);
  });
});

describe('an event of another version', () => {
  const recorded: RecordedEvent = {
    id: '0197f5f0-0000-7000-8000-000000000000',
    stream: 'matter-matter',
    type: 'PartyAdded',
    schema: 1,
    revision: 1,
    position: 2n,
    recordedAt: '2024-01-01T00:00:00.000Z',
    data: { id: 'old', label: 'Old' },
    meta: { actor: 'x' },
  };

  it('is read in the schema of today, step by step', () => {
    const named = {
      upcasts: { 'PartyAdded@1': () => ({ id: 'old' }), 'PartyAdded@2': () => ({ id: 'old', name: 'Old' }) },
      schemas: { PartyAdded: 3 },
    };
    expect(current(recorded, named)).toMatchObject({ data: { id: 'old', name: 'Old' }, revision: 1 });
    expect(schemaOf('PartyAdded', named)).toBe(3);
    expect(schemaOf('PartyAdded')).toBe(1);
  });

  it('is refused when it is newer than this program', async () => {
    expect(() => current({ ...recorded, schema: 2 })).toThrow(LogUnusable);
    expect(() => current({ ...recorded, type: 'MatterMerged' })).toThrow(LogUnusable);
    const { log, here } = await twoProcesses();
    here.live(true);
    await here.file('matter');
    await log.append('matter-matter', { revision: 1 }, [{ ...recorded, type: 'MatterMerged' }]);
    for await (const event of log.readAll({ after: 2n })) expect(() => here.notice(event)).not.toThrow();
    await expect(here.file('matter')).rejects.toThrow(LogUnusable);
  });
});

it('takes no notice of streams that are not matters', async () => {
  const { log, here, revision } = await twoProcesses();
  await log.append('watches', 'no-stream', [
    { id: '0197f5f0-0000-7000-8000-000000000001', type: 'X', schema: 1, data: {}, meta: {} },
  ]);
  for await (const event of log.readAll()) here.notice(event);
  expect(await revision()).toBe(1);
});
