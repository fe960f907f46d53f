import { readConfig } from '#libs/config';
import { openLog } from '../../apps/api/src/composition/open-log.ts';
import { aDirectory, ServiceProcess } from '../support/api-process.ts';
import { aReport, Cli } from '../support/cli.ts';
import { quick } from '../support/kurrent-log.ts';
import { KurrentStandIn } from '../support/kurrent-stand-in.ts';

let server: KurrentStandIn;
beforeEach(async () => {
  server = await KurrentStandIn.start();
});
afterEach(() => server.kill());

/** As users write it: with credentials, which the stand-in does not look at. */
function named({ connectionString }: KurrentStandIn): string {
  return quick(connectionString).replace('://', '://admin:s3cret@');
}

async function opening(log: string): Promise<{ readonly message: string; readonly said: readonly string[] }> {
  const said: string[] = [];
  const tell = (line: string): void => void said.push(line);
  const { log: place } = readConfig({ INFORCE_LOG: log });
  try {
    await openLog(place, { now: Date.now, say: tell, warn: tell, giveUpMs: 1200 });
    return { message: '', said };
  } catch (error) {
    return { message: error instanceof Error ? error.message : '', said };
  }
}

describe('opening a KurrentDB', () => {
  it('says which server does not answer, once that it waits, and no credentials', async () => {
    server.kill();
    const { message, said } = await opening(named(server));
    expect(message).toMatch(/^INFORCE_LOG names a KurrentDB at 127\.0\.0\.1:\d+: The log's server cannot be reached/);
    expect(said.filter((line) => line === `Waiting for the log at 127.0.0.1:${server.port}.`)).toHaveLength(1);
    expect([message, ...said].join()).not.toContain('s3cret');
  }, 15_000);

  it('says that the user is not let in', async () => {
    server.faults.next('denied', 100);
    const { message } = await opening(named(server));
    expect(message).toMatch(/^INFORCE_LOG names a KurrentDB at \S+: The server does not let this user in: /);
    expect(message).not.toContain('s3cret');
  }, 15_000);

  it('takes an option with a value that is none for a mistake in the configuration', async () => {
    const { path, remove } = await aDirectory();
    const started = new ServiceProcess(path, { INFORCE_LOG: `${named(server)}&nodePreference=best` });
    expect(await started.ended).toBe(2);
    expect(started.stderr).toMatch(/^INFORCE_LOG cannot be used: .*leader or follower.*\n$/);
    expect(started.stderr).not.toContain('s3cret');
    await remove();
  }, 30_000);
});

describe('the same program on a KurrentDB', () => {
  it('serves and records, and keeps the record when it is started anew', async () => {
    const { path, remove } = await aDirectory();
    const environment = { INFORCE_LOG: named(server), INFORCE_DATASETS: 'bundled' };
    const first = await ServiceProcess.listening(path, environment);
    expect(first.stdout).toContain('Loaded us-tiktok: 51 entries.');
    const status = `/v1/matters/us-tiktok/status?at=2025-02-01&party=apple`;
    const answer: unknown = await (await fetch(`${first.url}${status}`)).json();
    expect(answer).toMatchObject({ headline: { code: 'enforcement-paused', until: '2025-04-05' } });
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
    expect(await first.stop()).toBe(0);
    const second = await ServiceProcess.listening(path, environment);
    expect(await (await fetch(`${second.url}${status}`)).json()).toEqual(answer);
    expect(await second.stop()).toBe(0);
    for (const { stdout, stderr } of [first, second]) expect(stdout + stderr).not.toContain('s3cret');
    await remove();
  }, 60_000);

  it('reads and writes from the command line, beside others', async () => {
    const cli = new Cli();
    const env = { INFORCE_LOG: named(server) };
    const run = async (line: string) => cli.run(line, { env });
    expect((await run('matters')).stdout).toBe('No matters yet.\n');
    expect((await run('import --dry-run datasets/us-tiktok.json')).code).toBe(0);
    expect((await run('matters')).stdout).toBe('No matters yet.\n');
    expect((await run('import datasets/us-tiktok.json')).stdout).toContain('51 recorded, 0 already there');
    const file = cli.file('report.json', aReport('a-report'));
    const [one, other] = await Promise.all([run(`record us-tiktok ${file}`), run('status us-tiktok --at 2025-02-01')]);
    expect([one.code, other.code]).toEqual([0, 0]);
    expect((await run(`record us-tiktok ${file} --json`)).code).toBe(0);
    const timeline = await run('timeline us-tiktok --json');
    expect(timeline.stdout.split('"id": "a-report"')).toHaveLength(2);
    server.kill();
    cli.remove();
  }, 60_000);
});
