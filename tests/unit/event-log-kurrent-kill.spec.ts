import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Appended, EventLog, Expectation, NewEvent, RecordedEvent } from '#libs/event-log';
import { KurrentEventLog } from '#libs/event-log-kurrent';
import { anEvent, ids } from '../support/event-log.ts';
import { aMortalServer, type MortalServer } from '../support/kurrent-outage.ts';

const WRITERS = 64;
/** What a follower may take to go on after the leader of a cluster was lost, with nobody's help. */
const WITHOUT_HELP_MS = 10_000;

describe('a log whose server is killed again and again', () => {
  let server: MortalServer;
  beforeAll(async () => void (server = await aMortalServer()));
  afterAll(() => server.end());

  it('loses nothing that it acknowledged, stores nothing twice, and its followers go on by themselves', async () => {
    const reports: string[] = [];
    const open = (): Promise<KurrentEventLog> => {
      const { connectionString, prefix } = server;
      return KurrentEventLog.open({ connectionString, prefix, report: (line) => reports.push(line) });
    };
    const [log, replica] = [await open(), await open()];
    const writing = new Writing(log, WRITERS);
    const followers = [new Following(log), new Following(replica), new Following(replica, ['serial'])];
    const [recovery, restarts]: [number[], number[]] = [[], []];
    for (let kill = 0; kill < server.kills; kill += 1) {
      await pause(server.calmMs);
      await server.kill();
      const killed = performance.now();
      if (!server.cluster) await server.start();
      const started = performance.now();
      await Promise.all(followers.map((follower) => follower.takesWhatIsSentFrom(killed, writing)));
      recovery.push(Math.round(performance.now() - killed));
      if (server.cluster) await server.start();
      else restarts.push(Math.round(started - killed));
    }
    await writing.end();
    const head = await log.head();
    await Promise.all(followers.map((follower) => follower.endAt(head)));
    const all = await Array.fromAsync(replica.readAll());
    const streams = new Map<string, RecordedEvent[]>();
    for (const event of all) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
    await Promise.all([log.close(), replica.close()]);
    if (server.name === 'real server') {
      const stored = `${writing.acknowledged.size} acknowledged, ${all.length} in the log`;
      const handed = followers.map(({ taken, reconnects }) => `${taken.length} events (${reconnects} reconnects)`);
      process.stderr.write(`${recovery.length} kills, ${stored}, to followers: ${handed.join(', ')}\n`);
      process.stderr.write(
        `They went on after ${recovery.join(', ')} ms; started again after ${restarts.join(', ')}\n`,
      );
    }

    expect(new Set(ids(all)).size).toBe(all.length);
    expect(all.map(({ id, position }) => [id, writing.acknowledged.get(id)?.position ?? position])).toEqual(
      all.map(({ id, position }) => [id, position]),
    );
    expect(ids(all).toSorted()).toEqual([...writing.acknowledged.keys()].toSorted());
    for (const events of streams.values()) {
      expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
    }
    for (const { taken, prefixes } of followers) {
      expect(taken).toEqual(ids(all.filter(({ stream }) => !prefixes || stream.startsWith(prefixes[0] ?? ''))));
    }
    if (server.cluster) for (const ms of recovery) expect(ms).toBeLessThan(WITHOUT_HELP_MS);
  }, 600_000);
});

/** Writers that go on until they are ended, and send again what failed, as whoever keeps a promise does. */
class Writing {
  readonly acknowledged = new Map<string, { readonly sent: number; readonly position: bigint }>();
  readonly #log: EventLog;
  readonly #writers: Promise<void>[];
  #ended = false;

  constructor(log: EventLog, count: number) {
    this.#log = log;
    const serial = this.#write('serial', 0);
    this.#writers = [serial, ...Array.from({ length: count }, (_, index) => this.#write(`matter-${index}`, 20))];
  }

  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#writers);
  }

  async #write(stream: string, restMs: number): Promise<void> {
    for (let expectation: Expectation = 'no-stream'; !this.#ended;) {
      const event = anEvent({ text: 'x'.repeat(300) });
      const sent = performance.now();
      const { revision, position } = await this.#until(stream, expectation, event);
      this.acknowledged.set(event.id, { sent, position });
      expectation = { revision };
      await pause(restMs);
    }
  }

  async #until(stream: string, expectation: Expectation, event: NewEvent): Promise<Appended> {
    for (;;) {
      try {
        return await this.#log.append(stream, expectation, [event]);
      } catch (error) {
        if (Reflect.get(Object(error), 'code') !== 'unavailable') throw error;
      }
    }
  }
}

class Following {
  readonly taken: string[] = [];
  readonly prefixes: readonly string[] | undefined;
  reconnects = 0;
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;
  #reached = 0n;

  constructor(log: EventLog, prefixes?: readonly string[]) {
    this.prefixes = prefixes;
    this.#following = this.#follow(log);
  }

  /** Resolves when it was handed an event that was sent after a moment. */
  async takesWhatIsSentFrom(moment: number, { acknowledged }: Writing): Promise<void> {
    for (let seen = this.taken.length; ; await pause(10)) {
      for (; seen < this.taken.length; seen += 1) {
        const { sent = 0 } = acknowledged.get(this.taken[seen] ?? '') ?? {};
        if (sent > moment) return;
      }
    }
  }

  async endAt(head: bigint): Promise<void> {
    while (this.#reached < head) await pause(10);
    this.#stop.abort();
    await this.#following;
  }

  async #follow(log: EventLog): Promise<void> {
    const filter = this.prefixes && { filter: { streamPrefixes: this.prefixes } };
    for await (const message of log.follow({ signal: this.#stop.signal, ...filter })) {
      if (message.kind === 'event') this.taken.push(message.event.id);
      if (message.kind === 'event') this.#reached = message.event.position;
      if (message.kind === 'caughtUp') this.#reached = message.position;
      if (message.kind === 'reconnecting') this.reconnects += 1;
    }
  }
}
