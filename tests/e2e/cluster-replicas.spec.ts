import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, law, pause, type Service } from '../support/api.ts';
import { aDirectory, ServiceProcess } from '../support/api-process.ts';
import { EventClient } from '../support/api-stream.ts';
import { aMatter, reported } from '../support/matter.ts';
import { Replicas } from '../support/replicas.ts';

let replicas: Replicas;
let one: Service;
let other: Service;
beforeEach(async () => {
  replicas = await Replicas.on();
  [one, other] = await Promise.all([replicas.start(), replicas.start()]);
});
afterEach(() => replicas.end());

const entries = '/v1/matters/matter/entries';
const by = (key: string) => ({ 'idempotency-key': key });

async function admin(service: Service, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return service.ask(path, { method: 'POST', key: ADMIN, body, headers });
}

describe('two replicas', () => {
  it('answer alike what either of them recorded, once asked for its position', async () => {
    await admin(one, '/v1/matters', aMatter());
    await admin(other, entries, law);
    const { position, recordedAt } = (await admin(one, entries, pause)).body;
    const asked = [
      `/v1/matters/matter/status?at=2025-02-01&minPosition=${position}`,
      `/v1/matters/matter/timeline?minPosition=${position}`,
      `/v1/matters?minPosition=${position}`,
      `/v1/deadlines?at=2025-02-01&minPosition=${position}`,
      `${entries}/the-pause?minPosition=${position}`,
      // Without knownAt it would be when the newest event was recorded, and replicas record events of their own.
      `/v1/log?knownAt=${recordedAt}`,
    ];
    for (const path of asked) {
      const [mine, theirs] = await Promise.all([one.ask(path), other.ask(path)]);
      expect([mine.status, theirs.status]).toEqual([200, 200]);
      expect(theirs.body).toEqual(mine.body);
    }
    const status = await other.ask(`/v1/matters/matter/status?at=2025-02-01&minPosition=${position}`);
    expect(status.body.headline.code).toBe('partly');
  });

  it('answer from the cache what did not change, and not what the other one changed', async () => {
    await admin(one, '/v1/matters', aMatter());
    await admin(one, entries, law);
    const path = '/v1/matters/matter/status?at=2025-02-01';
    for (let round = 0; round < 10; round += 1) {
      const before = await other.ask(path);
      const { position } = (await admin(one, entries, reported(`report-${round}`, '2024-02-01'))).body;
      expect((await other.ask(`/v1/search?q=x&minPosition=${position}`)).status).toBe(200);
      const after = await other.ask(path);
      expect(after.body.position).toBe(position);
      expect(before.body.position).not.toBe(position);
    }
  });

  it('record an entry once when both are given it at the same time', async () => {
    await admin(one, '/v1/matters', aMatter());
    for (let round = 0; round < 10; round += 1) {
      const same = reported(`same-${round}`, '2024-02-01');
      const both = await Promise.all([admin(one, entries, same), admin(other, entries, same)]);
      expect(both.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 201]));
      expect(both[0].body).toEqual(both[1].body);
    }
    expect((await one.ask('/v1/log?limit=100')).body.items).toHaveLength(11);
  });

  it('know the same Idempotency-Key, on a matter and on its opening', async () => {
    const opened = await admin(one, '/v1/matters', aMatter(), by('opening'));
    const again = await admin(other, '/v1/matters', aMatter(), by('opening'));
    expect([opened.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(opened.body);
    const { id: _, ...nameless } = reported('nameless', '2024-02-01');
    const first = await admin(one, entries, nameless, by('k'));
    const second = await admin(other, entries, nameless, by('k'));
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect((await admin(other, entries, { ...nameless, title: 'Other' }, by('k'))).body.rule).toBe(
      'idempotency-key-reused',
    );
    const both = await Promise.all([one, other].map((each) => admin(each, entries, nameless, by('at-once'))));
    expect(both.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 201]));
    expect(both[0]?.body).toEqual(both[1]?.body);
  });

  it('stream what the other one records, and go on from Last-Event-ID on either', async () => {
    await admin(one, '/v1/matters', aMatter());
    const stream = await EventClient.open(`${other.url}/v1/events?after=0`);
    for (let round = 0; round < 5; round += 1) await admin(one, entries, reported(`r-${round}`, '2024-02-01'));
    const events = await stream.until(6);
    stream.close();
    expect(events.map(({ data }) => data.type)).toEqual(['MatterOpened', ...Array(5).fill('ReportPublished')]);
    const rest = await EventClient.open(`${one.url}/v1/events`, { 'last-event-id': events[3]?.id ?? '' });
    expect((await rest.until(2)).map(({ data }) => data)).toEqual(events.slice(4).map(({ data }) => data));
    rest.close();
  });

  it('follow the cluster once, however many clients listen', async () => {
    await admin(one, '/v1/matters', aMatter());
    const first = await EventClient.open(`${other.url}/v1/events?after=0`);
    await first.until(1);
    const before = replicas.server.subscriptions;
    const clients = await Promise.all(
      Array.from({ length: 20 }, async () => EventClient.open(`${other.url}/v1/events?after=0`)),
    );
    await admin(one, entries, reported('heard-by-all', '2024-02-01'));
    for (const client of clients) expect((await client.until(2)).map(({ data }) => data.revision)).toEqual([0, 1]);
    expect(replicas.server.subscriptions).toBe(before);
    first.close();
    for (const client of clients) client.close();
  });

  it('go on when one is killed, which catches up when it is started again', async () => {
    const { path, remove } = await aDirectory();
    const environment = { INFORCE_LOG: replicas.log };
    const third = await ServiceProcess.listening(path, environment);
    const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
    const opened = await fetch(`${third.url}/v1/matters`, { method: 'POST', headers, body: JSON.stringify(aMatter()) });
    expect(opened.status).toBe(201);
    third.kill('SIGKILL');
    await third.ended;
    const { position } = (await admin(other, entries, law)).body;
    const again = await ServiceProcess.listening(path, environment);
    const status = await fetch(`${again.url}/v1/matters/matter/status?at=2025-01-01&minPosition=${position}`);
    expect(await status.json()).toMatchObject({ headline: { code: 'in-force-and-enforceable' }, position });
    expect(await again.stop()).toBe(0);
    await remove();
  });

  it('know the keys of one file that both are given', async () => {
    const { path, remove } = await aDirectory();
    const keys = { INFORCE_KEYS: `${path}/keys.db` };
    const [third, fourth] = [await replicas.start(keys), await replicas.start(keys)];
    await admin(third, '/v1/matters', aMatter());
    const entry = reported('by-a-key', '2024-02-01');
    const key = third.keys.recorder;
    expect((await fourth.ask(entries, { method: 'POST', key, body: entry })).status).toBe(201);
    expect((await one.ask(entries, { method: 'POST', key, body: entry })).status).toBe(401);
    await remove();
  });

  it('load the bundled datasets once, when they start on an empty log together', async () => {
    const fresh = await Replicas.on();
    const both = await Promise.all([1, 2].map(() => fresh.start({ INFORCE_DATASETS: 'bundled' })));
    const logs = await Promise.all(both.map((each) => each.ask('/v1/log?limit=1000')));
    expect(logs[0]?.body.items).toHaveLength(72);
    expect(logs[1]?.body.items).toEqual(logs[0]?.body.items);
    await fresh.end();
  });
});
