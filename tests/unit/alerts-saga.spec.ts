import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { PlannedAlert, RaisedAlert } from '#libs/alerts';
import { inNewYork } from '../support/alerts.ts';
import { theSaga } from '../support/alerts-saga.ts';

const file = join(import.meta.dirname, '../golden/us-tiktok-alerts.json');
function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value;
  for (const name of path) inner = typeof inner === 'object' && inner ? Reflect.get(inner, name) : undefined;
  return inner;
}

/** What the golden file shows of an alert. */
function shown({ alert, raisedAt }: RaisedAlert): object {
  const { type, lead, entry, before, after, deadline, text } = alert;
  return {
    at: inNewYork(raisedAt),
    type,
    lead: lead ?? undefined,
    entry: entry ?? undefined,
    deadline: at(deadline, 'id'),
    due: at(deadline, 'due', 'date'),
    was: at(before, 'due', 'date'),
    how: at(after, 'how'),
    before: at(before, 'headline', 'code'),
    after: at(after, 'headline', 'code'),
    text,
  };
}

describe('the saga of TikTok, day by day, for a watch on the app stores', () => {
  let raised: readonly RaisedAlert[] = [];
  let planned: readonly PlannedAlert[] = [];
  beforeAll(async () => {
    ({ raised, planned } = await theSaga());
  });

  /** When its reminders came for one due date. */
  const reminders = (deadline: string, due: string): readonly string[] =>
    raised
      .filter(({ alert }) => alert.lead !== null)
      .map((each) => ({ ...each, ...JSON.parse(JSON.stringify(shown(each))) }))
      .filter((each) => each.deadline === deadline && each.due === due)
      .map((each) => `${each.alert.type} ${each.alert.lead} ${each.at}`);

  it('gives the alerts of the golden file: INFORCE_TEST_UPDATE=1 writes it anew', () => {
    const list = `${JSON.stringify(raised.map(shown), null, 2)}\n`;
    if (process.env['INFORCE_TEST_UPDATE'] === '1') writeFileSync(file, list);
    expect(list).toBe(readFileSync(file, 'utf8'));
  });

  it('raises each in time, numbers them without a gap, and plans the same from the log alone', () => {
    expect(raised.map(({ seq }) => seq)).toEqual(raised.map((_, index) => index + 1));
    expect(raised.every(({ alert, raisedAt }) => !alert.late && raisedAt === alert.dueAt)).toBe(true);
    expect(new Set(raised.map(({ alert }) => alert.id))).toEqual(new Set(planned.map(({ id }) => id)));
  });

  it('reminds of the day on which the Act begins to apply, before it comes and as it comes', () => {
    expect(reminders('pafaca-2a.applies', '2025-01-19')).toEqual([
      'deadline-reminder P30D 2024-12-20 09:00',
      'deadline-reminder P7D 2025-01-12 09:00',
      'deadline-reminder P1D 2025-01-18 09:00',
      'deadline-reminder P0D 2025-01-19 09:00',
    ]);
  });

  it('warns on 4 April 2025 of the end of the pause, and takes the warning of the 5th back as EO 14258 moves it', () => {
    expect(reminders('tiktok-forbearance.until', '2025-04-05')).toEqual([
      'pause-ending P30D 2025-03-06 09:00',
      'pause-ending P7D 2025-03-29 09:00',
      'pause-ending P1D 2025-04-04 09:00',
    ]);
    const moved = raised.find(({ alert }) => alert.entry === 'eo-14258' && alert.type === 'deadline-moved');
    expect(moved?.alert.before).toMatchObject({ cancelled: [{ lead: 'P0D', at: '2025-04-05T09:00:00-04:00' }] });
  });

  it('says what becomes enforceable at the end of a pause, by whom and against whom', () => {
    const warned = raised.filter(({ alert }) => alert.type === 'pause-ending').map(({ alert }) => alert);
    expect(warned[0]?.before).toMatchObject({ headline: { code: 'enforcement-paused' } });
    expect(warned[0]?.after).toMatchObject({
      from: '2025-04-06',
      headline: { code: 'in-force-and-enforceable' },
      enforceable: [{ provision: 'pafaca-2a', enforcer: 'doj', parties: ['apple', 'google', 'oracle'] }],
    });
    expect(warned[0]?.text).toMatch(/from 2025-04-06 Attorney General may enforce against Apple, Google and Oracle/);
    // The divestiture closed on the day before: the last end of the pause frees nobody to enforce anything.
    expect(warned.at(-1)?.after).toMatchObject({ from: '2026-01-24', enforceable: [] });
  });

  it('never reminds of 16 December 2025, which EO 14352 had moved to 23 January 2026', () => {
    expect(reminders('tiktok-forbearance.until', '2025-12-16')).toEqual([]);
    expect(reminders('tiktok-forbearance.until', '2026-01-23')).toHaveLength(4);
  });

  it('tells nothing of the deadlines of others', () => {
    const named = new Set(raised.map((each) => Reflect.get(shown(each), 'deadline')));
    expect(named).not.toContain('divestiture-completion');
    expect(named).not.toContain('scotus-opening-briefs');
  });

  it('tells of a status only when it changes, not when a pause gets longer', () => {
    const told = raised
      .filter(({ alert }) => alert.type === 'status-changed')
      .map(({ alert, raisedAt }) => [inNewYork(raisedAt), alert.entry]);
    expect(told).toEqual([
      ['2024-04-20 12:00', 'hr-8038-house'],
      ['2024-04-23 12:00', 'hr-815-senate'],
      ['2024-04-24 12:00', 'pl-118-50-h'],
      ['2025-01-19 00:00', null],
      ['2025-01-20 12:00', 'eo-14166'],
      ['2026-01-22 12:00', 'jv-closed'],
    ]);
  });
});
