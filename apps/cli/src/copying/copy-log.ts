import { createHash, type Hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { EventLog, RecordedEvent } from '#libs/event-log';
import { type CliFailure, refused } from '../failures.ts';

export interface CopyProgress {
  readonly phase: 'comparing' | 'copying' | 'verifying';
  /** Events of this phase so far. Verifying reads both logs, one after the other. */
  readonly events: number;
}

export interface Copied {
  /** How many events the source held when it was read, and how many of them were appended to the target. */
  readonly events: number;
  readonly copied: number;
  /**
   * SHA-256, in hexadecimal, over the events of each log as they were read again afterwards: the RFC 8785 text of each
   * without its position, followed by a line feed, in log order.
   */
  readonly source: string;
  readonly target: string;
  readonly same: boolean;
}

const MOST_EVENTS = 1000;
const MOST_CHARACTERS = 4 * 1024 * 1024;
const TELL_EVERY = 1000;

/**
 * Copies a log into one that is empty or holds the beginning of it, and reads both again to compare them. May be done
 * beside a writer of the source, and again after it was broken off at any moment. Nobody else may write to the target.
 * @throws CliFailure, before anything is written, when the target is the beginning of another log
 * @throws EventLogError
 */
export async function copyLog(
  source: EventLog,
  target: EventLog,
  progress: (made: CopyProgress) => void = () => {},
): Promise<Copied> {
  const there = target.readAll()[Symbol.asyncIterator]();
  let next = await there.next();
  const batch = new Batch(target);
  const counted = { events: 0, copied: 0 };
  for await (const event of source.readAll()) {
    counted.events += 1;
    if (next.done) {
      counted.copied += 1;
      await batch.add(event);
      tell(progress, 'copying', counted.copied);
      continue;
    }
    if (textOf(next.value) !== textOf(event)) throw differs(counted.events, next.value);
    tell(progress, 'comparing', counted.events);
    next = await there.next();
  }
  if (!next.done) throw differs(counted.events + 1, next.value);
  await batch.flush();
  // Of the source only what was copied: it may have grown meanwhile. Of the target everything.
  const ofSource = await digest(source, counted.events, (events) => tell(progress, 'verifying', events));
  const ofTarget = await digest(target, Infinity, (events) => tell(progress, 'verifying', counted.events + events));
  const same = ofSource.digest === ofTarget.digest && ofTarget.events === counted.events;
  return { ...counted, source: ofSource.digest, target: ofTarget.digest, same };
}

async function digest(
  log: EventLog,
  most: number,
  read: (events: number) => void,
): Promise<{ digest: string; events: number }> {
  const hash: Hash = createHash('sha256');
  let events = 0;
  if (most > 0) {
    for await (const event of log.readAll()) {
      hash.update(`${textOf(event)}\n`);
      events += 1;
      read(events);
      if (events === most) break;
    }
  }
  return { digest: hash.digest('hex'), events };
}

function textOf(recorded: RecordedEvent): string {
  const { position: _, ...event } = recorded;
  return canonicalize(event) ?? '';
}

function differs(place: number, { id, stream, revision }: RecordedEvent): CliFailure {
  return refused(
    'copy-refused',
    `The target is no beginning of the source: its event number ${place} (${id}, ${stream}, revision ${revision}) is not the source's. Nothing was copied.`,
  );
}

function tell(progress: (made: CopyProgress) => void, phase: CopyProgress['phase'], events: number): void {
  if (events % TELL_EVERY === 0) progress({ phase, events });
}

/** Events on their way, gathered so that a store need not take them one by one. */
class Batch {
  readonly #target: EventLog;
  #events: RecordedEvent[] = [];
  #characters = 0;

  constructor(target: EventLog) {
    this.#target = target;
  }

  async add(event: RecordedEvent): Promise<void> {
    this.#events.push(event);
    this.#characters += JSON.stringify(event.data).length;
    if (this.#events.length >= MOST_EVENTS || this.#characters >= MOST_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    const events = this.#events;
    this.#events = [];
    this.#characters = 0;
    if (events.length > 0) await this.#target.restore(events);
  }
}
