import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseFeed } from '@rowanmanning/feed-parser';
import ICAL from 'ical.js';
import { ADMIN, expectProblem, type Got, Service, withRecord } from '../support/api.ts';
import { entry, setsDeadline } from '../support/matter.ts';

let service: Service;
beforeAll(async () => {
  service = await Service.start({ env: { INFORCE_PUBLIC_URL: 'https://inforce.example/' } });
  await withRecord(service);
});
afterAll(() => service.stop());

function eventsOf({ text }: Got): ICAL.Component[] {
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent');
}

const uids = (got: Got): string[] => eventsOf(got).map((each) => String(each.getFirstPropertyValue('uid')));

describe('a calendar', () => {
  it('has the deadlines of a matter, as an independent parser reads it', async () => {
    const got = await service.ask('/v1/matters/matter/deadlines.ics?at=2025-02-01');
    expect(got.status).toBe(200);
    expect(got.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(got.headers.get('content-disposition')).toBe('inline; filename="matter-deadlines.ics"');
    expect(uids(got)).toContain('matter.the-forbearance.until@inforce');
    const pause = eventsOf(got).find((each) => String(each.getFirstPropertyValue('uid')).includes('forbearance'));
    expect(String(pause?.getFirstPropertyValue('dtstart'))).toBe('2025-04-05');
    expect(String(pause?.getFirstPropertyValue('url'))).toBe('https://inforce.example/v1/matters/matter/deadlines');
    const { body } = await service.ask('/v1/matters/matter/deadlines?at=2025-02-01');
    expect(String(pause?.getFirstPropertyValue('description'))).toContain(`As of ${body.clocks.knownAt}.`);
  });

  it('takes the filters of the list, and no pages', async () => {
    const { body } = await service.ask('/v1/deadlines?at=2025-02-01&state=scheduled');
    const got = await service.ask('/v1/deadlines.ics?at=2025-02-01&state=scheduled');
    const listed = body.items.map(({ id }: { id: string }) => `matter.${id}@inforce`);
    expect(uids(got).toSorted()).toEqual(listed.toSorted());
    expectProblem(await service.ask('/v1/deadlines.ics?limit=3'), 400, 'malformed');
    expectProblem(await service.ask('/v1/deadlines.ics?party=nobody'), 422, 'unknown-party');
    expectProblem(await service.ask('/v1/matters/no-such/deadlines.ics'), 404, 'unknown-matter');
  });

  it('has every deadline there is, however many pages that would be', async () => {
    for (const part of ['one', 'two']) {
      const effects = Array.from({ length: 120 }, (_, index) => setsDeadline(`d${index}-${part}`, '2031-01-01'));
      const rule = entry('RuleIssued', `many-${part}`, '2024-06-01', effects);
      const recorded = await service.post('/v1/matters/matter/entries', rule);
      if (recorded.status !== 201) throw new Error(recorded.text);
    }
    await service.settle();
    const got = await service.ask('/v1/deadlines.ics?from=2031-01-01&to=2031-01-01');
    expect(new Set(uids(got)).size).toBe(240);
    expect(uids(await service.ask('/v1/matters/matter/deadlines.ics')).length).toBeGreaterThanOrEqual(240);
  });

  it('keeps as cancelled what a retraction took out of the record, until something sets it again', async () => {
    const record = async (path: string, body: object) => {
      const got = await service.post(`/v1/matters/matter/entries${path}`, body);
      if (got.status !== 201) throw new Error(got.text);
      return String(got.body.recordedAt);
    };
    const due = setsDeadline('slip', '2032-05-01', { obligated: ['acme'] });
    const before = await record('', entry('RuleIssued', 'slip-rule', '2024-06-03', [due]));
    await record('/slip-rule/retraction', { reason: 'It was a draft.' });
    await service.settle();
    const slip = async (path: string): Promise<string | undefined> => {
      const found = eventsOf(await service.ask(path)).find((each) => String(each.getFirstPropertyValue('uid')) === uid);
      return (
        found && `${String(found.getFirstPropertyValue('status'))} ${String(found.getFirstPropertyValue('dtstart'))}`
      );
    };
    const uid = 'matter.slip@inforce';
    for (const base of ['/v1/matters/matter/deadlines.ics', '/v1/deadlines.ics']) {
      expect(await slip(base)).toBe('CANCELLED 2032-05-01');
      expect(await slip(`${base}?state=withdrawn&party=acme`)).toBe('CANCELLED 2032-05-01');
      expect(await slip(`${base}?state=scheduled`)).toBeUndefined();
      expect(await slip(`${base}?party=bolt`)).toBeUndefined();
      expect(await slip(`${base}?knownAt=${encodeURIComponent(before)}`)).toBe('CONFIRMED 2032-05-01');
    }
    expect(await slip('/v1/deadlines.ics?from=2032-05-01&to=2032-05-01')).toBe('CANCELLED 2032-05-01');
    expect(await slip('/v1/deadlines.ics?from=2032-05-02')).toBeUndefined();
    expect(await slip('/v1/deadlines.ics?jurisdiction=FR')).toBeUndefined();
    const { body } = await service.ask('/v1/matters/matter/deadlines');
    expect(body.items.map(({ id }: { id: string }) => id)).not.toContain('slip');
    await record('', entry('RuleIssued', 'slip-rule-2', '2024-06-04', [setsDeadline('slip', '2032-06-01')]));
    await service.settle();
    for (const base of ['/v1/matters/matter/deadlines.ics', '/v1/deadlines.ics'])
      expect(await slip(base)).toBe('CONFIRMED 2032-06-01');
  });

  it.each(['/v1/matters/matter/deadlines.ics', '/v1/deadlines.ics', '/v1/matters/matter/feed.atom'])(
    '%s is sent once to whoever has it already',
    async (path) => {
      const first = await service.ask(path);
      const etag = first.headers.get('etag') ?? '';
      const again = await service.ask(path, { headers: { 'if-none-match': etag } });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
      expect((await service.ask(path)).text).toBe(first.text);
    },
  );
});

describe('the feed of a matter', () => {
  it('has one entry for each event, as an independent parser reads it', async () => {
    const got = await service.ask('/v1/matters/matter/feed.atom');
    expect(got.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const history = await service.ask('/v1/matters/matter/history');
    const feed = parseFeed(got.text);
    expect(feed.items.map(({ id }) => id).toReversed()).toEqual(
      history.body.items.map(({ id }: { id: string }) => `urn:uuid:${id}`),
    );
    expect(feed.self).toBe('https://inforce.example/v1/matters/matter/feed.atom');
    expect(got.text).toContain(`as of ${history.body.clocks.knownAt}`);
  });

  it('is as it was known then', async () => {
    const history = await service.ask('/v1/matters/matter/history');
    const knownAt = encodeURIComponent(history.body.items[1].recordedAt);
    const feed = parseFeed((await service.ask(`/v1/matters/matter/feed.atom?knownAt=${knownAt}`)).text);
    expect(feed.items.length).toBeLessThan(history.body.items.length);
  });
});

describe('a private feed', () => {
  let locked: Service;
  beforeAll(async () => {
    locked = await Service.start({ env: { INFORCE_READ: 'key' } });
    await withRecord(locked);
  });
  afterAll(() => locked.stop());

  const paths = ['/v1/deadlines.ics', '/v1/matters/matter/deadlines.ics', '/v1/matters/matter/feed.atom'];
  const make = (key: string): Promise<Got> => locked.ask('/v1/feeds', { method: 'POST', key });

  it('needs a key, or a token in its address that reads feeds', async () => {
    for (const path of paths) expectProblem(await locked.ask(path), 401, 'unauthorized');
    const made = await make(locked.keys.subscriber);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      id: expect.any(String),
      url: `${locked.url}/v1/deadlines.ics?token=${made.body.token}`,
    });
    for (const path of paths) {
      expect((await locked.ask(`${path}?token=${made.body.token}`)).status).toBe(200);
      expect((await locked.ask(path, { key: locked.keys.auditor })).status).toBe(200);
    }
  });

  it('has a token that does nothing else', async () => {
    const { token } = (await make(locked.keys.subscriber)).body;
    expectProblem(await locked.ask(`/v1/matters?token=${token}`), 401, 'unauthorized');
    expectProblem(await locked.ask('/v1/matters', { key: token }), 403, 'forbidden');
    expectProblem(await locked.ask('/v1/feeds', { method: 'POST', key: token }), 403, 'forbidden');
    expectProblem(await locked.ask('/v1/matters', { method: 'POST', key: token, body: {} }), 403, 'forbidden');
    expectProblem(await locked.ask(`/v1/deadlines.ics?token=${locked.keys.recorder}`), 401, 'unauthorized');
    expectProblem(await locked.ask(`/v1/deadlines.ics?token=${token}x`), 401, 'unauthorized');
  });

  it('ends when its token is revoked, over HTTP or by the command line’s key revoke', async () => {
    const one = (await make(locked.keys.subscriber)).body;
    const revoked = await locked.ask(`/v1/feeds/${one.id}`, { method: 'DELETE', key: locked.keys.subscriber });
    expect(revoked.status).toBe(204);
    expectProblem(await locked.ask(`/v1/deadlines.ics?token=${one.token}`), 401, 'unauthorized');
    const again = await locked.ask(`/v1/feeds/${one.id}`, { method: 'DELETE', key: locked.keys.subscriber });
    expectProblem(again, 404, 'not-found');
    const other = (await make(locked.keys.subscriber)).body;
    locked.server.parts.keys.revoke(other.id);
    expectProblem(await locked.ask(`/v1/deadlines.ics?token=${other.token}`), 401, 'unauthorized');
  });

  it('ends with the key that made it', async () => {
    const key = locked.server.parts.keys.create({ name: 'leaver', roles: ['recorder'] });
    const { token } = (await make(key.key)).body;
    expect((await locked.ask(`/v1/deadlines.ics?token=${token}`)).status).toBe(200);
    locked.server.parts.keys.revoke(key.id);
    expectProblem(await locked.ask(`/v1/deadlines.ics?token=${token}`), 401, 'unauthorized');
  });

  it('is one’s own: others neither see nor revoke it, but the admin may', async () => {
    const { id } = (await make(locked.keys.recorder)).body;
    const mine = await locked.ask('/v1/feeds', { key: locked.keys.recorder });
    expect(mine.body.items).toEqual([{ id, createdAt: expect.any(String), revokedAt: null }]);
    expect((await locked.ask('/v1/feeds', { key: locked.keys.auditor })).body.items).toEqual([]);
    expectProblem(
      await locked.ask(`/v1/feeds/${id}`, { method: 'DELETE', key: locked.keys.auditor }),
      404,
      'not-found',
    );
    expect((await locked.ask(`/v1/feeds/${id}`, { method: 'DELETE', key: ADMIN })).status).toBe(204);
  });

  it('needs a key to be made, and takes no wishes', async () => {
    expectProblem(await locked.ask('/v1/feeds', { method: 'POST' }), 401, 'unauthorized');
    const wishful = await locked.ask('/v1/feeds', {
      method: 'POST',
      key: locked.keys.recorder,
      body: { scope: 'all' },
    });
    expectProblem(wishful, 400, 'malformed');
  });

  it('leaves its token in no log and in no problem', async () => {
    const { token } = (await make(locked.keys.subscriber)).body;
    await locked.ask(`/v1/deadlines.ics?token=${token}&limit=3`);
    const refused = await locked.ask(`/v1/deadlines.ics?token=${token}&limit=3`);
    expectProblem(refused, 400, 'malformed');
    expect(refused.text).not.toContain(token);
    await locked.ask(`/v1/matters/no-such/feed.atom?token=${token}`);
    expect(locked.logged.length).toBeGreaterThan(0);
    expect(JSON.stringify(locked.logged)).not.toContain(token);
  });
});
