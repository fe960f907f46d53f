// Live events to a thousand clients of one process, against a bare Node server that writes the same bytes to as many.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN, Listener, median, quantile } from '../support/api-bench.ts';
import { EventClient } from '../support/api-stream.ts';
import { Crowd } from '../support/sse-crowd.ts';

const [CLIENTS, ROUNDS] = [1000, 60];
const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };

export async function sseFanout() {
  const directory = await mkdtemp(join(tmpdir(), 'inforce-bench-'));
  try {
    const service = await Listener.service(directory);
    const bare = await Listener.start([join(import.meta.dirname, '../support/sse-bare.ts')], {});
    const probe = await EventClient.open(`${service.url}/v1/events`);
    const before = await residentBytes(service);
    const ours = await Crowd.of(CLIENTS, `${service.url}/v1/events`);
    const theirs = await Crowd.of(CLIENTS, `${bare.url}/`);
    const held = (await residentBytes(service)) - before;
    const [live, plain]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      live.push(await served(service.url, ours, round));
      await probe.until(round + 1);
      plain.push(await sent(bare.url, theirs, round, frameOf(probe)));
    }
    const ratio = median(live) / median(plain);
    for (const crowd of [ours, theirs]) crowd.leave();
    probe.close();
    return {
      name: 'sse-fanout',
      what: `from an event's recordedAt, before it is on disk, to the last of ${CLIENTS} SSE clients, p50`,
      against: `a bare Node server: from before its first write of the same bytes to the last of ${CLIENTS}, p50`,
      ratio,
      aim: 2,
      ok: ratio <= 2,
      detail: `p50 / p99: ${spread(live)} against ${spread(plain)}; ${(held / CLIENTS / 1024).toFixed(1)} KiB of resident memory a client`,
    };
  } finally {
    await Listener.stopAll();
    await rm(directory, { recursive: true, force: true });
  }
}

async function served(url: string, crowd: Crowd, round: number): Promise<number> {
  const title = `Fan-out ${round}.`;
  const sources = [{ title, publisher: 'The Paper', evidence: 'press' }];
  const author = { kind: 'press', name: 'The Paper' };
  const content = { id: `fanout-${round}`, type: 'ReportPublished', occurredOn: '2025-02-01', title, author, sources };
  const last = crowd.hears(`"id":"fanout-${round}"`);
  const body = JSON.stringify({ ...content, effects: [] });
  const response = await fetch(`${url}/v1/matters/us-tiktok/entries`, { method: 'POST', headers, body });
  const receipt: unknown = await response.json();
  if (response.status !== 201) throw new Error(JSON.stringify(receipt));
  return (await last) - Date.parse(String(Object(receipt).recordedAt));
}

async function sent(url: string, crowd: Crowd, round: number, frame: string): Promise<number> {
  const last = crowd.hears(`"id":"fanout-${round}"`);
  const response = await fetch(url, { method: 'POST', body: frame });
  const began = Number(await response.text());
  return (await last) - began;
}

function frameOf({ messages }: EventClient): string {
  const { id = '', data = {} } = messages.at(-1) ?? {};
  return `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function residentBytes({ url }: Listener): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`, { headers })).text();
  return Number(/^inforce_process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
}

function spread(values: readonly number[]): string {
  return `${median(values).toFixed(1)} / ${quantile(values, 0.99).toFixed(1)} ms`;
}
