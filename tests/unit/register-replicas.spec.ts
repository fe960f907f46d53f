import { describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '#libs/event-log';
import { Register, type Writer } from '#libs/register';
import { aMatter, enacted, establishes, extendsTo, forbears, noticed, ordered, reported } from '../support/matter.ts';

const by: Writer = { actor: 'key:one' };
const law = enacted('law', '2023-12-01', [establishes('duty')]);
const forbearance = ordered('pause', '2024-01-20', [
  forbears('the-pause', { enforcers: ['doj'], until: '2024-04-05' }),
]);
const extension = ordered('more', '2024-03-01', [extendsTo('the-pause', '2024-09-01')]);
const keyed = (body: unknown): Writer => ({
  ...by,
  idempotency: { key: 'k', path: '/v1/matters/matter/entries', body },
});

/** Two processes on one log; the second was told of nothing since it read the matter. */
async function replicas(): Promise<{ one: Register; other: Register; log: MemoryEventLog }> {
  const log = new MemoryEventLog();
  const register = (): Register => {
    const made = new Register({ log, now: () => Date.parse('2024-06-01T12:00:00Z') });
    made.live(true);
    return made;
  };
  const [one, other] = [register(), register()];
  await one.openMatter(aMatter(), by);
  await one.record('matter', law, by);
  await other.file('matter');
  return { one, other, log };
}

describe('a write of one replica, after a write of another that it was not told of', () => {
  it('is not refused for what the other one made', async () => {
    const { one, other } = await replicas();
    await one.record('matter', forbearance, by);
    expect((await other.record('matter', extension, by)).body).toMatchObject({ id: 'more', revision: 3 });
  });

  it('holds If-Match against the newest revision', async () => {
    const { one, other } = await replicas();
    await one.record('matter', forbearance, by);
    expect((await other.record('matter', extension, { ...by, ifMatch: 2 })).body.revision).toBe(3);
    await expect(one.record('matter', reported('r', '2024-02-01'), { ...by, ifMatch: 2 })).rejects.toMatchObject({
      rule: 'revision-conflict',
      revision: 3,
    });
  });

  it('is recognised as a repeat, by its id and by its key', async () => {
    const { one, other, log } = await replicas();
    const first = await one.record('matter', forbearance, by);
    expect(await other.record('matter', forbearance, by)).toEqual({ repeated: true, body: first.body });
    const nameless = noticed('', '2024-03-01');
    const { id: _, ...body } = nameless;
    const kept = await one.record('matter', body, keyed(body));
    expect(await other.record('matter', body, keyed(body))).toEqual({ repeated: true, body: kept.body });
    await expect(other.record('matter', { ...body, title: 'Other' }, keyed('other'))).rejects.toMatchObject({
      rule: 'idempotency-key-reused',
    });
    expect(await Array.fromAsync(log.readAll())).toHaveLength(4);
  });

  it('is refused when the log itself gives the reason', async () => {
    const { one, other } = await replicas();
    await one.record('matter', forbearance, by);
    const differs = { ...forbearance, title: 'Something else' };
    await expect(other.record('matter', differs, by)).rejects.toMatchObject({ rule: 'entry-differs' });
  });

  it('lets one of two be first when both record the same entry at once', async () => {
    const { one, other, log } = await replicas();
    for (let round = 0; round < 20; round += 1) {
      const same = reported(`same-${round}`, '2024-02-01');
      const both = await Promise.all([one.record('matter', same, by), other.record('matter', same, by)]);
      expect(both.map(({ repeated }) => repeated)).toEqual(expect.arrayContaining([false, true]));
      expect(both[0].body).toEqual(both[1].body);
    }
    expect(await Array.fromAsync(log.readAll())).toHaveLength(22);
  });
});
