import type { PlannedAlert, RaisedAlert, Watch } from '#libs/alerts';
import { addDays } from '#libs/calendar';
import { Chronicle, dataset, newYork, raisedFor } from './alerts.ts';

const DAY_MS = 86_400_000;

const { matter, entries } = dataset('us-tiktok');
const acts = entries.toSorted((a, b) => (a.occurredOn < b.occurredOn ? -1 : a.occurredOn > b.occurredOn ? 1 : 0));

interface Saga {
  readonly chronicle: Chronicle;
  readonly watch: Watch;
  readonly raised: readonly RaisedAlert[];
  readonly planned: readonly PlannedAlert[];
}

/** The saga of TikTok day by day, each act recorded at noon in New York on its own day, with one watch on the app stores. */
export async function theSaga(): Promise<Saga> {
  const chronicle = new Chronicle(newYork('2020-08-01'));
  const { time } = chronicle;
  await chronicle.register.openMatter(matter, { actor: 'tests' });
  const record = async (from: string, to: string): Promise<void> => {
    for (const act of acts) {
      if (act.occurredOn < from || act.occurredOn > to) continue;
      if (time.now() < newYork(act.occurredOn)) chronicle.at(newYork(act.occurredOn));
      await chronicle.register.record(matter.id, act, { actor: 'tests' });
    }
  };
  await record('2020-08-01', '2024-03-31');
  chronicle.at(newYork('2024-04-01', 8));
  const watch = await chronicle.watch({ filter: { parties: ['app-stores'] } });
  const alerting = chronicle.alerting();
  for (let day = '2024-04-01'; day <= '2026-02-01'; day = addDays(day, 1)) {
    await time.run(newYork(day) - time.now());
    await record(day, day);
    await time.run(newYork(day, 18) - time.now());
  }
  await time.run(DAY_MS);
  const raised = await raisedFor(alerting, watch.id);
  await alerting.stop();
  return { chronicle, watch, raised, planned: await chronicle.planned() };
}
