import { Bell, type EventLog, type RecordedEvent } from '#libs/event-log';
import type { Alert, RaisedAlert } from '../alert.ts';
import { ALERT_STREAMS, alertStream, raisedBy } from './alert-event.ts';

/**
 * Every alert that was raised, numbered for its watch in log order: the same on every replica, and after every restart.
 * Only their ids are kept in memory; what they say is read from the log.
 */
export class RaisedAlerts {
  readonly #log: EventLog;
  readonly #byWatch = new Map<string, string[]>();
  readonly #byMatter = new Map<string, { readonly watch: string; readonly seq: number }[]>();
  /** `seq` of test alerts, by watch. */
  readonly #tests = new Map<string, number[]>();
  /** How many there are. */
  count = 0;
  /** Of watches that somebody listens to, and how many do. */
  readonly #listened = new Map<string, { readonly bell: Bell; listeners: number }>();
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
    const seq = this.last(alert.watch);
    this.#note(alert, seq);
    const { position, recordedAt: raisedAt } = event;
    this.#listened.get(alert.watch)?.bell.ring();
    this.touch(alert.watch);
    return { alert, seq, position, raisedAt };
  }

  #note({ watch, matter, test }: Alert, seq: number): void {
    this.count += 1;
    if (test) this.#tests.set(watch, [...(this.#tests.get(watch) ?? []), seq]);
    if (matter === null) return;
    const known = this.#byMatter.get(matter);
    if (known) known.push({ watch, seq });
    else this.#byMatter.set(matter, [{ watch, seq }]);
  }

  /** How many alerts of a watch are to be sent after this `seq`: test alerts are sent out of turn. */
  waiting(watch: string, seq: number): number {
    const tests = this.#tests.get(watch) ?? [];
    return Math.max(0, this.last(watch) - seq - tests.filter((test) => test > seq).length);
  }

  /** Those about a matter that are known now and of these watches, in log order. @throws EventLogError */
  async *about(matter: string, isWanted: (watch: string) => boolean): AsyncGenerator<RaisedAlert, void> {
    for (const { watch, seq } of this.#byMatter.get(matter) ?? []) {
      const raised = isWanted(watch) && (await this.#read(this.#byWatch.get(watch)?.[seq - 1] ?? '', seq));
      if (raised) yield raised;
    }
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
    const listened = this.#listened.get(watch) ?? { bell: new Bell(), listeners: 0 };
    this.#listened.set(watch, listened);
    const { bell } = listened;
    listened.listeners += 1;
    try {
      for (let next = seq; !signal.aborted;) {
        const seen = bell.rings;
        for await (const raised of this.after(watch, next)) {
          yield raised;
          next = raised.seq;
        }
        await bell.after(seen, signal);
      }
    } finally {
      // Another one may be busy, and not at the bell just now.
      listened.listeners -= 1;
      if (listened.listeners === 0) this.#listened.delete(watch);
    }
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

/** All alerts about a matter, in log order, by reading the log once. @throws EventLogError */
export async function alertsAbout(log: EventLog, matter: string): Promise<readonly RaisedAlert[]> {
  const raised = new RaisedAlerts(log);
  const about: RaisedAlert[] = [];
  for await (const event of log.readAll({ filter: { streamPrefixes: [ALERT_STREAMS] } })) {
    const taken = raised.take(event);
    if (taken?.alert.matter === matter) about.push(taken);
  }
  return about;
}
