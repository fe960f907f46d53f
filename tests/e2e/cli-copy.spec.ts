import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog, RecordedEvent } from '#libs/event-log';
import { KurrentEventLog } from '#libs/event-log-kurrent';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { Service } from '../support/api.ts';
import { aReport, Cli } from '../support/cli.ts';
import { events } from '../support/event-log.ts';
import { quick } from '../support/kurrent-log.ts';
import { KurrentStandIn } from '../support/kurrent-stand-in.ts';

interface Answer {
  readonly events: number;
  readonly copied: number;
  readonly source: string;
  readonly target: string;
  readonly same: boolean;
}

let cli: Cli;
let server: KurrentStandIn;
beforeEach(async () => {
  cli = new Cli();
  server = await KurrentStandIn.start();
});
afterEach(() => {
  server.kill();
  cli.remove();
});

const cluster = (): string => quick(server.connectionString);
const other = (): string => join(cli.directory, 'other');

async function placeless(log: EventLog): Promise<Omit<RecordedEvent, 'position'>[]> {
  const all = await Array.fromAsync(log.readAll());
  await log.close();
  return all.map((event) => ({ ...event, position: undefined }));
}

const embedded = (directory: string) => SqliteEventLog.open({ file: join(directory, 'events.db'), readOnly: true });
const inCluster = () => KurrentEventLog.open({ connectionString: cluster() });

/** Many short streams whose events lie between one another, in some hundred batches. */
async function aLongLog(count: number): Promise<void> {
  const log = await SqliteEventLog.open({ file: join(cli.directory, 'long.db') });
  const writing: Promise<unknown>[] = [];
  for (let index = 0; index < count / 20; index += 1) {
    const revision = Math.floor(index / 10) * 20 - 1;
    const expectation = revision < 0 ? 'no-stream' : { revision };
    writing.push(log.append(`matter-${index % 10}`, expectation, events(20, { text: 'x'.repeat(300) })));
  }
  await Promise.all(writing);
  await log.close();
}

interface Tree {
  readonly intact: boolean;
  readonly events: number;
  readonly root: string;
}

describe('inforce copy', () => {
  it('copies a log with everything in it, once, also beside whoever writes the source', async () => {
    await cli.answer('import datasets/us-tiktok.json');
    const writer = await SqliteEventLog.open({ file: join(cli.data, 'events.db') });
    const copied = await cli.json<Answer>(`copy --from ${cli.data} --to ${other()}`);
    expect(copied).toEqual({ events: 52, copied: 52, same: true, source: copied.target, target: copied.source });
    expect(copied.source).toMatch(/^[0-9a-f]{64}$/);
    expect(await placeless(await embedded(other()))).toEqual(await placeless(await embedded(cli.data)));
    await writer.append('matter-x', 'no-stream', events(3));
    await writer.close();
    const more = await cli.json<Answer>(`copy --from ${cli.data} --to sqlite:${other()}/events.db`);
    expect(more).toMatchObject({ events: 55, copied: 3, same: true });
    expect(await cli.answer(`copy --to ${other()}`)).toMatch(
      /^0 copied, 55 already there\nsha256 \S{64} of both logs\n$/,
    );
    const status = 'status us-tiktok --at 2025-02-01 --json';
    expect(await cli.answer(`${status} --data ${other()}`)).toBe(await cli.answer(status));
    // The same leaves in the same order give the same tree.
    const [here, there] = [cli.data, other()].map((data) => cli.json<Tree>(`verify --log --data ${data}`));
    expect(await there).toMatchObject({ intact: true, events: 55, root: (await here)?.root });
  });

  it('moves house to a KurrentDB and back, and the service goes on there with the data directory it had', async () => {
    await cli.answer('import datasets/us-tiktok.json');
    const before = await Service.start({ data: cli.data });
    const asked = '/v1/matters/us-tiktok/status?at=2025-02-01&party=apple';
    const { position: _, ...answer } = (await before.ask(asked)).body;
    await before.stop({ keep: true });
    expect(await cli.json(`copy --from ${cli.data} --to ${cluster()}`)).toMatchObject({ same: true });
    const after = await Service.start({ data: cli.data, env: { INFORCE_LOG: cluster() } });
    expect((await after.ask(asked)).body).toMatchObject(answer);
    expect((await after.ask('/health/ready')).body).toMatchObject({ status: 'ready', integrity: { state: 'ok' } });
    const report = aReport('after-the-move');
    expect((await after.post('/v1/matters/us-tiktok/entries', report)).status).toBe(201);
    const repeat = { ...report };
    expect((await after.post('/v1/matters/us-tiktok/entries', repeat)).status).toBe(200);
    await after.stop({ keep: true });
    expect(await cli.json(`copy --from ${cluster()} --to ${other()}`)).toMatchObject({ same: true });
    expect(await placeless(await embedded(other()))).toEqual(await placeless(await inCluster()));
  }, 60_000);

  it('goes on where it was killed, at any moment, and loses the order of nothing', async () => {
    await aLongLog(12_000);
    const words = `copy --from sqlite:${cli.directory}/long.db --to ${cluster()} --json`;
    for (const most of [500, 3000, 6000]) {
      const child = running(words);
      while (server.log.events.length < most) await pause(5);
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    const held = (await placeless(await inCluster())).length;
    expect(held).toBeLessThan(12_000);
    const copied = await cli.json<Answer>(words.replace(' --json', ''));
    expect(copied).toMatchObject({ events: 12_000, copied: 12_000 - held, same: true });
  }, 120_000);

  it('ends with 3 when somebody else writes to the target meanwhile', async () => {
    await aLongLog(6000);
    const child = running(`copy --from sqlite:${cli.directory}/long.db --to ${cluster()}`);
    while (server.log.events.length < 1000) await pause(5);
    const intruder = await KurrentEventLog.open({ connectionString: cluster(), now: () => 0 });
    await intruder.append('matter-intruder', 'no-stream', events(1));
    await intruder.close();
    const [code]: unknown[] = await once(child, 'close');
    expect(code).toBe(3);
  }, 60_000);

  it('is refused by a target that is no beginning of the source, before anything is written', async () => {
    await cli.answer('import datasets/us-tiktok.json');
    await cli.answer(`import datasets/us-chip-controls.json --data ${other()}`);
    const refused = await cli.run(`copy --from ${cli.data} --to ${other()} --json`);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(JSON.parse(refused.stderr)).toMatchObject({
      rule: 'copy-refused',
      detail: expect.stringMatching(/^The target is no beginning of the source: its event number 1 /),
    });
    expect(await placeless(await embedded(other()))).toHaveLength(20);
    const longer = join(cli.directory, 'longer');
    await cli.answer(`copy --from ${cli.data} --to ${longer}`);
    await cli.answer(`import datasets/us-chip-controls.json --data ${longer}`);
    expect((await cli.run(`copy --from ${cli.data} --to ${longer}`)).stderr).toMatch(/its event number 53 /);
  });

  it('says what it cannot do', async () => {
    await cli.answer('import datasets/us-tiktok.json');
    const file = cli.file('a.json', '{}');
    const cases: readonly (readonly [string, number, RegExp])[] = [
      ['copy', 2, /needs --from, --to, or both/],
      [`copy --to ${cli.data}`, 2, /name the same log/],
      [`copy --to ${file}`, 2, /--to: \S+ is no directory/],
      ['copy --to kurrentdb://u:secret@host?x=1', 2, /--to has an option that is none, "x"/],
      [`copy --from ${cli.directory}/nowhere --to ${other()}`, 4, /There is no event log at/],
      [`copy --to ${other()} --server http://127.0.0.1:1`, 2, /works on the logs themselves/],
    ];
    for (const [line, code, sentence] of cases) {
      const ran = await cli.run(line);
      expect({ line, code: ran.code }).toEqual({ line, code });
      expect(ran.stderr).toMatch(sentence);
      expect(ran.stderr).not.toContain('secret');
    }
    expect(existsSync(other())).toBe(false);
  });
});

function running(line: string): ChildProcess {
  const [node = '', ...rest] = [...Cli.command, ...line.split(' ')];
  return spawn(node, rest, { cwd: cli.root, env: cli.env(), stdio: 'ignore' });
}
