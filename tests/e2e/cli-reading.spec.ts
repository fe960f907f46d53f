import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import {
  type DiffAnswer,
  Register,
  type StatusAnswer,
  type StatusAsked,
  type TimelineAnswer,
  type WhatIfAnswer,
} from '#libs/register';
import { join } from 'node:path';
import { aPause, Cli } from '../support/cli.ts';

describe('inforce, asked about the embedded log,', () => {
  const cli = new Cli();
  beforeAll(() => cli.answer('import datasets'));
  afterAll(() => cli.remove());

  it('says whether it is enforced, against whom, until when, and because of what', async () => {
    const text = await cli.answer('status us-tiktok --party apple --at 2025-02-01');
    const lines = text.split('\n');
    expect(lines[0]).toBe('In force; enforcement paused by policy until 2025-04-05');
    expect(text).toMatch(/^who +Apple \(apple\); enforced by Attorney General \(doj\)$/m);
    expect(text).toMatch(/^until +2025-04-05, that day included$/m);
    expect(text).toMatch(
      /^next +2025-04-05 +restraint ends: tiktok-forbearance +from 2025-04-06 in force and enforceable$/m,
    );
    expect(text).toMatch(/90 FR 8611 +EO 14166: 75 days of non-enforcement/);
    expect(text).toMatch(
      /^pafaca-2a +apple +enforcement paused +since 2024-04-24 +since 2025-01-19 +doj forborne until 2025-04-05/m,
    );
    expect(text).toMatch(/^at 2025-02-01 · known at \S+Z$/m);
  });

  it('answers JSON with --json, and only then', async () => {
    const status = await cli.json<StatusAnswer>('status us-tiktok --party apple --at 2025-02-01');
    expect(status).toMatchObject({
      matter: 'us-tiktok',
      party: 'apple',
      clocks: { at: '2025-02-01', publishedBy: null },
      headline: { code: 'enforcement-paused', until: '2025-04-05' },
    });
    const text = await cli.answer('status us-tiktok');
    expect(text.startsWith('{')).toBe(false);
  });

  it('colours nothing when it is piped', async () => {
    for (const line of ['status us-tiktok', 'timeline us-tiktok', 'deadlines', 'matters', '--help']) {
      // oxlint-disable-next-line no-control-regex -- escape sequences are what is looked for
      expect(await cli.answer(line)).not.toMatch(/\u001b/);
    }
  });

  it('answers by the quick way what the register answers', async () => {
    const log = await SqliteEventLog.open({ file: join(cli.data, 'events.db'), readOnly: true });
    const register = new Register({ log, now: Date.now });
    const questions: StatusAsked[] = [
      { clocks: {} },
      { clocks: { at: '2025-02-01' }, party: 'apple' },
      { clocks: { at: '2025-12-20', publishedBy: '2025-09-24' } },
      { clocks: { at: '2020-10-01T12:00:00-04:00' }, party: 'app-stores', enforcer: 'commerce' },
      { clocks: { at: '2026-02-01', knownAt: '2099-01-01' }, enforcer: 'doj' },
    ];
    for (const { clocks, ...who } of questions) {
      const { body } = await register.status('us-tiktok', { clocks, ...who });
      const options = Object.entries({
        at: clocks.at,
        'published-by': clocks.publishedBy,
        'known-at': clocks.knownAt,
        ...who,
      });
      const typed = options.map(([name, value]) => (value === undefined ? '' : ` --${name} ${value}`)).join('');
      expect(await cli.json(`status us-tiktok${typed}`)).toEqual(JSON.parse(JSON.stringify(body)));
    }
    await log.close();
  });

  it('tells what was not known yet from what is not there', async () => {
    const { code, stderr } = await cli.run('status us-tiktok --known-at 2001-01-01');
    expect(code).toBe(1);
    expect(stderr).toContain('nothing was known of it at 2001-01-01');
  });

  it('draws a timeline in legal order, with the turns of the headline and a bar for each provision', async () => {
    const text = await cli.answer('timeline us-tiktok');
    const dates = [...text.matchAll(/^(\d{4}-\d\d-\d\d) /gm)].map(([, date]) => date ?? '');
    expect(dates.length).toBeGreaterThan(51);
    expect(dates).toEqual(dates.toSorted());
    expect(text).toMatch(/^2025-01-20 +\| executive +EO 14166: 75 days of non-enforcement$/m);
    expect(text).toMatch(/^2025-01-20 +\+-+ enforcement paused$/m);
    expect(text).toMatch(/^2025-01-19 +\+-+ in force and enforceable$/m);
    expect(text).toMatch(/^pafaca-2a by doj +a+E?P+\.+$/m);
    expect(text).toMatch(/^E enforceable {3}P paused by policy/m);
  });

  it('cuts a timeline to its days', async () => {
    const { items } = await cli.json<TimelineAnswer>('timeline us-tiktok --from 2025-01-01 --to 2025-01-31');
    expect(items.map(({ occurredOn }) => occurredOn.slice(0, 7))).toEqual(items.map(() => '2025-01'));
    expect(items.length).toBeGreaterThan(5);
    const text = await cli.answer('timeline us-tiktok --from 2025-01-01 --to 2025-01-31');
    // The first turn is within the days asked for, and the bars are as long as they.
    expect(/^(\S+) +\+-+/m.exec(text)?.[1]).toBe('2025-01-19');
    expect(text).toMatch(/^pafaca-2a by doj +a+E+P+$/m);
    expect((await cli.run('timeline us-tiktok --from 2025-02-01 --to 2025-01-01')).code).toBe(2);
  });

  it('lists what is due, of one matter or of all', async () => {
    const text = await cli.answer('deadlines us-tiktok --at 2025-05-01');
    expect(text).toMatch(/^2025-06-19 +in 49 days +extended +doj +eo-14258 +tiktok-forbearance.until/m);
    expect(text).toMatch(/lapsed/);
    const all = await cli.answer('deadlines --at 2025-05-01');
    expect(all).toMatch(/us-tiktok/);
    expect(all).toMatch(/us-chip-controls/);
  });

  it('keeps to a period, states and parties of deadlines', async () => {
    const within = await cli.json<{ items: { due: { date: string } }[] }>('deadlines --at 2025-12-01 --within P60D');
    expect(within.items.length).toBeGreaterThan(0);
    for (const { due } of within.items) expect(due.date >= '2025-12-01' && due.date <= '2026-01-30').toBe(true);
    const lapsed = await cli.json<{ items: { state: string; obligated: string[] }[] }>(
      'deadlines --state lapsed --party commerce',
    );
    expect(lapsed.items.length).toBeGreaterThan(0);
    for (const { state, obligated } of lapsed.items)
      expect([state, obligated.includes('commerce')]).toEqual(['lapsed', true]);
  });

  it('says what was learnt between two days', async () => {
    const diff = await cli.json<DiffAnswer>('diff us-tiktok --known-from 2020-01-01 --at 2025-02-01');
    expect(diff.entries).toHaveLength(51);
    expect(diff.changes.length).toBeGreaterThan(0);
    const text = await cli.answer('diff us-tiktok --known-from 2020-01-01 --at 2025-02-01');
    expect(text).toMatch(/^recorded +eo-14166$/m);
    const now = await cli.answer(`diff us-tiktok --known-from ${new Date(Date.now() + 1000).toISOString()}`);
    expect(now).toContain('No entry was recorded, corrected or retracted.');
    expect(now).toContain('No answer changes.');
  });

  it('says what an entry would change, and records nothing', async () => {
    const before = await cli.json<StatusAnswer>('status us-chip-controls');
    const file = cli.file('pause.json', aPause('another-pause', '2026-08-31'));
    const { changes, after } = await cli.json<WhatIfAnswer>(`what-if us-tiktok ${file} --at 2026-06-01`);
    expect(changes.length).toBeGreaterThan(0);
    expect(after.matter).toBe('us-tiktok');
    const text = await cli.answer(`what-if us-tiktok ${file} --at 2026-06-01`);
    expect(text).toMatch(/^now +Does not apply$/m);
    expect(text).toMatch(/^DEADLINE +BEFORE +AFTER$/m);
    expect(await cli.json('status us-chip-controls')).toEqual(before);
    expect(await cli.answer('timeline us-tiktok')).not.toContain('Another pause');
  });

  it('lists the matters with their headlines', async () => {
    const text = await cli.answer('matters');
    expect(text).toMatch(/^us-chip-controls +US +\S.*US export controls on advanced AI chips to China$/m);
    expect(text).toMatch(/^us-tiktok +US +\S.*TikTok: divest or ban \(United States\)$/m);
  });
});
