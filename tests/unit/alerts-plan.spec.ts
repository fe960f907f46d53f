import { beforeEach, describe, expect, it } from '@jest/globals';
import { AlertEngine, type PlannedAlert, type Watch, type WatchWish } from '#libs/alerts';
import type { RecordedEvent } from '#libs/event-log';
import { Chronicle, webhook } from '../support/alerts.ts';
import {
  aMatter,
  classOf,
  closesDeadline,
  commences,
  enacted,
  ends,
  establishes,
  extendsTo,
  filed,
  forbears,
  issued,
  lifts,
  movesDeadline,
  ordered,
  party,
  postpones,
  reported,
  restrains,
  ruled,
  satisfies,
  setsDeadline,
} from '../support/matter.ts';

const START = '2025-03-01T17:00:00Z';
let chronicle: Chronicle;

beforeEach(async () => {
  chronicle = await Chronicle.of(START);
});

/** Kind, lead and deadline of each alert. */
function told(alerts: readonly PlannedAlert[], watch?: { readonly id: string }): readonly string[] {
  return alerts
    .filter((alert) => !watch || alert.watch === watch.id)
    .map(({ type, lead, deadline }) => {
      const id: unknown = typeof deadline === 'object' && deadline ? Reflect.get(deadline, 'id') : undefined;
      return [type, lead, id].filter(Boolean).join(' ');
    });
}

const of = (alerts: readonly PlannedAlert[], type: string): readonly PlannedAlert[] =>
  alerts.filter((alert) => alert.type === type);

/** A duty of `firms` in force since 2024, and a deadline for `acme` on 1 June 2025. */
async function aDuty(): Promise<void> {
  await chronicle.records(enacted('law', '2024-01-01', [establishes('duty')]));
  await chronicle.records(enacted('rule', '2025-03-01', [setsDeadline('report', '2025-06-01', { provision: 'duty' })]));
}

describe('a reminder', () => {
  it('comes at the hour and in the zone of the watcher, while the due date stays where the law is', async () => {
    const tokyo = await chronicle.watch({ timeZone: 'Asia/Tokyo', at: '08:30', leads: ['P7D', 'P0D'] });
    const kiritimati = await chronicle.watch({ timeZone: 'Pacific/Kiritimati', at: '23:00', leads: ['P1M'] });
    await aDuty();
    const alerts = of(await chronicle.planned('2025-06-30T00:00:00Z'), 'deadline-reminder');
    expect(alerts.map(({ watch, lead, dueAt }) => [watch, lead, dueAt])).toEqual([
      [kiritimati.id, 'P1M', '2025-05-01T09:00:00.000Z'],
      [tokyo.id, 'P7D', '2025-05-24T23:30:00.000Z'],
      [tokyo.id, 'P0D', '2025-05-31T23:30:00.000Z'],
    ]);
    expect(alerts[0]?.deadline).toMatchObject({ due: { date: '2025-06-01', timeZone: 'America/New_York' } });
  });

  it('keeps its hour when the clocks change', async () => {
    await chronicle.watch({ leads: ['P1W', 'P0D'] });
    await chronicle.records(issued('rule', '2025-03-01', [setsDeadline('report', '2025-03-12')]));
    const alerts = of(await chronicle.planned('2025-06-30T00:00:00Z'), 'deadline-reminder');
    expect(alerts.map(({ dueAt }) => dueAt)).toEqual(['2025-03-05T14:00:00.000Z', '2025-03-12T13:00:00.000Z']);
  });

  it('of a deadline that first appears inside the ladder comes once, at once', async () => {
    const watch = await chronicle.watch();
    await chronicle.records(issued('rule', '2025-03-01', [setsDeadline('report', '2025-03-05')]));
    const alerts = await chronicle.planned('2025-04-01T00:00:00Z');
    expect(told(alerts, watch)).toEqual([
      'deadline-set report',
      'deadline-reminder P7D report',
      'deadline-reminder P1D report',
      'deadline-reminder P0D report',
      'deadline-closed report',
    ]);
    expect(alerts[1]).toMatchObject({ dueAt: '2025-03-01T17:00:00.000Z', text: 'report: due 2025-03-05, in 4 days.' });
  });

  it('does not come for what was there before the watch, but for the rungs still ahead', async () => {
    await chronicle.records(issued('rule', '2025-03-01', [setsDeadline('report', '2025-03-05')]));
    chronicle.at('2025-03-02T17:00:00Z');
    const watch = await chronicle.watch();
    expect(told(await chronicle.planned('2025-03-05T15:00:00Z'), watch)).toEqual([
      'deadline-reminder P1D report',
      'deadline-reminder P0D report',
    ]);
  });

  it('never comes for a deadline that waits for something, nor for one that has an estimate only', async () => {
    await chronicle.watch();
    const basis = { contingent: 'the merger closes', condition: 'merger', estimate: '2025-03-20' };
    await chronicle.records(issued('rule', '2025-03-01', [setsDeadline('report', basis)]));
    const alerts = await chronicle.planned('2025-12-01T00:00:00Z');
    expect(told(alerts)).toEqual(['deadline-set report']);
    expect(alerts[0]?.text).toBe('New deadline: report, on a day not known yet (the merger closes).');
    chronicle.at('2025-04-01T12:00:00Z');
    await chronicle.records(filed('closing', '2025-04-01', [satisfies('merger', '2025-04-08')]));
    expect(told(await chronicle.planned('2025-05-01T00:00:00Z')).slice(1)).toEqual([
      'deadline-set report',
      'deadline-reminder P30D report',
      'deadline-reminder P7D report',
      'deadline-reminder P1D report',
      'deadline-reminder P0D report',
      'deadline-closed report',
    ]);
  });

  it('comes once for each date and lead, also when a deadline is moved away and back', async () => {
    await chronicle.watch({ leads: ['P30D'] });
    await aDuty();
    chronicle.at('2025-05-03T12:00:00Z');
    await chronicle.records(enacted('later', '2025-05-03', [movesDeadline('report', '2025-09-01')]));
    await chronicle.records(enacted('back', '2025-05-03', [movesDeadline('report', '2025-06-01')], { order: 1 }));
    const reminders = of(await chronicle.planned('2025-07-01T00:00:00Z'), 'deadline-reminder');
    expect(new Set(reminders.map(({ id }) => id)).size).toBe(1);
  });
});

describe('a deadline', () => {
  it('that moves says from where, to where and by what, and which reminders are cancelled', async () => {
    const watch = await chronicle.watch({ leads: ['P30D', 'P7D'] });
    await aDuty();
    chronicle.at('2025-05-10T12:00:00Z');
    await chronicle.records(enacted('delay', '2025-05-10', [movesDeadline('report', '2025-09-01')]));
    const alerts = await chronicle.planned('2025-05-11T00:00:00Z');
    expect(told(alerts, watch)).toEqual([
      'status-changed',
      'deadline-set report',
      'deadline-reminder P30D report',
      'deadline-moved report',
    ]);
    expect(alerts.at(-1)).toMatchObject({
      entry: 'delay',
      before: { due: { date: '2025-06-01' }, cancelled: [{ lead: 'P7D', at: '2025-05-25T09:00:00-04:00' }] },
      after: { due: { date: '2025-09-01' }, state: 'extended' },
      text: 'report: moved from 2025-06-01 to 2025-09-01, by “delay”; cancelled: the reminder P7D on 2025-05-25T09:00:00-04:00.',
    });
  });

  it('that is met says so, and by what; no reminder comes after that', async () => {
    const watch = await chronicle.watch();
    await aDuty();
    chronicle.at('2025-05-10T12:00:00Z');
    await chronicle.records(filed('filing', '2025-05-10', [closesDeadline('report', 'met')]));
    const alerts = await chronicle.planned('2025-07-01T00:00:00Z');
    expect(told(alerts, watch).at(-1)).toBe('deadline-closed report');
    expect(alerts.at(-1)).toMatchObject({ after: { how: 'met', by: 'filing', late: false } });
    expect(alerts.at(-1)?.text).toMatch(
      /^report \(due 2025-06-01\): met, by “filing”; cancelled: the reminders P7D on/,
    );
  });

  it('that is met after it was due was lapsed before, and is told as late', async () => {
    const watch = await chronicle.watch({ filter: { kinds: ['deadline-closed'] } });
    await aDuty();
    chronicle.at('2025-06-05T12:00:00Z');
    await chronicle.records(filed('filing', '2025-06-05', [closesDeadline('report', 'met')]));
    const closed = of(await chronicle.planned(), 'deadline-closed').filter((alert) => alert.watch === watch.id);
    expect(closed.map(({ dueAt, entry, after }) => [dueAt, entry, after])).toEqual([
      ['2025-06-02T04:00:00.000Z', null, expect.objectContaining({ how: 'lapsed' })],
      ['2025-06-05T12:00:00.000Z', 'filing', expect.objectContaining({ how: 'met', late: true })],
    ]);
  });

  it('whose provision is vacated is closed as vacated, never as met, and no reminder comes after that', async () => {
    const watch = await chronicle.watch();
    await aDuty();
    chronicle.at('2025-05-10T12:00:00Z');
    await chronicle.records(ruled('ruling', '2025-05-10', [ends('duty', 'vacated', { ending: 'vacatur' })]));
    const alerts = await chronicle.planned('2025-07-01T00:00:00Z');
    const after = alerts.filter(({ dueAt }) => dueAt >= '2025-05-10T12');
    expect(told(after, watch)).toEqual(['status-changed', 'deadline-closed report']);
    expect(after[1]).toMatchObject({ entry: 'ruling', after: { how: 'vacated', state: 'vacated' } });
    expect(after[1]?.text).not.toMatch(/\bmet\b/);
  });

  it('of a repealed provision is moot, one that is taken back is withdrawn, one that is not met lapses', async () => {
    await chronicle.watch({ filter: { kinds: ['deadline-closed'] } });
    await aDuty();
    await chronicle.records(issued('rule-2', '2025-03-01', [setsDeadline('plan', '2025-07-01')]));
    await chronicle.records(
      issued('rule-3', '2025-03-01', [setsDeadline('hearing', '2025-04-01', { deadlineKind: 'comment-close' })]),
    );
    await chronicle.records(issued('rule-4', '2025-03-01', [setsDeadline('letter', '2025-04-02')]));
    chronicle.at('2025-05-10T12:00:00Z');
    await chronicle.records(enacted('repeal', '2025-05-10', [ends('duty', 'repealed')]));
    await chronicle.records(issued('mercy', '2025-05-10', [closesDeadline('plan', 'withdrawn')]));
    const closed = await chronicle.planned('2025-08-01T00:00:00Z');
    expect(closed.map(({ deadline, after }) => [deadline, after])).toEqual([
      [expect.objectContaining({ id: 'hearing' }), expect.objectContaining({ how: 'reached' })],
      [expect.objectContaining({ id: 'letter' }), expect.objectContaining({ how: 'lapsed' })],
      [expect.objectContaining({ id: 'report' }), expect.objectContaining({ how: 'moot' })],
      [expect.objectContaining({ id: 'plan' }), expect.objectContaining({ how: 'withdrawn' })],
    ]);
  });

  it('that opens again is set again', async () => {
    await chronicle.watch({ filter: { kinds: ['deadline-set', 'deadline-closed'] } });
    await aDuty();
    chronicle.at('2025-05-10T12:00:00Z');
    await chronicle.records(ruled('ruling', '2025-05-10', [ends('duty', 'vacated', { ending: 'vacatur' })]));
    chronicle.at('2025-05-12T12:00:00Z');
    await chronicle.records(
      ruled('stay', '2025-05-12', [restrains('stay', { form: 'stay', of: ['vacatur'], protects: 'all' })]),
    );
    const alerts = await chronicle.planned();
    expect(told(alerts)).toEqual(['deadline-set report', 'deadline-closed report', 'deadline-set report']);
    expect(alerts.at(-1)?.text).toBe('Open again: report, due 2025-06-01 (in 20 days).');
  });

  it('recorded long after it was due is told as what it is: over', async () => {
    const watch = await chronicle.watch();
    await chronicle.records(issued('old-rule', '2024-05-01', [setsDeadline('report', '2024-06-01')]));
    const alerts = await chronicle.planned('2025-12-01T00:00:00Z');
    expect(told(alerts, watch)).toEqual(['deadline-set report']);
    expect(alerts[0]).toMatchObject({ dueAt: '2025-03-01T17:00:00.000Z', entry: 'old-rule' });
    expect(alerts[0]?.text).toBe('New deadline: report, which was due on 2024-06-01 and has passed.');
  });

  it('due at an hour lapses at that hour', async () => {
    await chronicle.watch({ leads: ['P0D'], filter: { kinds: ['deadline-reminder', 'deadline-closed'] } });
    await chronicle.records(
      issued('rule', '2025-03-01', [setsDeadline('filing', { instant: '2025-03-20T17:00:00-04:00' })]),
    );
    expect((await chronicle.planned('2025-04-01T00:00:00Z')).map(({ type, dueAt }) => [type, dueAt])).toEqual([
      ['deadline-reminder', '2025-03-20T13:00:00.000Z'],
      ['deadline-closed', '2025-03-20T21:00:00.000Z'],
    ]);
  });
});

const named = (title: string) => ({ title, principal: false });

describe('a change of status', () => {
  beforeEach(async () => {
    await chronicle.records(enacted('law', '2024-01-01', [establishes('duty')]));
  });

  it('carries before and after, one alert for all that one act does', async () => {
    const watch = await chronicle.watch({ filter: { kinds: ['status-changed'] } });
    chronicle.at('2025-03-10T12:00:00Z');
    await chronicle.records(
      ordered('order', '2025-03-10', [forbears('pause', { enforcers: ['doj'], until: '2025-05-01' })]),
    );
    await chronicle.records(
      ruled('injunction', '2025-03-11', [restrains('bar', { enforcers: ['sec'], protects: ['acme'] })]),
    );
    const alerts = (await chronicle.planned()).filter((alert) => alert.watch === watch.id);
    expect(alerts.map(({ entry, before, after }) => [entry, before, after])).toEqual([
      [
        'order',
        expect.objectContaining({ headline: expect.objectContaining({ code: 'in-force-and-enforceable' }) }),
        expect.objectContaining({ headline: expect.objectContaining({ code: 'partly' }) }),
      ],
    ]);
    expect(alerts[0]?.after).toMatchObject({
      axes: [
        {
          provision: 'duty',
          parties: ['acme', 'bolt'],
          enforcer: 'doj',
          axis: 'enforcement',
          value: { state: 'forborne' },
        },
      ],
    });
  });

  it('comes by the clock when a pause ends with no new event', async () => {
    await chronicle.watch({ filter: { parties: ['acme'], kinds: ['status-changed'] } });
    await chronicle.records(
      ordered('order', '2025-03-01', [forbears('pause', { enforcers: ['doj', 'sec'], until: '2025-05-01' })], {
        author: { kind: 'legislature' },
        type: 'LawEnacted',
      }),
    );
    const alerts = await chronicle.planned('2025-06-01T00:00:00Z');
    expect(alerts.map(({ dueAt, entry, text }) => [dueAt, entry, text])).toEqual([
      [
        '2025-03-01T17:00:00.000Z',
        'order',
        expect.stringContaining('became “In force; enforcement paused by policy until 2025-05-01”'),
      ],
      [
        '2025-05-02T04:00:00.000Z',
        null,
        'A matter, acme: “In force; enforcement paused by policy until 2025-05-01” became “In force and enforceable”.',
      ],
    ]);
  });

  it('reaches whoever is concerned: a class with its members, an enforcer, and nobody else', async () => {
    const [firms, acme, bolt, doj, sec, all] = [
      await chronicle.watch({ filter: { parties: ['firms'] } }),
      await chronicle.watch({ filter: { parties: ['acme'] } }),
      await chronicle.watch({ filter: { parties: ['bolt'] } }),
      await chronicle.watch({ filter: { parties: ['doj'] } }),
      await chronicle.watch({ filter: { parties: ['sec'] } }),
      await chronicle.watch(),
    ];
    chronicle.at('2025-03-10T12:00:00Z');
    await chronicle.records(
      ruled('injunction', '2025-03-10', [restrains('bar', { enforcers: ['doj'], protects: ['acme'] })]),
    );
    const reached = new Set((await chronicle.planned()).map(({ watch }) => watch));
    expect([firms, acme, doj, all].every(({ id }) => reached.has(id))).toBe(true);
    expect([bolt, sec].some(({ id }) => reached.has(id))).toBe(false);
  });

  it('is told for a delay, by status and by date', async () => {
    const watch = await chronicle.watch();
    await chronicle.records(enacted('law-2', '2025-03-01', [establishes('duty-2', { force: '2025-09-01' })]));
    chronicle.at('2025-03-05T12:00:00Z');
    await chronicle.records(enacted('law-3', '2025-03-05', [postpones('duty-2', '2025-12-01')]));
    const alerts = (await chronicle.planned()).filter(({ dueAt }) => dueAt > '2025-03-05');
    expect(told(alerts, watch)).toEqual(['status-changed', 'deadline-moved duty-2.force']);
  });

  it('is told when an axis becomes contested, and is not told for what changes nothing', async () => {
    const watch = await chronicle.watch();
    chronicle.at('2025-03-05T12:00:00Z');
    await chronicle.records(reported('article', '2025-03-05'));
    await chronicle.records(filed('petition', '2025-03-06', [{ kind: 'contests', provision: 'duty', axis: 'force' }]));
    const alerts = await chronicle.planned();
    expect(alerts.filter((alert) => alert.watch === watch.id).map(({ entry }) => entry)).toEqual([]);
    chronicle.at('2025-03-06T12:00:00Z');
    expect((await chronicle.planned()).map(({ entry, type }) => [entry, type])).toEqual([[null, 'status-changed']]);
  });

  it('says in words what changed below a headline that stays, by the names of provisions', async () => {
    await chronicle.watch({ filter: { kinds: ['status-changed'] } });
    const acts: [string, Parameters<typeof enacted>[2]][] = [
      ['law-2', [establishes('side', named('Side duty')), establishes('late', named('Late duty'))]],
      ['more', [establishes('more', named('More duties'))]],
      [
        'release',
        [{ kind: 'releases', provisions: ['side'], protects: 'all', conductFrom: '2024-01-01', state: 'extinguished' }],
      ],
      ['delay', [postpones('late', '2025-06-01')]],
      ['delay-2', [postpones('late', '2025-07-01')]],
      ['end', [ends('side', 'repealed')]],
    ];
    for (const [order, [id, effects]] of acts.entries())
      await chronicle.records({ ...enacted(id, '2025-03-01', effects), order });
    const texts = (await chronicle.planned()).map(({ text }) => text.replace(/^.*?, but /, ''));
    expect(texts.slice(1)).toEqual([
      '“More duties” came up.',
      'the enforcement of “Side duty” is still active, and liability turned from accrues to extinguished.',
      'the force of “Late duty” turned from in-force to not-yet, the applicability of “Late duty” turned from applies to applies-from and the enforcement of “Late duty” turned from active to not-yet-possible.',
      'the force of “Late duty” is still not-yet, from 2025-06-01 before and from 2025-07-01 now and the applicability of “Late duty” is still applies-from, from 2025-06-01 before and from 2025-07-01 now.',
      'the force of “Side duty” turned from in-force to ended and the enforcement of “Side duty” turned from active to not-applicable.',
    ]);
  });

  it('says that what is contested is in force all the same', async () => {
    await chronicle.watch({ filter: { kinds: ['status-changed'] } });
    await chronicle.records(filed('petition', '2025-03-01', [{ kind: 'contests', provision: 'duty', axis: 'force' }]));
    expect((await chronicle.planned()).map(({ text }) => text)).toEqual([
      expect.stringMatching(/but the force of “duty” is still in-force and now contested\.$/),
    ]);
  });
});

describe('the end of a pause', () => {
  it('says that nothing becomes enforceable while another bar stands', async () => {
    await chronicle.watch({ leads: ['P7D'], filter: { kinds: ['pause-ending'] } });
    await chronicle.records(enacted('law', '2024-01-01', [establishes('duty', { enforcers: ['doj'] })]));
    await chronicle.records(
      ordered('order', '2025-03-01', [forbears('pause', { enforcers: ['doj'], until: '2025-05-01' })]),
    );
    await chronicle.records(ruled('injunction', '2025-03-01', [restrains('bar', { enforcers: ['doj'] })]));
    const [warned] = await chronicle.planned('2025-05-01T00:00:00Z');
    expect(warned).toMatchObject({
      lead: 'P7D',
      before: { headline: { code: 'blocked-by-court' } },
      after: { from: '2025-05-02', headline: { code: 'blocked-by-court' }, enforceable: [] },
    });
    expect(warned?.text).toMatch(/If nothing happens, nothing becomes enforceable by it/);
  });

  it('that a court or the author brings about early is told as closed, how and by what', async () => {
    await chronicle.watch({ filter: { kinds: ['deadline-closed'] } });
    await chronicle.records(enacted('law', '2024-01-01', [establishes('duty')]));
    await chronicle.records(
      ordered('order', '2025-03-01', [forbears('pause', { enforcers: ['doj'], until: '2025-05-01' })]),
    );
    await chronicle.records(ruled('injunction', '2025-03-01', [restrains('bar', { until: '2025-05-01' })]));
    chronicle.at('2025-04-01T12:00:00Z');
    await chronicle.records(ruled('appeal', '2025-04-01', [lifts('bar')]));
    await chronicle.records(ordered('end', '2025-04-01', [lifts('pause', '2025-04-01', { how: 'revoked' })]));
    expect((await chronicle.planned('2025-06-01T00:00:00Z')).map(({ entry, after }) => [entry, after])).toEqual([
      ['appeal', expect.objectContaining({ how: 'vacated' })],
      ['end', expect.objectContaining({ how: 'withdrawn' })],
    ]);
  });

  it('concerns whoever it protects, though others are obligated', async () => {
    const [acme, bolt] = [
      await chronicle.watch({ filter: { parties: ['acme'], kinds: ['deadline-moved'] } }),
      await chronicle.watch({ filter: { parties: ['bolt'], kinds: ['deadline-moved'] } }),
    ];
    await chronicle.records(enacted('law', '2024-01-01', [establishes('duty')]));
    await chronicle.records(
      ruled('injunction', '2025-03-01', [restrains('bar', { protects: ['acme'], until: '2025-05-01' })]),
    );
    await chronicle.records(ruled('again', '2025-03-02', [extendsTo('bar', '2025-06-01')]));
    const moved = of(await chronicle.planned(START), 'deadline-moved');
    expect(moved.map(({ watch }) => watch)).toEqual([]);
    chronicle.at('2025-03-02T12:00:00Z');
    const later = of(await chronicle.planned(), 'deadline-moved').map(({ watch }) => watch);
    expect(later).toContain(acme.id);
    expect(later).not.toContain(bolt.id);
  });
});

describe('a correction', () => {
  it('goes to every watch that was told of the entry, and names the alert that it corrects', async () => {
    const [moved, only, other] = [
      await chronicle.watch({ leads: ['P30D'] }),
      await chronicle.watch({ filter: { kinds: ['deadline-set'] } }),
      await chronicle.watch({ filter: { parties: ['doj'] } }),
    ];
    await aDuty();
    chronicle.at('2025-05-10T12:00:00Z');
    await chronicle.corrects('rule', { effects: [setsDeadline('report', '2025-06-11', { provision: 'duty' })] });
    const alerts = await chronicle.planned();
    const corrections = of(alerts, 'correction-issued');
    expect(corrections.map(({ watch }) => watch).toSorted()).toEqual([moved.id, only.id].toSorted());
    const reminded = of(alerts, 'deadline-reminder').find((alert) => alert.watch === moved.id);
    const set = of(alerts, 'deadline-set').find((alert) => alert.watch === only.id);
    expect(corrections.find(({ watch }) => watch === moved.id)?.corrects).toBe(reminded?.id);
    expect(corrections.find(({ watch }) => watch === only.id)?.corrects).toBe(set?.id);
    expect(corrections[0]).toMatchObject({
      entry: 'rule',
      before: { title: 'rule', fields: { effects: [{ basis: '2025-06-01' }] } },
      after: { reason: 'A slip.', retracted: false, fields: { effects: [{ basis: '2025-06-11' }] } },
      text: 'You had been told of “rule”: it was corrected (effects). A slip.',
    });
    expect(of(alerts, 'deadline-moved').map(({ watch, entry }) => [watch, entry])).toEqual([[moved.id, 'rule']]);
    expect(told(alerts, other)).toEqual(['status-changed']);
  });

  it('of a correction corrects the correction', async () => {
    await chronicle.watch({ filter: { kinds: ['deadline-set'] } });
    await aDuty();
    chronicle.at('2025-05-10T12:00:00Z');
    await chronicle.corrects('rule', { title: 'The rule' });
    await chronicle.corrects('rule', { title: 'The Rule' });
    const [first, second] = of(await chronicle.planned(), 'correction-issued');
    expect(second?.corrects).toBe(first?.id);
  });

  it('that retracts takes the deadline out of the record, and says so', async () => {
    const watch = await chronicle.watch();
    await aDuty();
    chronicle.at('2025-05-10T12:00:00Z');
    await chronicle.retracts('rule');
    const alerts = (await chronicle.planned('2025-07-01T00:00:00Z')).filter(({ dueAt }) => dueAt > '2025-05-10');
    expect(told(alerts, watch)).toEqual(['correction-issued', 'deadline-closed report']);
    expect(alerts[0]?.text).toBe('You had been told of “rule”: it was retracted. It never happened.');
    expect(alerts[1]).toMatchObject({ after: { how: 'withdrawn' } });
    expect(alerts[1]?.text).toMatch(/no longer in the record/);
  });

  it('is what moved a deadline, and so is a retraction: not the act that they are about', async () => {
    const watch = await chronicle.watch({ filter: { kinds: ['deadline-moved', 'status-changed'] } });
    await aDuty();
    chronicle.at('2025-03-06T12:00:00Z');
    await chronicle.records(enacted('delay', '2025-03-05', [movesDeadline('report', '2025-09-01')]));
    await chronicle.corrects('delay', { effects: [movesDeadline('report', '2025-09-11')] });
    await chronicle.retracts('delay');
    const moves = of(await chronicle.planned(), 'deadline-moved').filter((alert) => alert.watch === watch.id);
    expect(moves.map(({ text }) => / to (.*?);/.exec(text)?.[1])).toEqual([
      '2025-09-01, by “delay”',
      '2025-09-11, by the correction of “delay”',
      '2025-06-01, by the retraction of “delay”',
    ]);
  });

  it('of what nobody was told goes to nobody', async () => {
    await chronicle.records(reported('article', '2025-02-01'));
    await chronicle.watch();
    await chronicle.corrects('article', { title: 'Another title' });
    expect(await chronicle.planned('2025-07-01T00:00:00Z')).toEqual([]);
  });
});

async function corrected(): Promise<readonly PlannedAlert[]> {
  chronicle.at('2025-05-10T12:00:00Z');
  await chronicle.corrects('rule', { title: 'The rule' });
  return of(await chronicle.planned(), 'correction-issued');
}

describe('a correction of what an answer told', () => {
  it('reaches every watch of whoever asked that is about the matter, once, and names the answer', async () => {
    await aDuty();
    chronicle.at('2025-05-09T12:00:00Z');
    await chronicle.answers('key:1', ['rule']);
    const answer = await chronicle.answers('key:1', ['rule', 'other']);
    const watches = [await chronicle.watch(), await chronicle.watch({ filter: { kinds: ['pause-ending'] } })];
    await chronicle.watch({ filter: { matters: ['another'] } });
    const alerts = await corrected();
    expect(alerts.map(({ watch }) => watch)).toEqual(watches.map(({ id }) => id));
    for (const alert of alerts) {
      expect(alert).toMatchObject({ corrects: null, answer, entry: 'rule', told: ['rule'], before: { alerts: [] } });
    }
  });

  it('names the alert as well, where both had told it', async () => {
    const watch = await chronicle.watch({ filter: { kinds: ['deadline-set'] } });
    await aDuty();
    const answer = await chronicle.answers('key:1', ['rule']);
    const [set] = of(await chronicle.planned(), 'deadline-set');
    expect(await corrected()).toMatchObject([{ watch: watch.id, corrects: set?.id, answer }]);
  });

  it('that is retracted reaches it as well', async () => {
    await aDuty();
    const answer = await chronicle.answers('key:1', ['rule']);
    await chronicle.watch({ filter: { kinds: ['pause-ending'] } });
    await chronicle.retracts('rule');
    expect(of(await chronicle.planned(), 'correction-issued')).toMatchObject([{ answer, after: { retracted: true } }]);
  });

  it('reaches nobody without a watch, and nobody with another key', async () => {
    await aDuty();
    await chronicle.answers('key:1', ['rule']);
    expect(await corrected()).toEqual([]);
    await chronicle.watch({}, 'key:2');
    await chronicle.corrects('rule', { title: 'The Rule' });
    expect(of(await chronicle.planned(), 'correction-issued')).toEqual([]);
  });

  it('reaches nobody who was answered afterwards, or of something else', async () => {
    await aDuty();
    await chronicle.watch({ filter: { kinds: ['pause-ending'] } });
    await chronicle.answers('key:1', ['other']);
    expect(await corrected()).toEqual([]);
    await chronicle.answers('key:1', ['rule']);
    expect(of(await chronicle.planned('2025-07-01T00:00:00Z'), 'correction-issued')).toEqual([]);
  });

  it('is owed to a watch that rests, and to none that is removed', async () => {
    await aDuty();
    const [paused, removed] = [await chronicle.watch(), await chronicle.watch()];
    await chronicle.desk.tell(paused.id, 'key:1', { kind: 'pause' });
    await chronicle.desk.tell(removed.id, 'key:1', { kind: 'remove' });
    const answer = await chronicle.answers('key:1', ['rule']);
    expect(await corrected()).toEqual([]);
    await chronicle.desk.tell(paused.id, 'key:1', { kind: 'resume' });
    expect(of(await chronicle.planned(), 'correction-issued')).toMatchObject([{ watch: paused.id, answer }]);
  });
});

describe('a watch', () => {
  it('hears what follows its creation', async () => {
    await aDuty();
    chronicle.at('2025-03-02T12:00:00Z');
    await chronicle.watch();
    expect(told(await chronicle.planned('2025-03-31T00:00:00Z'))).toEqual([]);
  });

  it('is bound by matter, party, jurisdiction and kind together', async () => {
    await chronicle.register.openMatter(aMatter({ id: 'other', jurisdiction: 'EU' }), { actor: 'tests' });
    const filters = [
      { matters: ['matter'] },
      { jurisdictions: ['EU'] },
      { parties: ['acme'], jurisdictions: ['US'] },
      { matters: ['other'], parties: ['nobody'] },
      { kinds: ['deadline-moved' as const] },
      { matters: ['not-yet'] },
    ];
    const watches: Watch[] = [];
    for (const filter of filters) watches.push(await chronicle.watch({ filter }));
    await aDuty();
    await chronicle.records(issued('rule', '2025-03-01', [setsDeadline('report', '2025-06-01')]), 'other');
    const byWatch = Map.groupBy(await chronicle.planned(), ({ watch }) => watch);
    const matters = ({ id }: Watch) => [...new Set(byWatch.get(id)?.map(({ matter }) => matter))];
    expect(watches.map(matters)).toEqual([['matter'], ['other'], ['matter'], [], [], []]);
  });

  it('on a class hears of its members, and of a member that joins later', async () => {
    chronicle = await Chronicle.of(START, aMatter({ parties: [classOf('firms'), party('acme', 'firms')] }));
    const watch = await chronicle.watch({ filter: { parties: ['firms'] } });
    await chronicle.records(
      issued('rule', '2025-03-01', [setsDeadline('report', '2025-06-01', { obligated: ['acme'] })]),
    );
    await chronicle.register.addParty('matter', party('cord', 'firms'), { actor: 'tests' });
    await chronicle.records(
      issued('rule-2', '2025-03-01', [setsDeadline('plan', '2025-06-02', { obligated: ['cord'] })]),
    );
    expect(told(await chronicle.planned(), watch)).toEqual(['deadline-set report', 'deadline-set plan']);
  });

  it('that is paused hears nothing, and on resuming is reminded once of each open deadline whose rungs it missed', async () => {
    const watch = await chronicle.watch();
    await aDuty();
    await chronicle.records(issued('rule-2', '2025-03-01', [setsDeadline('plan', '2025-09-01')]));
    chronicle.at('2025-03-02T12:00:00Z');
    await chronicle.desk.tell(watch.id, 'key:1', { kind: 'pause' });
    chronicle.at('2025-05-28T12:00:00Z');
    await chronicle.records(issued('rule-3', '2025-05-28', [setsDeadline('letter', '2025-06-02')]));
    await chronicle.corrects('rule', { title: 'The rule' });
    await chronicle.desk.tell(watch.id, 'key:1', { kind: 'resume' });
    const alerts = (await chronicle.planned('2025-05-30T00:00:00Z')).filter(({ dueAt }) => dueAt > '2025-03-02');
    expect(told(alerts)).toEqual(['correction-issued', 'deadline-reminder P7D report', 'deadline-reminder P7D letter']);
    expect(alerts.every(({ dueAt }) => dueAt === '2025-05-28T12:00:00.000Z')).toBe(true);
  });

  it('that is disabled is told why, and that it hears nothing more', async () => {
    const watch = await chronicle.watch();
    await chronicle.desk.tell(watch.id, 'service', { kind: 'disable', reason: 'the receiver answered 410' });
    await aDuty();
    const alerts = await chronicle.planned('2025-07-01T00:00:00Z');
    expect(alerts.map(({ type, text }) => [type, text])).toEqual([
      [
        'watch-disabled',
        'The watch “A watch” is disabled: the receiver answered 410. Nothing more is sent until it is enabled again.',
      ],
    ]);
  });

  it.each([
    ['webhook', 'email'],
    ['email', 'webhook'],
  ] as const)('that is disabled, a %s, is told of by %s where its owner has such a watch', async (kind, other) => {
    const channels = { webhook, email: { kind: 'email', to: 'reader@example.org' } } as const;
    const watch = await chronicle.watch({ name: 'First' }, 'key:1', channels[kind]);
    const second = await chronicle.watch({ name: 'Second' }, 'key:1', channels[other]);
    const resting = await chronicle.watch({ name: 'Third' }, 'key:1', channels[other]);
    await chronicle.desk.tell(resting.id, 'key:1', { kind: 'pause' });
    await chronicle.watch({ name: 'Fourth' }, 'key:1', channels[kind]);
    await chronicle.watch({ name: 'Fifth' }, 'key:2', channels[other]);
    await chronicle.desk.tell(watch.id, 'service', { kind: 'disable', reason: 'the receiver answered 410' });
    const alerts = await chronicle.planned();
    expect(alerts.map((alert) => [alert.type, alert.watch])).toEqual([
      ['watch-disabled', watch.id],
      ['watch-disabled', second.id],
    ]);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(2);
    for (const { text, after } of alerts) {
      expect(text).toMatch(/^The watch “First” is disabled: the receiver answered 410/);
      expect(after).toEqual({ watch: watch.id, state: 'disabled', reason: 'the receiver answered 410' });
    }
  });

  it('that is removed is told nothing, also of corrections', async () => {
    const watch = await chronicle.watch();
    await aDuty();
    await chronicle.desk.tell(watch.id, 'key:1', { kind: 'remove' });
    const before = await chronicle.planned();
    await chronicle.corrects('rule', { title: 'The rule' });
    expect(await chronicle.planned('2025-07-01T00:00:00Z')).toEqual(before);
  });

  it('that changes its leads or its hour is reminded by the new ones', async () => {
    const watch = await chronicle.watch({ leads: ['P7D'] });
    await aDuty();
    await chronicle.desk.tell(watch.id, 'key:1', { kind: 'change', settings: { leads: ['P2D'], at: '18:00' } });
    const reminders = of(await chronicle.planned('2025-07-01T00:00:00Z'), 'deadline-reminder');
    expect(reminders.map(({ lead, dueAt }) => [lead, dueAt])).toEqual([['P2D', '2025-05-30T22:00:00.000Z']]);
  });
});

/** The reminders of a watch, with a change made at noon in New York on the day before the due day. */
async function remindersChanging(from: Partial<Watch>, to: Partial<Watch>): Promise<readonly unknown[]> {
  const watch = await chronicle.watch({ leads: ['P1D'], ...from });
  await aDuty();
  chronicle.at('2025-05-31T16:00:00Z');
  await chronicle.desk.tell(watch.id, 'key:1', { kind: 'change', settings: to });
  const found = of(await chronicle.planned('2025-07-01T00:00:00Z'), 'deadline-reminder');
  return found.map(({ lead, dueAt }) => [lead, dueAt]);
}

describe('a watch whose hour or zone changes', () => {
  const atOnce = [['P1D', '2025-05-31T16:00:00.000Z']];

  it('to one that has passed today is reminded at once of what it would miss', async () => {
    expect(await remindersChanging({ at: '18:00' }, { at: '09:00' })).toEqual(atOnce);
  });

  it('to a zone where the hour has passed is reminded at once', async () => {
    expect(await remindersChanging({ at: '14:00' }, { timeZone: 'Europe/Berlin' })).toEqual(atOnce);
  });

  it('to one that is ahead is not reminded twice', async () => {
    const found = await remindersChanging({ at: '09:00' }, { at: '18:00' });
    // The clock brings it again, and it is the alert that there is.
    expect(
      new Set(of(await chronicle.planned('2025-07-01T00:00:00Z'), 'deadline-reminder').map(({ id }) => id)).size,
    ).toBe(1);
    expect(found[0]).toEqual(['P1D', '2025-05-31T13:00:00.000Z']);
  });

  it('while it rests is reminded, once it goes on, of what came by neither', async () => {
    const watch = await chronicle.watch({ leads: ['P1D'], at: '09:00' });
    await aDuty();
    const tell = async (at: string, wish: WatchWish): Promise<void> => {
      chronicle.at(at);
      await chronicle.desk.tell(watch.id, 'key:1', wish);
    };
    await tell('2025-05-31T12:00:00Z', { kind: 'pause' });
    await tell('2025-05-31T12:10:00Z', { kind: 'change', settings: { at: '07:00' } });
    await tell('2025-05-31T14:00:00Z', { kind: 'resume' });
    const reminders = of(await chronicle.planned('2025-07-01T00:00:00Z'), 'deadline-reminder');
    expect(reminders.map(({ lead, dueAt }) => [lead, dueAt])).toEqual([['P1D', '2025-05-31T14:00:00.000Z']]);
  });

  it('or whose name only does is reminded of nothing', async () => {
    expect(await remindersChanging({ at: '09:00' }, { name: 'Another' })).toEqual([
      ['P1D', '2025-05-31T13:00:00.000Z'],
    ]);
  });
});

describe('the order of recording', () => {
  it('decides: an act dated back is told when it is recorded', async () => {
    await chronicle.records(enacted('law', '2024-01-01', [establishes('duty')]));
    await chronicle.watch({ filter: { kinds: ['status-changed', 'deadline-moved'] } });
    chronicle.at('2025-03-05T12:00:00Z');
    await chronicle.records(ruled('injunction', '2024-11-05', [restrains('bar')]));
    expect((await chronicle.planned()).map(({ entry, dueAt }) => [entry, dueAt])).toEqual([
      ['injunction', '2025-03-05T12:00:00.000Z'],
    ]);
  });

  it('is followed: an act dated ahead is told on its day, by the clock', async () => {
    await chronicle.watch({ filter: { kinds: ['status-changed'] } });
    await chronicle.records(enacted('law', '2024-01-01', [establishes('duty')]));
    await chronicle.records(enacted('law-2', '2025-04-01', [commences('duty', '2025-06-01', { on: '2025-04-01' })]));
    const alerts = await chronicle.planned('2025-05-01T00:00:00Z');
    expect(alerts.map(({ entry, dueAt }) => [entry, dueAt])).toEqual([
      ['law', '2025-03-01T17:00:00.000Z'],
      [null, '2025-04-01T04:00:00.000Z'],
    ]);
  });
});

describe('the planner', () => {
  it('says when it has to be asked again, and never too late', async () => {
    await chronicle.watch({ leads: ['P1D'] });
    await aDuty();
    const engine = new AlertEngine();
    for await (const event of chronicle.log.readAll()) engine.take(event);
    const wakes: string[] = [];
    for (let next = engine.nextWake(); next !== null; next = engine.nextWake()) {
      const due = engine.advance(next);
      if (due.length > 0) wakes.push(`${new Date(next).toISOString()} ${due.map(({ type }) => type).join()}`);
    }
    expect(wakes).toEqual(['2025-05-31T13:00:00.000Z deadline-reminder', '2025-06-02T04:00:00.000Z deadline-closed']);
  });

  it('leaves out what cannot be read, says so, and goes on', async () => {
    await chronicle.watch();
    await aDuty();
    const reports: string[] = [];
    const engine = new AlertEngine({ report: (message) => reports.push(message) });
    const events: RecordedEvent[] = await Array.fromAsync(chronicle.log.readAll());
    const odd = { ...events[2]!, type: 'LawSung', stream: 'matter-matter' };
    const alerts = [...events.slice(0, 3), odd, ...events.slice(3)].flatMap((event) => engine.take(event));
    expect(told(alerts)).toContain('deadline-set report');
    expect(reports).toEqual([expect.stringContaining('LawSung is not a type known here')]);
  });
});
