import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { events, ids } from '../support/event-log.ts';
import { aSetting, type KurrentSetting } from '../support/kurrent-setting.ts';
import type { Fault } from '../support/kurrent-stand-in-faults.ts';

type Trouble = (server: KurrentSetting['server']) => Promise<void> | void;

function fault(name: Fault): [string, Trouble] {
  return [name, (server) => server.faults.next(name, 2)];
}

/** Makes subscriptions begin anew, so that what waits for one happens. */
function anew(name: Fault): [string, Trouble] {
  return [
    name,
    (server) => {
      server.faults.next(name, 2);
      server.breakReads();
    },
  ];
}

const troubles: [string, Trouble][] = [
  fault('silent-append'),
  fault('half-close-append'),
  fault('not-leader'),
  fault('wrong-version'),
  fault('wrong-version-after-write'),
  fault('lost-answer'),
  anew('not-leader-read'),
  anew('silent-read'),
  anew('break-subscription'),
  anew('end-subscription'),
  anew('stall-subscription'),
  ['a clean close', (server) => server.closeCleanly()],
  ['every event delivered twice', (server) => void (server.faults.duplicate = true)],
  ['answers that come late', (server) => slowly(server, 200, 2000)],
  ['answers that come too late', (server) => slowly(server, 600, 1500)],
  ['a server that is gone and comes back', restart],
  [
    'poison: a server that refuses to say what it supports when it comes back',
    (server) => {
      server.faults.next('poison', 3);
      return restart(server);
    },
  ],
];

it.each(troubles)('nothing is lost, doubled or left behind under %s', async (_, trouble) => {
  const { server, log, open } = await aSetting();
  const replica = await open();
  const stop = new AbortController();
  const [taken, takenThere]: [string[], string[]] = [[], []];
  const reached = { position: 0n };
  const projecting = [
    (async () => {
      for await (const message of log.follow({ signal: stop.signal })) {
        if (message.kind === 'event') taken.push(message.event.id);
      }
    })(),
    (async () => {
      for await (const message of replica.follow({ signal: stop.signal, filter: { streamPrefixes: ['matter-'] } })) {
        if (message.kind === 'event') takenThere.push(message.event.id);
        if (message.kind === 'caughtUp') reached.position = message.position;
      }
    })(),
  ];
  const acknowledged: string[] = [];
  const write = async (stream: string): Promise<void> => {
    const first = events(2);
    let { revision } = await log.append(stream, 'no-stream', first);
    acknowledged.push(...ids(first));
    for (let count = 0; count < 5; count += 1) {
      const batch = events(3);
      ({ revision } = await log.append(stream, { revision }, batch));
      acknowledged.push(...ids(batch));
    }
  };
  await write('matter-a');
  const troubling = trouble(server);
  await write('matter-b');
  await troubling;
  await write('matter-c');
  const head = await log.head();
  while (reached.position < head || taken.length < acknowledged.length) await pause(10);
  await pause(50);
  stop.abort();
  await Promise.all(projecting);
  expect(ids(await Array.fromAsync(replica.readAll()))).toEqual(acknowledged);
  expect([taken, takenThere]).toEqual([acknowledged, acknowledged]);
});

async function restart(server: KurrentSetting['server']): Promise<void> {
  server.kill();
  await pause(200);
  await server.start();
}

async function slowly(server: KurrentSetting['server'], ms: number, forMs: number): Promise<void> {
  server.faults.slowMs = ms;
  await pause(forMs);
  server.faults.slowMs = 0;
}
