import { Malformed } from '#libs/contract';
import {
  type Appended,
  type Expectation,
  LogUnavailable,
  MemoryEventLog,
  type NewEvent,
  uuidv7,
  WrongRevision,
} from '#libs/event-log';
import { Refusal } from '#libs/matter';
import { IdempotencyKeyReused, NotFound, Register, RevisionConflict, type Writer } from '#libs/register';
import {
  aMatter,
  enacted,
  establishes,
  forbears,
  noticed,
  party,
  reported,
  ruled,
  restrains,
} from '../support/matter.ts';

const by: Writer = { actor: 'key:one' };
const law = enacted('law', '2023-12-01', [establishes('duty')]);
const report = (id: string) => reported(id, '2024-02-01');
const keyed = (key: string, body: unknown, more: Partial<Writer> = {}): Writer => ({
  ...by,
  idempotency: { key, path: '/v1/matters/matter/entries', body },
  ...more,
});

const opening = (id: string): Writer => ({ ...by, idempotency: { key: 'k', path: '/v1/matters', body: { id } } });

const at = (log: MemoryEventLog): Register => new Register({ log, now: () => Date.parse('2024-06-01T12:00:00Z') });

async function opened(log = new MemoryEventLog()) {
  const register = at(log);
  await register.openMatter(aMatter(), by);
  await register.record('matter', law, by);
  return { log, register };
}

const error = (of: Promise<unknown>): Promise<unknown> =>
  of.then(
    () => undefined,
    (reason: unknown) => reason,
  );
const events = async (log: MemoryEventLog) => Array.fromAsync(log.readAll());

describe('what a write answers', () => {
  it('is the id, the event and its place in the record', async () => {
    const { register, log } = await opened();
    const { repeated, body } = await register.record('matter', report('one'), by);
    const [, , event] = await events(log);
    expect(repeated).toBe(false);
    expect(body).toEqual({
      id: 'one',
      eventId: event?.id,
      revision: 2,
      position: '3',
      recordedAt: event?.recordedAt,
      warnings: [],
    });
    expect(event).toMatchObject({
      stream: 'matter-matter',
      type: 'ReportPublished',
      schema: 1,
      meta: { actor: 'key:one' },
    });
  });

  it('names what the entry does in vain', async () => {
    const { register } = await opened();
    await register.record('matter', ruled('order', '2024-01-10', [restrains('ban', { until: '2024-02-01' })]), by);
    const lift = { kind: 'lifts', restraint: 'ban', how: 'dissolved', on: '2024-03-01' } as const;
    const { body } = await register.record('matter', ruled('lift', '2024-03-01', [lift]), by);
    expect(body.warnings).not.toEqual([]);
    expect((await register.record('matter', ruled('lift', '2024-03-01', [lift]), by)).body).toEqual(body);
  });

  it('makes an id for an entry without one', async () => {
    const { register } = await opened();
    const { id: _, ...nameless } = report('any');
    const { body } = await register.record('matter', nameless, by);
    expect(body.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('can be read at once', async () => {
    const { register } = await opened();
    register.live(true);
    await register.record('matter', report('one'), by);
    expect((await register.file('matter')).newest.revision).toBe(2);
  });
});

describe('a repeat', () => {
  it('of an entry, a party or an opening answers the first body', async () => {
    const { register, log } = await opened();
    const first = await register.record('matter', report('one'), by);
    const added = await register.addParty('matter', party('cargo', 'firms'), by);
    const before = (await events(log)).length;
    expect(await register.record('matter', report('one'), by)).toEqual({ repeated: true, body: first.body });
    expect(await register.addParty('matter', party('cargo', 'firms'), by)).toEqual({
      repeated: true,
      body: added.body,
    });
    expect(await register.openMatter(aMatter(), by)).toMatchObject({
      repeated: true,
      body: { id: 'matter', revision: 0 },
    });
    expect(await events(log)).toHaveLength(before);
  });

  it('of a party that the matter was opened with names the opening', async () => {
    const { register } = await opened();
    const written = await register.addParty('matter', party('acme', 'firms'), by);
    expect(written).toMatchObject({ repeated: true, body: { id: 'acme', revision: 0 } });
  });

  it('is judged before If-Match', async () => {
    const { register } = await opened();
    const first = await register.record('matter', report('one'), by);
    await register.record('matter', report('two'), by);
    const again = await register.record('matter', report('one'), { ...by, ifMatch: 1 });
    expect(again).toEqual({ repeated: true, body: first.body });
  });

  it('is known by its Idempotency-Key, even without an id and after a restart', async () => {
    const { register, log } = await opened();
    const { id: _, ...nameless } = report('any');
    const first = await register.record('matter', nameless, keyed('k', nameless));
    const later = at(log);
    expect(await later.record('matter', { ...nameless }, keyed('k', nameless))).toEqual({
      repeated: true,
      body: first.body,
    });
    expect(await later.record('matter', nameless, keyed('k', nameless, { ifMatch: 0 }))).toMatchObject({
      repeated: true,
    });
    expect(await events(log)).toHaveLength(3);
  });

  it('does not depend on the order of keys in the body', async () => {
    const { register } = await opened();
    const body = { reason: 'a slip', changes: { title: 'The law' } };
    const { changes, reason } = body;
    await register.correct('matter', 'law', body, keyed('k', body));
    expect(await register.correct('matter', 'law', body, keyed('k', { changes, reason }))).toMatchObject({
      repeated: true,
    });
  });

  it('of a correction answers the first body even when the entry could no longer take it', async () => {
    const { register } = await opened();
    const vote = { reason: 'the count', changes: { vote: { yes: 1 } } };
    const first = await register.correct('matter', 'law', vote, keyed('k', vote));
    await register.retract('matter', 'law', { reason: 'never' }, by);
    expect(await register.correct('matter', 'law', vote, keyed('k', vote))).toEqual({
      repeated: true,
      body: first.body,
    });
  });

  it('is another request when the key comes from another writer or on another path', async () => {
    const { register } = await opened();
    const { id: _, ...nameless } = report('any');
    await register.record('matter', nameless, keyed('k', nameless));
    const other = { ...keyed('k', nameless), actor: 'key:two' };
    expect(await register.record('matter', nameless, other)).toMatchObject({ repeated: false });
    const elsewhere: Writer = { ...by, idempotency: { key: 'k', path: '/elsewhere', body: nameless } };
    expect(await register.record('matter', nameless, elsewhere)).toMatchObject({ repeated: false });
  });

  it('leaves no key in the log', async () => {
    const { register, log } = await opened();
    await register.record('matter', report('one'), keyed('very-private-key', report('one')));
    expect(JSON.stringify((await events(log)).map(({ meta }) => meta))).not.toContain('very-private-key');
  });
});

describe('an Idempotency-Key with another body', () => {
  it('is refused', async () => {
    const { register, log } = await opened();
    await register.record('matter', report('one'), keyed('k', report('one')));
    const again = register.record('matter', report('two'), keyed('k', report('two')));
    await expect(again).rejects.toBeInstanceOf(IdempotencyKeyReused);
    expect(await events(log)).toHaveLength(3);
  });

  it('is refused for another matter too, also after a restart', async () => {
    const log = new MemoryEventLog();
    const first = await at(log).openMatter(aMatter({ id: 'one' }), opening('one'));
    expect(await at(log).openMatter(aMatter({ id: 'one' }), opening('one'))).toEqual({
      repeated: true,
      body: first.body,
    });
    const other = at(log).openMatter(aMatter({ id: 'two' }), opening('two'));
    await expect(other).rejects.toBeInstanceOf(IdempotencyKeyReused);
  });
});

describe('the order of the checks', () => {
  it('asks first whether the path exists', async () => {
    const { register } = await opened();
    const missing = [
      register.record('nothing', report('one'), by),
      register.addParty('nothing', party('x'), by),
      register.correct('nothing', 'law', { reason: 'x', changes: { title: 5 } }, by),
      register.record('Not A Slug', report('one'), by),
    ];
    for (const each of missing) expect(await error(each)).toMatchObject({ rule: 'unknown-matter' });
    const entry = register.correct('matter', 'no-entry', { reason: 'x', changes: { title: 5 } }, { ...by, ifMatch: 0 });
    expect(await error(entry)).toBeInstanceOf(NotFound);
    expect(await error(register.retract('matter', 'no-entry', { reason: 'x' }, by))).toMatchObject({
      rule: 'unknown-entry',
    });
  });

  it('reads the corrected entry before it asks for conflicts', async () => {
    const { register } = await opened();
    await register.retract('matter', 'law', { reason: 'never' }, by);
    const shape = register.correct('matter', 'law', { reason: 'x', changes: { occurredOn: 'yesterday' } }, by);
    expect(await error(shape)).toMatchObject({ errors: [{ pointer: '/changes/occurredOn' }] });
    const conflict = register.correct('matter', 'law', { reason: 'x', changes: { title: 'y' } }, { ...by, ifMatch: 0 });
    expect(await error(conflict)).toMatchObject({ rule: 'entry-retracted' });
  });

  it('asks for conflicts before If-Match, and for the rules after it', async () => {
    const { register, log } = await opened();
    const late: Writer = { ...by, ifMatch: 0 };
    const differs = { ...law, title: 'Other' };
    expect(await error(register.record('matter', differs, late))).toMatchObject({ rule: 'entry-differs' });
    const unruly = noticed('notice', '2024-02-02', [forbears('pause', { provisions: ['nothing'] })]);
    expect(await error(register.record('matter', unruly, late))).toMatchObject({
      rule: 'revision-conflict',
      revision: 1,
    });
    expect(await error(register.record('matter', unruly, by))).toMatchObject({ rule: 'unknown-provision' });
    expect(await events(log)).toHaveLength(2);
  });

  it('refuses to open a matter with other content', async () => {
    const { register } = await opened();
    const other = register.openMatter(aMatter({ title: 'Other' }), by);
    expect(await error(other)).toMatchObject({ rule: 'already-open' });
  });
});

describe('a correction', () => {
  it('must leave an entry, and says where it does not', async () => {
    const { register } = await opened();
    const changes = { effects: [{ ...establishes('duty'), force: 'soon' }], sources: null };
    const refused = await error(register.correct('matter', 'law', { reason: 'x', changes }, by));
    expect(refused).toBeInstanceOf(Malformed);
    const pointers = refused instanceof Malformed ? refused.errors.map(({ pointer }) => pointer) : [];
    expect(pointers).toContain('/changes/sources');
    expect(pointers.some((pointer) => pointer?.startsWith('/changes/effects/0/force'))).toBe(true);
  });

  it('cannot make another entry of it', async () => {
    const { register } = await opened();
    const changes = { id: 'other', type: 'RuleIssued' };
    const refused = await error(register.correct('matter', 'law', { reason: 'x', changes }, by));
    expect(refused).toMatchObject({ errors: [{ pointer: '/changes/id' }, { pointer: '/changes/type' }] });
  });

  it('is decided by every guard, with pointers into the changes', async () => {
    const { register } = await opened();
    const changes = { effects: [establishes('duty', { addressees: ['nobody'] })] };
    const refused = await error(register.correct('matter', 'law', { reason: 'x', changes }, by));
    expect(refused).toMatchObject({ rule: 'unknown-party', pointer: '/changes/effects/0/addressees/0' });
  });

  it('and a retraction answer with the id of the entry', async () => {
    const { register } = await opened();
    const corrected = await register.correct('matter', 'law', { reason: 'x', changes: { title: 'The law' } }, by);
    expect(corrected).toMatchObject({ repeated: false, body: { id: 'law', revision: 2 } });
    const retracted = await register.retract('matter', 'law', { reason: 'x' }, by);
    expect(retracted).toMatchObject({ repeated: false, body: { id: 'law', revision: 3 } });
    expect(await error(register.retract('matter', 'law', { reason: 'x' }, by))).toMatchObject({
      rule: 'entry-retracted',
    });
  });
});

describe('writers at the same time', () => {
  it.each(['one process', 'two processes'])(
    'with If-Match in %s: one wins, the other hears the revision',
    async (where) => {
      const { register, log } = await opened();
      const other = where === 'one process' ? register : at(log);
      await other.file('matter');
      const results = await Promise.allSettled([
        register.record('matter', report('one'), { ...by, ifMatch: 1 }),
        other.record('matter', report('two'), { ...by, ifMatch: 1 }),
      ]);
      const lost = results.find(({ status }) => status === 'rejected');
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(lost?.status === 'rejected' && lost.reason).toBeInstanceOf(RevisionConflict);
      expect(lost).toMatchObject({ reason: { revision: 2 } });
      expect(await events(log)).toHaveLength(3);
    },
  );

  it('without If-Match all land', async () => {
    const { log } = await opened();
    const [one, two] = [at(log), at(log)];
    const writes = Array.from({ length: 50 }, (_, n) => {
      return (n % 2 === 0 ? one : two).record('matter', report(`report-${n}`), by);
    });
    const written = await Promise.all(writes);
    expect(new Set(written.map(({ body }) => body.revision)).size).toBe(50);
    expect((await at(log).file('matter')).record.entries.size).toBe(51);
  });

  it('in one process take turns: none has to try again', async () => {
    const log = new (class extends MemoryEventLog {
      appends = 0;
      override append(stream: string, expectation: Expectation, batch: readonly NewEvent[]): Promise<Appended> {
        this.appends += 1;
        return super.append(stream, expectation, batch);
      }
    })();
    const { register } = await opened(log);
    await Promise.all(Array.from({ length: 50 }, (_, n) => register.record('matter', report(`report-${n}`), by)));
    expect(log.appends).toBe(52);
  });

  it('with the same entry make one event', async () => {
    const { register, log } = await opened();
    const other = at(log);
    const both = await Promise.all([register, other].map((each) => each.record('matter', report('one'), by)));
    expect(both.filter(({ repeated }) => repeated)).toHaveLength(1);
    expect(both[0]?.body).toEqual(both[1]?.body);
    expect(await events(log)).toHaveLength(3);
  });

  it('gives up at last when every race is lost', async () => {
    const log = new (class extends MemoryEventLog {
      refusing = false;
      override append(stream: string, expectation: Expectation, batch: readonly NewEvent[]): Promise<Appended> {
        if (this.refusing) return Promise.reject(new WrongRevision(stream, 99));
        return super.append(stream, expectation, batch);
      }
    })();
    const { register } = await opened(log);
    log.refusing = true;
    await expect(register.record('matter', report('one'), by)).rejects.toBeInstanceOf(LogUnavailable);
  });
});

describe('a log that fails', () => {
  /** Appends, and then says that it could not. */
  class DoubtfulLog extends MemoryEventLog {
    doubts = 0;
    override async append(stream: string, expectation: Expectation, batch: readonly NewEvent[]): Promise<Appended> {
      const appended = await super.append(stream, expectation, batch);
      if (this.doubts === 0) return appended;
      this.doubts -= 1;
      throw new LogUnavailable('The connection broke.');
    }
  }

  it('after it appended holds the event once, and the writer hears of it', async () => {
    const log = new DoubtfulLog();
    const { register } = await opened(log);
    log.doubts = 1;
    expect(await register.record('matter', report('one'), by)).toMatchObject({
      repeated: false,
      body: { revision: 2 },
    });
    expect(await events(log)).toHaveLength(3);
  });

  it('for long is reported, and the write can be repeated later', async () => {
    const log = new DoubtfulLog();
    const { register } = await opened(log);
    log.doubts = 2;
    await expect(register.record('matter', report('one'), by)).rejects.toBeInstanceOf(LogUnavailable);
    expect(await register.record('matter', report('one'), by)).toMatchObject({ repeated: true, body: { revision: 2 } });
  });

  it('refuses what is too large for it in our words', async () => {
    const { register } = await opened();
    const long = {
      ...report('long'),
      vote: Object.fromEntries(Array.from({ length: 6000 }, (_, n) => [`v${n}`, 'x'.repeat(200)])),
    };
    await expect(register.record('matter', long, by)).rejects.toBeInstanceOf(Malformed);
  });
});

it('makes event ids of its own', async () => {
  let made = 0;
  const newId = (): string => {
    made += 1;
    return uuidv7();
  };
  const register = new Register({ log: new MemoryEventLog(), now: Date.now, newId });
  await register.openMatter(aMatter(), by);
  expect(made).toBe(1);
  expect(await error(register.record('matter', { ...report('x'), type: 'CourtRuled' }, by))).toBeInstanceOf(Refusal);
});
