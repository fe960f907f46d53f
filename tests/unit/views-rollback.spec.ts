import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type EventLog,
  type FollowMessage,
  LogUnavailable,
  MemoryEventLog,
  type NewEvent,
  type Pinned,
  type ReadAllOptions,
} from '#libs/event-log';
import { type Incident, Views } from '#libs/views';
import { ban, caughtUp, DelegatingLog, following, NOON, opened, pause, record } from '../support/views.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'inforce-rollback-'));
  file = join(directory, 'views.db');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function holding(events: readonly NewEvent[]): Promise<EventLog> {
  const log = new MemoryEventLog({ now: () => NOON });
  for (const event of events) await record(log, 'a', event);
  return log;
}

/** A connection that can be lost, with a server behind it that may have forgotten something meanwhile. */
class Shaky extends DelegatingLog {
  reachable = true;
  whole = true;
  readonly asked: string[] = [];
  #lose = Promise.withResolvers<void>();
  #find = Promise.withResolvers<void>();

  override async *follow(options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncGenerator<FollowMessage> {
    yield* until(this.inner.follow(options), this.#lose.promise);
    yield { kind: 'reconnecting', reason: 'the server is gone' };
    await this.#find.promise;
    yield* this.inner.follow({ ...options, after: await this.before() });
  }

  override async holds(pinned: Pinned): Promise<boolean> {
    this.asked.push(pinned.id);
    if (!this.reachable) throw new LogUnavailable('gone');
    return this.whole && super.holds(pinned);
  }

  lose(): void {
    this.#lose.resolve();
  }

  find(): void {
    this.reachable = true;
    this.#find.resolve();
  }

  /** Where the connection broke. */
  before = async (): Promise<bigint> => this.head();
}

async function* until(messages: AsyncIterable<FollowMessage>, end: Promise<void>): AsyncGenerator<FollowMessage> {
  const iterator = messages[Symbol.asyncIterator]();
  for (;;) {
    const turn = await Promise.race([iterator.next(), end]);
    if (!turn || turn.done) return;
    yield turn.value;
  }
}

const [open, law, wait] = [opened('a'), ban(), pause('p', '2024-05-01', '2024-07-01')];

describe('views of a log that lost an event', () => {
  it.each([
    ['the newest', [open]],
    ['all', []],
    ['one that another one replaced', [open, pause('other', '2024-05-02', '2024-08-01')]],
  ])('stop at start, and keep what they have: %s', async (_, left) => {
    const first = await following(await holding([open, law]), { file });
    const digest = first.views.digest();
    await first.views.stop();
    const incidents: Incident[] = [];
    const lines: string[] = [];
    const log = await holding(left);
    const views = Views.open({
      file,
      log,
      now: () => NOON,
      report: ({ level, message }) => lines.push(level, message),
    });
    views.onIncident((incident) => incidents.push(incident));
    views.start();
    expect(await views.waitFor(3n, 50)).toBe('timed-out');
    const incident = { position: '2', eventId: law.id, at: '2024-06-01T12:00:00.000Z', detail: expect.any(String) };
    expect(incidents).toEqual([incident]);
    expect(incidents[0]?.detail).toMatch(/^The log no longer holds event \S+ \(matter-a, revision 1\) at position 2: /);
    expect(views.state).toMatchObject({ incident, caughtUp: false, error: incidents[0]?.detail });
    expect(lines).toEqual(['error', expect.stringContaining('The views have stopped: ')]);
    await record(log, 'a', ...(left.length > 0 ? [wait] : [open]));
    expect(await views.waitFor(3n, 50)).toBe('timed-out');
    expect(views.digest()).toBe(digest);
    await views.stop();
  });

  it('are built anew by whoever deletes them', async () => {
    await (await following(await holding([open, law]), { file })).views.stop();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    const { views } = await following(await holding([open]), { file });
    expect(views.state).toMatchObject({ incident: null, caughtUp: true });
    await views.stop();
  });
});

describe('views whose connection was lost', () => {
  it('say so until it is found, and go on when the log is what it was', async () => {
    const log = new Shaky(await holding([open, law]));
    const touch: boolean[] = [];
    let now = NOON;
    const views = Views.open({ file: ':memory:', log, now: () => now });
    views.onTouch((inTouch) => touch.push(inTouch));
    views.start();
    await caughtUp(views, log);
    expect(views.state).toMatchObject({ reconnecting: null, caughtUp: true });
    log.reachable = false;
    log.lose();
    while (views.state.reconnecting === null) await new Promise(setImmediate);
    now += 7000;
    expect(views.state).toMatchObject({ reconnecting: 'the server is gone', caughtUp: false, ageMs: 7000 });
    const before = await log.head();
    log.before = async () => before;
    const position = await record(log.inner, 'a', wait);
    log.find();
    expect(await views.waitFor(position, 5000)).toBe('reached');
    expect(views.state).toMatchObject({ reconnecting: null, caughtUp: true, ageMs: 0 });
    expect(touch).toEqual([true, false, true]);
    expect(log.asked).toEqual([law.id, law.id]);
    await views.stop();
  });

  it('stop, and take in nothing more, when the log lost what they were told of', async () => {
    const log = new Shaky(await holding([open, law]));
    const incidents: Incident[] = [];
    const { views } = await following(log);
    views.onIncident((incident) => incidents.push(incident));
    log.reachable = false;
    log.lose();
    while (views.state.reconnecting === null) await new Promise(setImmediate);
    log.whole = false;
    const before = await log.head();
    log.before = async () => before;
    const position = await record(log.inner, 'a', wait);
    log.find();
    expect(await views.waitFor(position, 100)).toBe('timed-out');
    expect(incidents).toMatchObject([{ eventId: law.id, position: '2' }]);
    await views.stop();
  });
});
