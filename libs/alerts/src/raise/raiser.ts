import { type EventLog, uuidv7, WrongRevision } from '#libs/event-log';
import { alertId } from '../plan/alert-id.ts';
import type { PlannedAlert } from '../plan/planned.ts';
import type { Watch } from '../watch.ts';
import { alertRaised, alertStream } from './alert-event.ts';

/** Raises alerts: each is one event in a stream of its own, so that it is raised once, whoever does it and however often. */
export class Raiser {
  readonly #log: EventLog;
  readonly #now: () => number;

  constructor(log: EventLog, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** @returns whether this call raised it; it may have been raised before. @throws EventLogError */
  async raise(alert: PlannedAlert): Promise<boolean> {
    return (await this.#append(alert)) !== undefined;
  }

  /** An alert that is none, to try the way to the watcher. @returns where it is @throws EventLogError */
  async test(watch: Watch): Promise<{ readonly id: string; readonly position: bigint }> {
    const now = this.#now();
    const alert: PlannedAlert = {
      id: alertId(watch.id, 'test', uuidv7(now)),
      watch: watch.id,
      type: 'test',
      dueAt: new Date(now).toISOString(),
      matter: null,
      entry: null,
      lead: null,
      test: true,
      corrects: null,
      answer: null,
      told: [],
      before: null,
      after: null,
      deadline: null,
      text: `This is a test of the watch “${watch.name}”; nothing has happened.`,
    };
    const position = await this.#append(alert);
    return { id: alert.id, position: position ?? 0n };
  }

  /** @returns its position; undefined when it was raised before. */
  async #append(alert: PlannedAlert): Promise<bigint | undefined> {
    try {
      const appended = await this.#log.append(alertStream(alert.id), 'no-stream', [alertRaised(alert, this.#now())]);
      return appended.repeated ? undefined : appended.position;
    } catch (error) {
      if (error instanceof WrongRevision) return undefined;
      throw error;
    }
  }
}
