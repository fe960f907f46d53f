import type { EventLog, FollowMessage, Json, NewEvent, RecordedEvent } from '#libs/event-log';
import { uuidv7 } from '#libs/event-log';

/** A log as a contract receives it: empty, and its own. */
export interface LogUnderTest {
  readonly log: EventLog;
  /** Closes the log and opens the same one again; absent for stores that do not outlive their process. */
  readonly reopen?: () => Promise<EventLog>;
  readonly cleanup: () => Promise<void>;
}

export type MakeLog = (options?: { readonly now?: () => number }) => Promise<LogUnderTest>;

export function anEvent(data: Json = {}, overrides: Partial<NewEvent> = {}): NewEvent {
  return { id: uuidv7(), type: 'EntryRecorded', schema: 1, data, meta: { actor: 'tests' }, ...overrides };
}

export function events(count: number, data: Json = {}): NewEvent[] {
  return Array.from({ length: count }, () => anEvent(data));
}

export function ids(recorded: readonly { readonly id: string }[]): string[] {
  return recorded.map(({ id }) => id);
}

/** Fills streams in turn, a batch each, so that the log interleaves them. */
export async function fill(log: EventLog, streams: readonly string[], batches: number, size = 1): Promise<void> {
  const next = new Map<string, number>();
  for (let round = 0; round < batches; round += 1) {
    const stream = streams[round % streams.length] ?? 'matter-a';
    const revision = next.get(stream);
    const appended = await log.append(stream, revision === undefined ? 'no-stream' : { revision }, events(size));
    next.set(stream, appended.revision);
  }
}

/** Follows until `enough` says so, and ends by aborting, as a service does when it stops. */
export async function followUntil(
  log: EventLog,
  options: { readonly after?: bigint; readonly prefixes?: readonly string[]; readonly pace?: () => Promise<void> },
  enough: (messages: readonly FollowMessage[]) => boolean,
): Promise<FollowMessage[]> {
  const stop = new AbortController();
  const messages: FollowMessage[] = [];
  const following = log.follow({
    signal: stop.signal,
    ...(options.after === undefined ? {} : { after: options.after }),
    ...(options.prefixes ? { filter: { streamPrefixes: options.prefixes } } : {}),
  });
  for await (const message of following) {
    messages.push(message);
    if (enough(messages)) stop.abort();
    await options.pace?.();
  }
  return messages;
}

export function followed(messages: readonly FollowMessage[]): RecordedEvent[] {
  return messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
}

export function caughtUpAt(position: bigint): (messages: readonly FollowMessage[]) => boolean {
  return (messages) => messages.some((message) => message.kind === 'caughtUp' && message.position >= position);
}
