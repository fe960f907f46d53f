import { Bell, type EventLog, type RecordedEvent } from '#libs/event-log';
import type { RaisedAlert } from '../alert.ts';
import { alertStream, raisedBy } from './alert-event.ts';

/**
 * Every alert that was raised, numbered for its watch in log order: the same on every replica, and after every restart.
 * Only their ids are kept in memory; what they say is read from the log.
 */
export class RaisedAlerts {
  readonly #log: EventLog;
  readonly #byWatch = new Map<string, string[]>();
  readonly #bells = new Map<string, Bell>();
  readonly #followers = new Set<{ readonly changed: Set<string>; readonly bell: Bell }>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Fed every event in log order. @returns the alert that it raised, if it did */
  take(event: RecordedEvent): RaisedAlert | undefined {
    const alert = raisedBy(event);
    if (!alert) return undefined;
    const ids = this.#byWatch.get(alert.watch);
    if (ids) ids.push(alert.id);
    else this.#byWatch.set(alert.watch, [alert.id]);
    const { position, recordedAt: raisedAt } = event;
    this.#bells.get(alert.watch)?.ring();
    this.touch(alert.watch);
    return { alert, seq: this.last(alert.watch), position, raisedAt };
  }

  /** Something about a watch has changed: whoever follows looks at it again. */
  touch(watch: string): void {
    for (const { changed, bell } of this.#followers) {
      changed.add(watch);
      bell.ring();
    }
  }

  /** `seq` of the newest alert of a watch; 0 while it has none. */
  last(watch: string): number {
    return this.#byWatch.get(watch)?.length ?? 0;
  }

  /** `seq` of an alert of a watch. */
  seqOf(watch: string, alert: string): number | undefined {
    const index = this.#byWatch.get(watch)?.lastIndexOf(alert) ?? -1;
    return index < 0 ? undefined : index + 1;
  }

  /** Those after this `seq` that are known now, in order. @throws EventLogError */
  async *after(watch: string, seq: number): AsyncGenerator<RaisedAlert, void> {
    for (let next = seq; next < this.last(watch); next += 1) {
      const raised = await this.#read(this.#byWatch.get(watch)?.[next] ?? '', next + 1);
      if (raised) yield raised;
    }
  }

  /** Those after this `seq`, and then each as it is raised; ends with the signal. */
  async *listen(watch: string, seq: number, signal: AbortSignal): AsyncGenerator<RaisedAlert, void> {
    const bell = this.#bells.get(watch) ?? new Bell();
    this.#bells.set(watch, bell);
    for (let next = seq; !signal.aborted;) {
      const seen = bell.rings;
      for await (const raised of this.after(watch, next)) {
        yield raised;
        next = raised.seq;
      }
      await bell.after(seen, signal);
    }
    if (bell.waiting === 0) this.#bells.delete(watch);
  }

  /** Ids of watches: of every one that has alerts, and again whenever one is raised or the watch changes. */
  async *follow(signal: AbortSignal): AsyncGenerator<string, void> {
    const follower = { changed: new Set(this.#byWatch.keys()), bell: new Bell() };
    this.#followers.add(follower);
    try {
      while (!signal.aborted) {
        const seen = follower.bell.rings;
        const changed = [...follower.changed];
        follower.changed.clear();
        yield* changed;
        await follower.bell.after(seen, signal);
      }
    } finally {
      this.#followers.delete(follower);
    }
  }

  async #read(id: string, seq: number): Promise<RaisedAlert | undefined> {
    for await (const event of this.#log.read(alertStream(id))) {
      const alert = raisedBy(event);
      if (alert) return { alert, seq, position: event.position, raisedAt: event.recordedAt };
    }
    return undefined;
  }
}
