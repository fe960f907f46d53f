import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { outboxStream } from '#libs/alerts';
import { KurrentEventLog } from '#libs/event-log-kurrent';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { anAlert, LoggedAlerts } from '../support/alerts-delivery.ts';
import { aDirectory } from '../support/event-log-files.ts';
import { quick } from '../support/kurrent-log.ts';
import { KurrentStandIn } from '../support/kurrent-stand-in.ts';
import { type Received, ReceiverServer } from '../support/receiver-server.ts';

const [ALERTS, WATCHES, KILLS] = [1000, 10, 20];
const watches = Array.from({ length: WATCHES }, (_, index) => `w${index}`);
const script = join(import.meta.dirname, '../support/alerts-deliverer.ts');

/** One arrival, by what its sender says of it. */
interface Arrival {
  readonly id: string;
  readonly watch: string;
  readonly seq: number;
  readonly accepted: boolean;
}

/** Fails three times in ten: with an error, without a word, or too late. It never fails the same alert six times. */
class Unreliable {
  readonly arrivals: Arrival[] = [];
  readonly #tries = new Map<string, number>();

  readonly answer = (received: Received, _: unknown, response: ServerResponse): void => {
    const { data } = JSON.parse(received.body);
    const id = String(received.headers['webhook-id']);
    const tries = (this.#tries.get(id) ?? 0) + 1;
    this.#tries.set(id, tries);
    const fails = tries < 6 && Math.random() < 0.3;
    this.arrivals.push({ id, watch: data.watch, seq: data.seq, accepted: !fails });
    const how = fails ? Math.floor(Math.random() * 3) : -1;
    if (how === 0) response.destroy();
    else setTimeout(() => response.writeHead(how === 1 ? 503 : 204).end(), how === 2 ? 300 : Math.random() * 20);
  };
}

describe('deliveries by a process that is killed', () => {
  let directory: Awaited<ReturnType<typeof aDirectory>>;
  let child: ChildProcess | undefined;
  let server: ReceiverServer;
  const receiver = new Unreliable();
  beforeAll(async () => {
    directory = await aDirectory();
    server = await ReceiverServer.start(receiver.answer);
  });
  afterEach(() => void child?.kill('SIGKILL'));
  afterAll(async () => {
    await server.stop();
    await directory.remove();
  });

  it(`${KILLS} times, of ${ALERTS} alerts to a receiver that fails three times in ten, lose none and keep their order`, async () => {
    const file = join(directory.path, 'log.db');
    await raiseAll(file);
    const accepted = (): number => new Set(receiver.arrivals.filter((each) => each.accepted).map(({ id }) => id)).size;
    let kills = 0;
    while (accepted() < ALERTS) {
      // Now under the name it had before, now under another: then it waits for the lease of whom was killed.
      child = await deliverer(file, server.url, kills % 2 === 0 ? 'always' : `life-${kills}`);
      if (kills >= KILLS) await until(() => accepted() >= ALERTS);
      else await pause(Math.random() * 150);
      child.kill('SIGKILL');
      await once(child, 'close');
      kills += 1;
    }
    // What was accepted and not written down by then is sent once more.
    child = await deliverer(file, server.url, 'last');
    await pause(1500);
    child.kill('SIGKILL');
    await once(child, 'close');
    const repeated = receiver.arrivals.length - new Set(receiver.arrivals.map(({ id }) => id)).size;
    process.stdout.write(`${kills} kills, ${receiver.arrivals.length} arrivals, ${repeated} of them repeats\n`);
    for (const watch of watches) {
      const own = receiver.arrivals.filter((each) => each.watch === watch);
      const firsts = own.filter(({ seq }, index) => own.findIndex((each) => each.seq === seq) === index);
      expect(firsts.map(({ seq }) => seq)).toEqual(Array.from({ length: ALERTS / WATCHES }, (_, index) => index + 1));
      expect(new Set(own.map(({ id, seq }) => `${id} ${seq}`)).size).toBe(ALERTS / WATCHES);
      // Nothing is sent before what comes before it was accepted.
      const taken = new Set<number>([0]);
      for (const { seq, accepted: took } of own) {
        expect(taken.has(seq - 1)).toBe(true);
        if (took) taken.add(seq);
      }
    }
    expect(await delivered(file)).toBe(ALERTS);
    expect(kills).toBeGreaterThan(KILLS);
  }, 240_000);
});

describe('two replicas on one log', () => {
  const ends: (() => unknown)[] = [];
  // Also when it failed half-way: what still runs would keep the tests from ending.
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  it('deliver each alert once, and when one is killed the other takes over', async () => {
    const standIn = await KurrentStandIn.start();
    ends.push(() => standIn.kill());
    const place = quick(standIn.connectionString);
    const log = await KurrentEventLog.open({ connectionString: place });
    ends.push(() => log.close());
    const alerts = new LoggedAlerts(log);
    const arrivals: { readonly watch: string; readonly seq: number }[] = [];
    const server = await ReceiverServer.start(({ body }, _, response) => {
      const { data } = JSON.parse(body);
      arrivals.push({ watch: data.watch, seq: data.seq });
      setTimeout(() => response.writeHead(204).end(), 10);
    });
    ends.push(() => server.stop());
    const children = await Promise.all(
      ['a', 'b'].map((replica) => deliverer(place, server.url, replica, '3000', '10000')),
    );
    ends.push(() => children.map((each) => each.kill('SIGKILL')));
    const raise = async (first: number): Promise<void> => {
      for (let number = first; number < first + 100; number += 1)
        await alerts.raise(anAlert(watches[number % 4] ?? '', number));
    };
    await raise(1);
    await until(() => arrivals.length >= 100);
    // Nobody was killed yet: nothing came twice.
    expect(new Set(arrivals.map(({ watch, seq }) => `${watch} ${seq}`)).size).toBe(arrivals.length);
    const raising = raise(101);
    await until(() => arrivals.length >= 130);
    children[0]?.kill('SIGKILL');
    await raising;
    const distinct = (): number => new Set(arrivals.map(({ watch, seq }) => `${watch} ${seq}`)).size;
    await until(() => distinct() >= 200);
    // At most what the killed one had in its hands, for each watch, came twice.
    expect(arrivals.length).toBeLessThanOrEqual(204);
    for (const watch of watches.slice(0, 4)) {
      const seqs = arrivals.filter((each) => each.watch === watch).map(({ seq }) => seq);
      expect([...new Set(seqs)]).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    }
  }, 60_000);
});

async function raiseAll(file: string): Promise<void> {
  const log = await SqliteEventLog.open({ file });
  const alerts = new LoggedAlerts(log);
  const all = Array.from({ length: ALERTS }, (_, index) => anAlert(watches[index % WATCHES] ?? '', index + 1));
  for (let first = 0; first < ALERTS; first += WATCHES)
    await Promise.all(all.slice(first, first + WATCHES).map((alert) => alerts.raise(alert)));
  await log.close();
}

async function deliverer(...words: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--conditions=inforce:source', script, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  return child;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}

async function delivered(file: string): Promise<number> {
  const log = await SqliteEventLog.open({ file });
  let count = 0;
  for (const watch of watches) {
    const events = await Array.fromAsync(log.read(outboxStream(watch)));
    const ended = events.filter(({ type, data }) => type === 'DeliveryEnded' && Object(data).outcome === 'delivered');
    count += new Set(ended.map(({ data }) => Object(data).seq)).size;
  }
  await log.close();
  return count;
}
