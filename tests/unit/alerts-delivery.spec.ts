import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Attempt, type Attempted, Deliveries, outboxStream, Schedule, standardDelays } from '#libs/alerts';
import { LogUnavailable, MemoryEventLog } from '#libs/event-log';
import { anAlert, LoggedAlerts, Watches } from '../support/alerts-delivery.ts';
import { VirtualTime } from '../support/virtual-time.ts';

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
const START = '2025-04-04T13:00:00Z';

interface Sent {
  readonly watch: string;
  readonly seq: number;
  readonly at: number;
  readonly by: string;
}

class Scene {
  readonly time = new VirtualTime(START);
  readonly log = new MemoryEventLog({ now: this.time.now });
  readonly alerts = new LoggedAlerts(this.log);
  readonly watches = new Watches();
  readonly sent: Sent[] = [];
  readonly running: Deliveries[] = [];
  allowed = true;
  /** What the receivers answer, by seq. */
  answer: (attempt: Attempt) => Partial<Attempted> | Promise<Partial<Attempted>> = () => ({});

  replica(name: string, more: Partial<ConstructorParameters<typeof Deliveries>[0]> = {}): Deliveries {
    const send = async (attempt: Attempt): Promise<Attempted> => {
      const { raised, at } = attempt;
      this.sent.push({ watch: raised.alert.watch, seq: raised.seq, at, by: name });
      return { result: 'delivered', status: 204, answer: '', ...(await this.answer(attempt)) };
    };
    const { log, alerts, watches, time } = this;
    const webhook = { render: ({ alert }: Attempt['raised']): string => alert.text, send };
    const deliveries = new Deliveries({
      log,
      alerts,
      watches,
      senders: { webhook },
      replica: name,
      outwardEffectsAllowed: () => this.allowed,
      scheduler: time.scheduler,
      ...more,
    });
    this.running.push(deliveries);
    deliveries.start();
    return deliveries;
  }

  async raise(watch: string, ...numbers: number[]): Promise<void> {
    for (const number of numbers) await this.alerts.raise(anAlert(watch, number));
    await this.time.settle();
  }

  get seqs(): readonly number[] {
    return this.sent.map(({ seq }) => seq);
  }

  /** Since the start, in ms. */
  get times(): readonly number[] {
    return this.sent.map(({ at }) => at - Date.parse(START));
  }
}

const down = (): Partial<Attempted> => ({ result: 'failed', status: 503, answer: 'down' });

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(async () => {
  await Promise.all(scene.running.map((each) => each.stop()));
});

describe('delivery', () => {
  it('tells a watch its alerts in order, those that were raised before it started and those after', async () => {
    await scene.raise('one', 1, 2);
    scene.replica('a');
    await scene.raise('one', 3);
    expect(scene.seqs).toEqual([1, 2, 3]);
  });

  it('sends the next alert only when the one before has ended', async () => {
    await scene.raise('one', 1, 2);
    scene.answer = ({ raised: { seq } }) => (seq === 1 && scene.sent.length < 3 ? down() : {});
    scene.replica('a');
    await scene.time.run(10 * MINUTE);
    expect(scene.seqs).toEqual([1, 1, 1, 2]);
  });

  it('does not hold up other watches for one that is down', async () => {
    scene.answer = ({ raised: { alert } }) => (alert.watch === 'bad' ? down() : {});
    scene.replica('a', { parallel: 1 });
    await scene.raise('bad', 1);
    await scene.raise('good', 2, 3);
    expect(scene.sent.filter(({ watch }) => watch === 'good').map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('serves no more watches at a time than it was told to', async () => {
    let [now, most] = [0, 0];
    const waiting: (() => void)[] = [];
    scene.answer = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise<void>((resolve) => waiting.push(resolve));
      now -= 1;
      return {};
    };
    scene.replica('a', { parallel: 2 });
    for (const [index, watch] of ['one', 'two', 'three', 'four', 'five'].entries()) await scene.raise(watch, index + 1);
    while (waiting.length > 0) {
      for (const end of waiting.splice(0)) end();
      await scene.time.settle();
    }
    expect({ most, sent: scene.sent.length }).toEqual({ most: 2, sent: 5 });
  });

  it('waits while outward effects are not allowed, and then goes on', async () => {
    scene.allowed = false;
    scene.replica('a');
    await scene.raise('one', 1);
    await scene.time.run(HOUR);
    expect(scene.seqs).toEqual([]);
    scene.allowed = true;
    await scene.time.run(MINUTE);
    expect(scene.seqs).toEqual([1]);
  });

  it.each(['paused', 'disabled'] as const)('keeps the alerts of a watch that is %s until it is back', async (state) => {
    scene.watches.states.set('one', state);
    const deliveries = scene.replica('a');
    await scene.raise('one', 1, 2);
    await scene.time.run(HOUR);
    expect(scene.seqs).toEqual([]);
    scene.watches.states.set('one', 'active');
    deliveries.wake('one');
    await scene.time.settle();
    expect(scene.seqs).toEqual([1, 2]);
  });

  it('keeps the alerts of a channel that is not set up', async () => {
    scene.replica('a', { senders: {} });
    await scene.raise('one', 1);
    await scene.time.run(HOUR);
    const [stopped] = scene.running;
    await stopped?.stop();
    scene.replica('b');
    await scene.time.run(MINUTE);
    expect(scene.sent).toMatchObject([{ seq: 1, by: 'b' }]);
  });
});

describe('an alert that fails', () => {
  it('is tried ten times as Standard Webhooks proposes, and never sooner; then its watch is disabled, once', async () => {
    scene.answer = down;
    scene.replica('a');
    await scene.raise('one', 1, 2);
    await scene.time.run(200 * HOUR);
    const waits = scene.times.map((time, index) => time - (scene.times[index - 1] ?? 0));
    expect(waits).toHaveLength(standardDelays.length);
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(standardDelays[index] ?? 0);
      expect(wait).toBeLessThanOrEqual((standardDelays[index] ?? 0) * 1.2 + 1);
    }
    expect(scene.watches.disabled).toEqual([
      { watch: 'one', reason: 'Alert 1 could not be delivered in 10 attempts; the last one ended with status 503.' },
    ]);
  });

  it('waits differently for different alerts, and the same for the same', () => {
    const schedule = new Schedule();
    const times = ['a', 'b', 'a'].map((alert) => schedule.after(3, alert, 0));
    expect(times[0]).toBe(times[2]);
    expect(times[0]).not.toBe(times[1]);
  });

  it('is tried when the receiver asks for it, if that is later', async () => {
    scene.answer = () => (scene.sent.length < 2 ? { ...down(), status: 429, retryAfterMs: HOUR } : {});
    scene.replica('a');
    await scene.raise('one', 1);
    await scene.time.run(2 * HOUR);
    expect(scene.times).toEqual([0, HOUR]);
  });

  it('is not tried again when the receiver is gone, and its watch is disabled at once', async () => {
    scene.answer = () => ({ result: 'gone', status: 410, answer: '' });
    scene.replica('a');
    await scene.raise('one', 1, 2);
    await scene.time.run(HOUR);
    expect(scene.seqs).toEqual([1]);
    expect(scene.watches.disabled).toEqual([{ watch: 'one', reason: expect.stringContaining('410') }]);
  });

  it('goes on with the next alert once its watch is enabled again', async () => {
    scene.answer = ({ raised: { seq } }) => (seq === 1 ? { result: 'gone', status: 410 } : {});
    const deliveries = scene.replica('a');
    await scene.raise('one', 1, 2);
    scene.watches.states.set('one', 'active');
    deliveries.wake('one');
    await scene.time.settle();
    expect(scene.seqs).toEqual([1, 2]);
    const { items } = await deliveries.receipts('one', { after: 0, limit: 10 });
    expect(items.map(({ state }) => state)).toEqual(['failed', 'delivered']);
  });

  it('and a receiver that is down for three days: it gets everything afterwards, in order', async () => {
    const up = scene.time.now() + 72 * HOUR;
    scene.answer = () => (scene.time.now() < up ? down() : {});
    scene.replica('a');
    for (let hour = 0; hour < 72; hour += 6) {
      await scene.raise('one', hour / 6 + 1);
      await scene.time.run(6 * HOUR);
    }
    await scene.time.run(24 * HOUR);
    const first = scene.sent.filter(({ at }) => at >= up).map(({ seq }) => seq);
    expect(first).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(scene.watches.disabled).toEqual([]);
  });
});

describe('the outbox', () => {
  it('lets a process that comes after a crash go on where the last one was', async () => {
    scene.answer = ({ raised: { seq } }) => (seq === 1 ? {} : down());
    const first = scene.replica('same');
    await scene.raise('one', 1, 2);
    await scene.time.run(MINUTE);
    expect(scene.seqs).toEqual([1, 2, 2]);
    await first.stop();
    scene.replica('same');
    await scene.time.run(5 * MINUTE);
    // The third attempt at the second alert, when it was due anyway.
    expect(scene.seqs).toEqual([1, 2, 2, 2]);
    expect(scene.times.at(-1)).toBeGreaterThan(5 * MINUTE);
    const events = await Array.fromAsync(scene.log.read(outboxStream('one')));
    expect(events.filter(({ type }) => type === 'DeliveryStarted').map(({ data }) => Object(data).attempt)).toEqual([
      1, 1, 2, 3,
    ]);
  });

  it('has each alert sent by one of two replicas', async () => {
    scene.replica('a');
    scene.replica('b');
    await scene.raise('one', ...Array.from({ length: 20 }, (_, index) => index + 1));
    await scene.time.run(2 * MINUTE);
    expect(scene.seqs).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('is taken over, once the lease has ended, from a replica that hangs', async () => {
    scene.answer = () => (scene.sent.length === 1 ? new Promise(() => undefined) : {});
    scene.replica('a');
    await scene.raise('one', 1, 2);
    scene.replica('b');
    await scene.time.run(59 * SECOND);
    expect(scene.sent.map(({ by }) => by)).toEqual(['a']);
    await scene.time.run(2 * SECOND);
    expect(scene.sent.map(({ by, seq }) => [by, seq])).toEqual([
      ['a', 1],
      ['b', 1],
      ['b', 2],
    ]);
    scene.running.shift();
  });

  it('tells a replica that was too slow that it lost: it says nothing more of that attempt', async () => {
    let end: (() => void) | undefined;
    const late = new Promise<void>((resolve) => (end = resolve));
    scene.answer = async ({ raised: { seq } }) => {
      if (scene.sent.length === 1) await late;
      return seq === 1 ? {} : down();
    };
    scene.replica('a');
    await scene.raise('one', 1, 2);
    scene.replica('b');
    await scene.time.run(61 * SECOND);
    end?.();
    await scene.time.settle();
    const events = await Array.fromAsync(scene.log.read(outboxStream('one')));
    const told = events.filter(({ type, data }) => type === 'DeliveryEnded' && Object(data).seq === 1);
    expect(told.map(({ meta }) => meta)).toEqual([{ actor: 'delivery:b' }]);
  });

  it('waits for a log that cannot be reached, and sends nothing twice because of it', async () => {
    const append = scene.log.append.bind(scene.log);
    let broken = 0;
    scene.log.append = async (stream, ...rest) => {
      const appended = await append(stream, ...rest);
      // The answer is lost: whoever asks again with the same event gets it.
      if (stream.startsWith('outbox-') && (broken += 1) < 4) throw new LogUnavailable('away');
      return appended;
    };
    scene.replica('a');
    await scene.raise('one', 1, 2);
    await scene.time.run(MINUTE);
    expect(scene.seqs).toEqual([1, 2]);
  });
});

describe('a replay', () => {
  it('sends the alerts after a seq again, in order, with the same ids', async () => {
    const deliveries = scene.replica('a');
    await scene.raise('one', 1, 2, 3);
    await deliveries.replay('one', { after: 1, by: 'key:x' });
    await scene.time.settle();
    expect(scene.seqs).toEqual([1, 2, 3, 2, 3]);
    const { items } = await deliveries.receipts('one', { after: 0, limit: 10 });
    expect(items.map(({ attempts }) => attempts.length)).toEqual([1, 2, 2]);
  });

  it('tries at once what would be tried much later', async () => {
    scene.answer = () => (scene.sent.length < 5 ? down() : {});
    const deliveries = scene.replica('a');
    await scene.raise('one', 1);
    await scene.time.run(HOUR);
    expect(scene.sent).toHaveLength(4);
    await deliveries.replay('one', { after: 0, by: 'key:x' });
    await scene.time.run(10 * SECOND);
    expect(scene.times.slice(4)).toEqual([HOUR]);
  });

  it('of what failed is made at once, and counted anew, when it is to lead elsewhere; else there is none', async () => {
    scene.answer = () => (scene.sent.length < 5 ? down() : {});
    const deliveries = scene.replica('a');
    await scene.raise('one', 1);
    await scene.time.run(HOUR);
    await deliveries.tryAnew('one', 'key:x');
    await scene.time.run(10 * SECOND);
    expect(scene.times.slice(4)).toEqual([HOUR]);
    await deliveries.tryAnew('one', 'key:x');
    await scene.time.run(10 * SECOND);
    expect(scene.seqs).toEqual([1, 1, 1, 1, 1]);
    const { items } = await deliveries.receipts('one', { after: 0, limit: 10 });
    expect(items[0]?.attempts.map(({ round, attempt }) => [round, attempt])).toEqual([
      ...[1, 2, 3, 4].map((attempt) => [0, attempt]),
      [1, 1],
    ]);
  });

  it('of what is still to come changes nothing', async () => {
    const deliveries = scene.replica('a');
    await scene.raise('one', 1);
    await deliveries.replay('one', { after: 7, by: 'key:x' });
    await scene.raise('one', 2);
    expect(scene.seqs).toEqual([1, 2]);
  });

  it('is noticed by a replica that was not asked', async () => {
    const away = new Deliveries({ log: scene.log, alerts: scene.alerts, watches: scene.watches, senders: {} });
    scene.replica('a');
    await scene.raise('one', 1);
    await away.replay('one', { after: 0, by: 'key:x' });
    await scene.time.settle();
    expect(scene.seqs).toEqual([1, 1]);
  });

  it('that is asked for during an attempt begins after it', async () => {
    let end: (() => void) | undefined;
    const first = new Promise<void>((resolve) => (end = resolve));
    scene.answer = async () => {
      if (scene.sent.length === 3) await first;
      return {};
    };
    const deliveries = scene.replica('a');
    await scene.raise('one', 1, 2, 3);
    await deliveries.replay('one', { after: 0, by: 'key:x' });
    end?.();
    await scene.time.settle();
    expect(scene.seqs).toEqual([1, 2, 3, 1, 2, 3]);
  });
});

describe('a test alert', () => {
  it('is sent at once, out of turn, once, and changes nothing', async () => {
    scene.answer = down;
    const deliveries = scene.replica('a');
    await scene.raise('one', 1);
    await scene.alerts.raise(anAlert('one', 2, { type: 'test', test: true }));
    const [test] = (await Array.fromAsync(scene.alerts.after('one', 1))).slice(0, 1);
    if (!test) throw new Error('It was not raised.');
    expect(await deliveries.test(test)).toMatchObject({ result: 'failed', status: 503 });
    scene.answer = () => ({});
    await scene.raise('one', 3);
    await scene.time.run(10 * SECOND);
    expect(scene.seqs).toEqual([1, 2, 1, 3]);
    const { items } = await deliveries.receipts('one', { after: 0, limit: 10 });
    expect(items.map(({ state, test: isTest }) => [state, isTest])).toEqual([
      ['delivered', false],
      ['failed', true],
      ['delivered', false],
    ]);
  });
});

describe('a receipt', () => {
  it('has every attempt with its answer, the exact body and its hash', async () => {
    scene.answer = () => (scene.sent.length === 1 ? { ...down(), answer: 'come back later' } : { answer: 'thanks' });
    const deliveries = scene.replica('a');
    await scene.raise('one', 1);
    await scene.time.run(MINUTE);
    const { items } = await deliveries.receipts('one', { after: 0, limit: 10 });
    // echo -n 'Alert 1' | openssl dgst -sha256 -binary | base64
    const bodyHash = 'ogEYbWO4Ys6/8IS/tTtMg1ctq3oJ9MJhaci3l2Qi6Ag=';
    expect(items).toEqual([
      {
        seq: 1,
        alert: anAlert('one', 1).id,
        type: 'deadline-reminder',
        test: false,
        raisedAt: '2025-04-04T13:00:00.000Z',
        state: 'delivered',
        nextAttemptAt: null,
        body: 'Alert 1',
        bodyHash,
        intact: true,
        attempts: [
          expect.objectContaining({ attempt: 1, outcome: 'failed', status: 503, answer: 'come back later', bodyHash }),
          expect.objectContaining({ attempt: 2, outcome: 'delivered', status: 204, answer: 'thanks', bodyHash }),
        ],
      },
    ]);
  });

  it.each([
    [
      { kind: 'email', to: 'ann.lee@example.org' } as const,
      '550 5.1.1 <Ann.Lee@example.org>: no such user ann.lee here at example.org',
      '550 5.1.1 <[address]>: no such user [address] here at [address]',
    ],
    [
      { kind: 'webhook', url: 'https://hooks.example.org:8443/t0k3n?key=1' } as const,
      'getaddrinfo ENOTFOUND hooks.example.org; Cannot POST /t0k3n?key=1 at HOOKS.example.org:8443',
      'getaddrinfo ENOTFOUND [address]; Cannot POST [address] at [address]',
    ],
  ])(
    'keeps of the address %p nothing that an answer repeats, and its watch is disabled without it',
    async (channel, answer, kept) => {
      const watches = new Watches({ channel });
      const sender = { render: () => 'body', send: async () => ({ result: 'failed', status: null, answer }) as const };
      const deliveries = scene.replica('a', {
        watches,
        senders: { [channel.kind]: sender },
        schedule: new Schedule(1, [0]),
      });
      await scene.raise('one', 1);
      await scene.time.settle();
      const { items } = await deliveries.receipts('one', { after: 0, limit: 10 });
      expect(items[0]?.attempts.map((attempt) => attempt.answer)).toEqual([kept]);
      expect(watches.disabled).toEqual([
        { watch: 'one', reason: `Alert 1 could not be delivered in 1 attempts; the last one ended with ${kept}.` },
      ]);
      // Whoever tries a watch is its owner, and sees what was said.
      const tried = await deliveries.test({
        alert: anAlert('one', 2, { test: true }),
        seq: 2,
        position: 2n,
        raisedAt: START,
      });
      expect(tried.answer).toBe(answer);
      expect(
        JSON.stringify(await Array.fromAsync(scene.log.read(outboxStream('one')), ({ data }) => data)),
      ).not.toMatch(/example|ann\.|t0k3n/i);
    },
  );

  it('comes in pages', async () => {
    const deliveries = scene.replica('a');
    await scene.raise('one', 1, 2, 3);
    const first = await deliveries.receipts('one', { after: 0, limit: 2 });
    expect({ seqs: first.items.map(({ seq }) => seq), next: first.next }).toEqual({ seqs: [1, 2], next: 2 });
    const second = await deliveries.receipts('one', { after: 2, limit: 2 });
    expect({ seqs: second.items.map(({ seq }) => seq), next: second.next }).toEqual({ seqs: [3], next: null });
  });
});
