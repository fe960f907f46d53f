import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { alertsAbout, type RaisedAlert, toldBySteps } from '#libs/alerts';
import { Chronicle, inNewYork } from '../support/alerts.ts';
import { theSaga } from '../support/alerts-saga.ts';
import { aMatter, issued, setsDeadline } from '../support/matter.ts';

const golden: readonly { readonly at: string; readonly type: string; readonly text: string }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../golden/us-tiktok-alerts.json'), 'utf8'),
);

async function replayed(chronicle: Chronicle, matter: string, knownAt?: string) {
  const replay = await chronicle.register.replay(matter, { clocks: knownAt === undefined ? {} : { knownAt } });
  return [...toldBySteps({ ...replay, knownAt }, await alertsAbout(chronicle.log, matter))];
}

describe('the replay of the TikTok saga', () => {
  let chronicle: Chronicle;
  let raised: readonly RaisedAlert[];
  let watch: string;
  let steps: Awaited<ReturnType<typeof replayed>>;
  beforeAll(async () => {
    const saga = await theSaga();
    ({ chronicle, raised } = saga);
    watch = saga.watch.id;
    steps = await replayed(chronicle, 'us-tiktok');
  });

  const of = (entry: string): readonly string[] =>
    steps
      .filter((step) => step.entry === entry)
      .flatMap(({ alerts }) =>
        alerts.map(({ type, lead, deadline, dueAt }) =>
          [inNewYork(dueAt), lead ?? type, deadline].filter(Boolean).join(' '),
        ),
      );

  it('shows every alert of the golden file once, in its order', () => {
    const shown = steps.flatMap(({ alerts }) => alerts);
    expect(shown.map(({ dueAt, type, text }) => ({ at: inNewYork(dueAt), type, text }))).toEqual(
      golden.map(({ at, type, text }) => ({ at, type, text })),
    );
    expect(shown.map(({ id, seq }) => ({ id, seq }))).toEqual(raised.map(({ alert: { id }, seq }) => ({ id, seq })));
    expect(new Set(shown.map((alert) => alert.watch))).toEqual(new Set([watch]));
  });

  it('shows what an act made with that act', () => {
    const entryOf = new Map(raised.map(({ alert: { id, entry } }) => [id, entry]));
    for (const { entry, alerts } of steps) {
      for (const { id } of alerts) expect([entry, null]).toContain(entryOf.get(id));
    }
  });

  it('shows what the clock brought with the act before it: the reminder of 4 April, and then its end', () => {
    expect(of('eo-14166')).toEqual([
      '2025-01-20 12:00 status-changed',
      '2025-01-20 12:00 deadline-set tiktok-forbearance.until',
    ]);
    expect(of('eo-14258')[0]).toBe('2025-04-04 12:00 deadline-moved tiktok-forbearance.until');
    const before = steps.findLast(({ recordedAt }) => recordedAt < '2025-04-04T13:00:00.000Z');
    expect(before?.alerts.at(-1)).toMatchObject({ lead: 'P1D', dueAt: '2025-04-04T13:00:00.000Z' });
  });

  it('ends with what was raised by its clock', async () => {
    const shown = (await replayed(chronicle, 'us-tiktok', '2025-01-12')).flatMap(({ alerts }) => alerts);
    expect(shown.at(-1)).toMatchObject({ lead: 'P7D', deadline: 'pafaca-2a.applies' });
    expect(shown).toHaveLength(10);
  });
});

describe('steps that share their moment', () => {
  it('have each the alerts of its own entry, and the last what no entry made', async () => {
    const chronicle = new Chronicle(Date.parse('2025-03-01T17:00:00Z'));
    await chronicle.register.openMatter(aMatter(), { actor: 'tests' });
    await chronicle.watch();
    const alerting = chronicle.alerting();
    await chronicle.records(issued('one', '2025-03-01', [setsDeadline('report', '2025-03-07')]));
    await chronicle.records(issued('two', '2025-03-01', [setsDeadline('plan', '2025-09-01')]));
    await chronicle.time.run(60_000);
    await alerting.stop();
    const steps = await replayed(chronicle, 'matter');
    expect(new Set(steps.map(({ recordedAt }) => recordedAt)).size).toBe(1);
    expect(
      steps.map(({ entry, alerts }) => [entry, ...alerts.map(({ type, deadline }) => `${type} ${deadline}`)]),
    ).toEqual([
      ['one', 'deadline-set report'],
      ['two', 'deadline-reminder report', 'deadline-set plan'],
    ]);
  });

  it('have none where nobody was told', async () => {
    const chronicle = new Chronicle(Date.parse('2025-03-01T17:00:00Z'));
    await chronicle.register.openMatter(aMatter(), { actor: 'tests' });
    expect(await replayed(chronicle, 'matter')).toEqual([]);
    await chronicle.records(issued('one', '2025-03-01', [setsDeadline('report', '2025-03-07')]));
    expect((await replayed(chronicle, 'matter')).map(({ alerts }) => alerts)).toEqual([[]]);
  });
});
