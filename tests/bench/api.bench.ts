// The service as it is built, in processes of its own, over HTTP.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { ADMIN, aLogOf, Listener, median, quantile } from '../support/api-bench.ts';
import { EventClient } from '../support/api-stream.ts';

interface BenchResult {
  readonly name: string;
  readonly what: string;
  readonly against: string;
  readonly ratio: number;
  readonly aim: number;
  readonly ok: boolean;
  readonly detail: string;
}

const STATUS = '/v1/matters/us-tiktok/status?at=2025-02-01&party=apple';
const CONNECTIONS = 64;
const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };

export async function statusHot(): Promise<BenchResult> {
  return inDirectory(async (directory) => {
    const service = await Listener.service(join(directory, 'data'));
    const file = join(directory, 'status.json');
    await writeFile(file, await (await fetch(`${service.url}${STATUS}`)).text());
    const bare = await Listener.bare(file);
    await Promise.all([perSecond(service, 1), perSecond(bare, 1)]);
    const [hot, plain]: [number[], number[]] = [[], []];
    for (let round = 0; round < 5; round += 1) {
      hot.push(await perSecond(service, 3));
      plain.push(await perSecond(bare, 3));
    }
    await Promise.all([service.stop(), bare.stop()]);
    const ratio = median(hot.map((rate, round) => rate / (plain[round] ?? Number.NaN)));
    return {
      name: 'status-hot',
      what: `GET status from a ready answer, ${CONNECTIONS} connections`,
      against: 'a bare Fastify route that sends the same bytes',
      ratio,
      aim: 0.8,
      ok: ratio >= 0.8,
      detail: `${median(hot).toFixed(0)} requests/s against ${median(plain).toFixed(0)}`,
    };
  });
}

/** How long a write takes to be seen, by one writer after the other. */
export async function live(): Promise<BenchResult> {
  return inDirectory(async (directory) => {
    const service = await Listener.service(directory);
    const client = await EventClient.open(`${service.url}/v1/matters/us-tiktok/events`);
    const [acknowledged, inView, atClient]: [number[], number[], number[]] = [[], [], []];
    for (let index = 0; index < 300; index += 1) {
      const began = performance.now();
      const heard = hears(client, index + 1).then(() => atClient.push(performance.now() - began));
      const position = await record(service.url, index);
      acknowledged.push(performance.now() - began);
      await timedGet(`${service.url}/v1/matters?limit=1&minPosition=${position}`);
      inView.push(performance.now() - began);
      await heard;
    }
    client.close();
    await service.stop();
    const ratio = quantile(atClient, 0.5) / quantile(acknowledged, 0.5);
    return {
      name: 'live',
      what: 'from sending a write to its event at an SSE client, p50',
      against: 'from sending it to its acknowledgement, p50',
      ratio,
      aim: 2,
      ok: ratio <= 2,
      detail: `p50 / p99: acknowledged ${spread(acknowledged)}, in a view’s answer ${spread(inView)}, at the client ${spread(atClient)}`,
    };
  });
}

export async function start(): Promise<BenchResult> {
  return inDirectory(async (directory) => {
    const log = join(directory, 'large.db');
    await aLogOf(log, 10_000);
    const times = { fresh: [] as number[], small: [] as number[], large: [] as number[], rebuilt: [] as number[] };
    await startTime(join(directory, 'warm'));
    for (let round = 0; round < 3; round += 1) {
      const [small, large] = [join(directory, `small-${round}`), join(directory, `large-${round}`)];
      times.fresh.push(await startTime(small));
      times.small.push(await startTime(small));
      times.rebuilt.push(await startTime(large, { INFORCE_LOG: `sqlite:${log}` }));
      times.large.push(await startTime(large, { INFORCE_LOG: `sqlite:${log}` }));
    }
    const ratio = median(times.large) / median(times.small);
    return {
      name: 'start',
      what: 'from spawning the server to ready, with a log of 10,000 events',
      against: 'the same with the two bundled matters',
      ratio,
      aim: 1.5,
      ok: ratio <= 1.5,
      detail: `${typical(times.large)} against ${typical(times.small)}; ${typical(times.fresh)} when it loads both matters first, ${typical(times.rebuilt)} when it builds the views of 10,000 events`,
    };
  });
}

async function startTime(data: string, environment: Readonly<Record<string, string>> = {}): Promise<number> {
  const service = await Listener.service(data, environment);
  await service.stop();
  return service.took;
}

const typical = (values: readonly number[]): string => `${median(values).toFixed(0)} ms`;

function spread(values: readonly number[]): string {
  return `${median(values).toFixed(1)} / ${quantile(values, 0.99).toFixed(1)} ms`;
}

export async function growthStatus(): Promise<readonly BenchResult[]> {
  return inDirectory(async (directory) => {
    const [few, many] = [await grown(directory, 10_000), await grown(directory, 1_000_000)];
    const hot: [number[], number[]] = [[], []];
    const cold: [number[], number[]] = [[], []];
    for (let round = 0; round < 4; round += 1) {
      for (const [index, service] of [few, many].entries()) {
        hot[index]?.push(1000 / (await perSecond(service, 2)));
        cold[index]?.push(await coldStatus(service, round));
      }
    }
    await Promise.all([few.stop(), many.stop()]);
    return [grew('hot', hot), grew('cold', cold)];
  });
}

function grew(kind: string, [few, many]: readonly [readonly number[], readonly number[]]): BenchResult {
  const ratio = median(many) / median(few);
  return {
    name: `growth-status-${kind}`,
    what: `ms for a ${kind} status with 1,000,000 events`,
    against: 'the same with 10,000 events',
    ratio,
    aim: 1.2,
    ok: ratio <= 1.2,
    detail: `${median(many).toFixed(3)} ms against ${median(few).toFixed(3)} ms`,
  };
}

async function grown(directory: string, events: number): Promise<Listener> {
  const file = join(directory, `${events}.db`);
  await aLogOf(file, events);
  return Listener.service(join(directory, String(events)), { INFORCE_LOG: `sqlite:${file}` });
}

/** Of questions that nobody asked before: the median of a hundred. */
async function coldStatus({ url }: Listener, round: number): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < 100; index += 1) {
    const at = new Date(Date.UTC(2020, 0, 1 + round * 100 + index)).toISOString().slice(0, 10);
    times.push(await timedGet(`${url}/v1/matters/us-tiktok/status?at=${at}`));
  }
  return median(times);
}

async function perSecond({ url }: Listener, seconds: number): Promise<number> {
  const result = await autocannon({ url: `${url}${STATUS}`, connections: CONNECTIONS, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return result.requests.average;
}

async function record(url: string, index: number): Promise<string> {
  const title = `Report ${index}`;
  const sources = [{ title, publisher: 'The Paper', evidence: 'press' }];
  const author = { kind: 'press', name: 'The Paper' };
  const body = {
    id: `live-${index}`,
    type: 'ReportPublished',
    occurredOn: '2025-02-01',
    title,
    author,
    sources,
    effects: [],
  };
  const request = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${url}/v1/matters/us-tiktok/entries`, request);
  const receipt: unknown = await response.json();
  if (response.status !== 201) throw new Error(JSON.stringify(receipt));
  return typeof receipt === 'object' && receipt !== null ? String(Reflect.get(receipt, 'position')) : '';
}

/** When the client has so many events; without a timer's grain. */
async function hears({ messages, response }: EventClient, count: number): Promise<void> {
  while (messages.length < count) await new Promise((resolve) => response.once('data', resolve));
}

const agent = new Agent({ keepAlive: true });

async function timedGet(url: string): Promise<number> {
  const began = performance.now();
  await new Promise<void>((resolve, reject) => {
    const sent = get(url, { agent, headers: { authorization: headers.authorization } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
      response.resume().on('end', resolve);
    });
    sent.on('error', reject);
  });
  return performance.now() - began;
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'inforce-bench-'));
  try {
    return await work(directory);
  } finally {
    await Listener.stopAll();
    await rm(directory, { recursive: true, force: true });
  }
}
