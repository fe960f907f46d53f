import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ANSWER_GIVEN,
  ANSWERS,
  AlertEngine,
  Alerting,
  type AlertingOptions,
  type Channel,
  type PlannedAlert,
  type RaisedAlert,
  type Watch,
  WatchDesk,
  type WatchSettings,
} from '#libs/alerts';
import { epochMs, instantAt, dayNumber, instantOf, momentOf } from '#libs/calendar';
import { type Dataset, parseDataset } from '#libs/contract';
import { type EventLog, MemoryEventLog, uuidv7 } from '#libs/event-log';
import type { Entry, Matter, MergePatch } from '#libs/matter';
import { Register } from '#libs/register';
import { Vault } from '#libs/vault';
import { aMatter } from './matter.ts';
import { VirtualTime } from './virtual-time.ts';

export const vault = new Vault('the secret of the tests, long enough for anybody');

export const webhook: Channel = { kind: 'webhook', url: 'https://example.org/hooks/7f3a' };

const by = { actor: 'tests' };
const NEW_YORK = 'America/New_York';

/** A watch of everything on the standard ladder, at nine in New York. */
export function settings(more: Partial<WatchSettings> = {}): WatchSettings {
  return {
    name: 'A watch',
    filter: {},
    leads: ['P30D', 'P7D', 'P1D', 'P0D'],
    at: '09:00',
    timeZone: NEW_YORK,
    ...more,
  };
}

/** Epoch ms of an hour of a day in New York, noon by default. */
export function newYork(day: string, hour = 12): number {
  return instantAt(dayNumber(day), hour * 3_600_000, NEW_YORK);
}

/** As one reads it there: `2025-04-04 09:00`. */
export function inNewYork(instant: string): string {
  return instantOf(momentOf(instant, NEW_YORK), NEW_YORK).slice(0, 16).replace('T', ' ');
}

export function dataset(name: string): Dataset {
  const file = join(import.meta.dirname, '../../datasets', `${name}.json`);
  return parseDataset(JSON.parse(readFileSync(file, 'utf8')));
}

/** Matters and watches written to a log whose clock is the test's. */
export class Chronicle {
  readonly time: VirtualTime;
  readonly log: EventLog;
  readonly register: Register;
  readonly desk: WatchDesk;

  constructor(start: string | number, make: (now: () => number) => EventLog = (now) => new MemoryEventLog({ now })) {
    this.time = new VirtualTime(start);
    this.log = make(this.time.now);
    this.register = new Register({ log: this.log, now: this.time.now });
    this.desk = new WatchDesk({ log: this.log, vault });
  }

  /** With a matter of the tests open, and one watch of everything by default. */
  static async of(start: string, matter: Matter = aMatter()): Promise<Chronicle> {
    const chronicle = new Chronicle(epochMs(start));
    await chronicle.register.openMatter(matter, by);
    return chronicle;
  }

  async watch(more: Partial<WatchSettings> = {}, owner = 'key:1', channel = webhook): Promise<Watch> {
    return (await this.desk.create(owner, settings(more), channel)).watch;
  }

  /** Moves the clock; nothing else happens. */
  at(instant: string | number): this {
    this.time.scheduler.frame = typeof instant === 'number' ? instant : epochMs(instant);
    return this;
  }

  async records(entry: Entry, matter = 'matter'): Promise<void> {
    await this.register.record(matter, entry, by);
  }

  async corrects(entry: string, changes: MergePatch, matter = 'matter'): Promise<void> {
    await this.register.correct(matter, entry, { reason: 'A slip.', changes }, by);
  }

  async retracts(entry: string, matter = 'matter'): Promise<void> {
    await this.register.retract(matter, entry, { reason: 'It never happened.', allowOrphans: true }, by);
  }

  /** Puts on record that somebody was answered. @returns the answer's id */
  async answers(actor: string, told: readonly string[], matter = 'matter'): Promise<string> {
    const id = uuidv7();
    const stream = `${ANSWERS}${actor.replace('key:', '')}`;
    const event = { id, type: ANSWER_GIVEN, schema: 1, data: { matter, told: [...told] }, meta: { actor } };
    const before = await Array.fromAsync(this.log.read(stream));
    await this.log.append(stream, before.length === 0 ? 'no-stream' : 'stream-exists', [event]);
    return id;
  }

  /** What the whole log and the clock up to a moment give, in one pass. */
  async planned(until: string | number = this.time.now()): Promise<readonly PlannedAlert[]> {
    const reports: string[] = [];
    const engine = new AlertEngine({ report: (message) => reports.push(message) });
    const alerts: PlannedAlert[] = [];
    for await (const event of this.log.readAll()) alerts.push(...engine.take(event));
    alerts.push(...engine.advance(typeof until === 'number' ? until : epochMs(until)));
    if (reports.length > 0) throw new Error(reports.join('\n'));
    return alerts;
  }

  /** A replica, running on the test's clock. */
  alerting(more: Partial<AlertingOptions> = {}): Alerting {
    const { log, time } = this;
    const alerting = new Alerting({ log, scheduler: time.scheduler, now: time.now, lookMs: 6 * 3_600_000, ...more });
    alerting.start();
    return alerting;
  }
}

/** Every alert of a watch that a replica knows, in order of `seq`. */
export async function raisedFor(alerting: Alerting, watch: string): Promise<readonly RaisedAlert[]> {
  return Array.fromAsync(alerting.raised.after(watch, 0));
}
