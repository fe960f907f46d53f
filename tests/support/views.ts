import {
  EventLog,
  uuidv7,
  type Appended,
  type FollowMessage,
  type Json,
  type NewEvent,
  type ReadAllOptions,
  type ReadOptions,
  type RecordedEvent,
  type RestoredEvent,
} from '#libs/event-log';
import { Views, type ReportLine, type ViewsOptions } from '#libs/views';

type Data = Readonly<Record<string, Json>>;

export function recorded(type: string, data: Data): NewEvent {
  return { id: uuidv7(), type, schema: 1, data, meta: { actor: 'tests' } };
}

export function opened(id: string, more: Data = {}): NewEvent {
  return recorded('MatterOpened', {
    id,
    title: `Matter ${id}`,
    jurisdiction: 'US',
    timeZone: 'America/New_York',
    tags: ['technology'],
    parties: [
      { id: 'app-stores', name: 'App stores', kind: 'class' },
      { id: 'apple', name: 'Apple', memberOf: ['app-stores'] },
      { id: 'google', name: 'Google', memberOf: ['app-stores'] },
      { id: 'doj', name: 'Attorney General', kind: 'enforcer' },
    ],
    ...more,
  });
}

/** An entry whose author is the one its type expects. */
export function entry(id: string, occurredOn: string, more: Data = {}): NewEvent {
  const type = typeof more['type'] === 'string' ? more['type'] : 'NoticeIssued';
  return recorded(type, {
    id,
    type,
    occurredOn,
    title: `Act ${id}`,
    author: { name: 'President of the United States' },
    sources: [{ title: `Source of ${id}`, publisher: 'GPO', publishedOn: occurredOn, evidence: 'official' }],
    effects: [],
    ...more,
  });
}

/** A ban on app stores in force from 24 April 2024, enforced by the Attorney General. */
export function ban(id = 'ban'): NewEvent {
  return entry(`law-${id}`, '2024-04-24', {
    type: 'LawEnacted',
    title: 'The Divestiture Act',
    summary: 'Prohibits distribution by app stores.',
    author: { kind: 'legislature', name: 'Congress' },
    instrument: { id: `act-${id}`, citation: 'Pub. L. 118-50' },
    effects: [
      {
        kind: 'establishes',
        provision: id,
        title: 'The ban',
        norm: 'prohibition',
        addressees: ['app-stores'],
        enforcers: ['doj'],
        force: '2024-04-24',
      },
    ],
  });
}

/** A promise not to enforce it, from one day through another. */
export function pause(id: string, from: string, until: string, provision = 'ban'): NewEvent {
  return entry(id, from, {
    type: 'ExecutiveActIssued',
    effects: [
      {
        kind: 'restrains',
        restraint: id,
        form: 'forbearance',
        provisions: [provision],
        enforcers: ['doj'],
        protects: 'all',
        from,
        until,
      },
    ],
  });
}

export function duty(id: string, due: string, obligated: readonly string[] = ['apple']): NewEvent {
  return entry(`sets-${id}`, '2024-05-01', {
    type: 'ExecutiveActIssued',
    effects: [
      { kind: 'sets-deadline', deadline: id, title: `Duty ${id}`, deadlineKind: 'party-act', obligated, basis: due },
    ],
  });
}

export function correction(of: string, changes: Data): NewEvent {
  return recorded('EntryCorrected', { entry: of, reason: 'misread', changes });
}

export function retraction(of: string): NewEvent {
  return recorded('EntryRetracted', { entry: of, reason: 'never happened' });
}

/** Appends to a matter's stream, wherever it is. Answers the position. */
export async function record(log: EventLog, matter: string, ...events: readonly NewEvent[]): Promise<bigint> {
  const stream = `matter-${matter}`;
  let revision = -1;
  for await (const event of log.read(stream)) revision = event.revision;
  const { position } = await log.append(stream, revision < 0 ? 'no-stream' : { revision }, events);
  return position;
}

/** Views in memory that have caught up, and what they reported. */
export async function following(
  log: EventLog,
  options: Partial<ViewsOptions> = {},
): Promise<{ readonly views: Views; readonly lines: ReportLine[] }> {
  const lines: ReportLine[] = [];
  const views = Views.open({ file: ':memory:', log, now: () => NOON, report: (line) => lines.push(line), ...options });
  views.start();
  await caughtUp(views, log);
  return { views, lines };
}

export async function caughtUp(views: Views, log: EventLog): Promise<void> {
  const waited = await views.waitFor(await log.head(), 5_000);
  if (waited !== 'reached') throw new Error(`${waited}: ${JSON.stringify(views.state.error)}`);
}

/** 1 June 2024, noon in UTC. */
export const NOON = Date.parse('2024-06-01T12:00:00Z');

/** Another log, to have one's way with. */
export class DelegatingLog extends EventLog {
  readonly inner: EventLog;
  constructor(inner: EventLog) {
    super();
    this.inner = inner;
  }
  override append(...args: Parameters<EventLog['append']>): Promise<Appended> {
    return this.inner.append(...args);
  }
  override restore(events: readonly RestoredEvent[]): Promise<void> {
    return this.inner.restore(events);
  }
  override read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent> {
    return this.inner.read(stream, options);
  }
  override readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent> {
    return this.inner.readAll(options);
  }
  override follow(options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncIterable<FollowMessage> {
    return this.inner.follow(options);
  }
  override head(): Promise<bigint> {
    return this.inner.head();
  }
  override newest(): Promise<RecordedEvent | undefined> {
    return this.inner.newest();
  }
  override close(): Promise<void> {
    return this.inner.close();
  }
}
