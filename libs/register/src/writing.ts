import { Malformed } from '#libs/contract';
import {
  type Appended,
  type EventLog,
  type Expectation,
  type Json,
  LogUnavailable,
  MAX_EVENT_BYTES,
  type NewEvent,
  WrongRevision,
} from '#libs/event-log';
import { type Command, conflicts, decide, type Decision, type MatterEvent, Refusal } from '#libs/matter';
import { IdempotencyKeyReused, RevisionConflict } from './errors.ts';
import type { Files } from './files.ts';
import { type Marks, marksOf, OpeningKeys } from './idempotency.ts';
import { subjectOf, writtenBody } from './matter-file.ts';
import type { EventMeta, FiledEvent, MatterFile, Writer, Written } from './shapes.ts';
import { current, matterStream, schemaOf } from './stream.ts';
import { Turns } from './turns.ts';

/** What to decide, given the matter as it stands (undefined: not open). May throw NotFound, Malformed or Refusal. */
export type Plan = (file: MatterFile | undefined) => { readonly command: Command; readonly subject: string };

interface Order {
  readonly matterId: string;
  readonly by: Writer;
  readonly plan: Plan;
  /** Where the command's own pointers lie within the request's body. */
  readonly within: string;
  /** Made once, so that the log recognises the event when its first append ended in doubt. */
  readonly eventId: string;
  readonly marks: Marks | undefined;
}

/** Other processes may write to the same matter; after this many lost races something is wrong. */
const MOST_TRIES = 20;

/** Decides commands and appends what follows from them. */
export class Writing {
  readonly #log: EventLog;
  readonly #files: Files;
  readonly #newId: () => string;
  readonly #openings: OpeningKeys;
  readonly #turns = new Turns();

  constructor(log: EventLog, files: Files, newId: () => string) {
    this.#log = log;
    this.#files = files;
    this.#newId = newId;
    this.#openings = new OpeningKeys(log);
  }

  /** Writers of one matter take turns: in one process they would only make each other try again. */
  async write(matterId: string, by: Writer, plan: Plan, within = ''): Promise<Written> {
    const order = { matterId, by, plan, within, eventId: this.#newId(), marks: marksOf(by) };
    return this.#turns.take(matterId, () => this.#attempts(order));
  }

  /** As `write`; a key may have opened another matter, so that those who bring one take turns, too. */
  async open(matterId: string, by: Writer, plan: Plan): Promise<Written> {
    const { ifMatch: _, ...terms } = by;
    const marks = marksOf(terms);
    if (!marks) return this.write(matterId, terms, plan);
    return this.#turns.take(`key ${marks.idempotency}`, async () => {
      const opening = await this.#openings.find(marks.idempotency);
      if (opening && subjectOf(opening) !== matterId) throw new IdempotencyKeyReused();
      return this.write(matterId, terms, plan);
    });
  }

  async #attempts(order: Order): Promise<Written> {
    let file = await this.#files.newest(order.matterId);
    let asked = false;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const own = file?.events.find(({ id }) => id === order.eventId);
      if (own) return { repeated: false, body: writtenBody(own) };
      const judged = attempted(() => judge(order, file));
      if ('repeated' in judged) return judged;
      const written = 'refusal' in judged ? undefined : await this.#append(order, file, newEvent(order, judged));
      if (written) return written;
      // What another process wrote a moment ago may not have been told of yet: only the log refuses.
      if ('refusal' in judged && asked) throw judged.refusal;
      file = await this.#files.asked(order.matterId);
      asked = true;
    }
    throw new LogUnavailable(`The matter ${order.matterId} has more writers than this one can keep up with.`);
  }

  /** @returns undefined when the matter has moved on. */
  async #append(order: Order, file: MatterFile | undefined, event: NewEvent): Promise<Written | undefined> {
    const stream = matterStream(order.matterId);
    const expectation = file ? { revision: file.newest.revision } : 'no-stream';
    try {
      const appended = await this.#appendSurely(stream, expectation, event);
      const filed = current({ ...event, stream, ...appended });
      this.#files.appended(file, order.matterId, [filed]);
      return { repeated: false, body: writtenBody(filed) };
    } catch (error) {
      if (error instanceof WrongRevision) return undefined;
      throw error;
    }
  }

  /** Once more when the first append ended in doubt: if it did reach the log, the log knows the event by its id. */
  async #appendSurely(stream: string, expectation: Expectation, event: NewEvent): Promise<Appended> {
    try {
      return await this.#log.append(stream, expectation, [event]);
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
      return this.#log.append(stream, expectation, [event]);
    }
  }
}

function attempted<Judged extends object>(judgement: () => Judged): Judged | { readonly refusal: unknown } {
  try {
    return judgement();
  } catch (refusal) {
    return { refusal };
  }
}

/** In the order of the checks (CONTRACT): repeats, what conflicts with the record, If-Match, the rules. */
function judge(order: Order, file: MatterFile | undefined): Written | Extract<Decision, { kind: 'append' }> {
  const { by, marks } = order;
  const prior = marks && file?.events.find(({ meta }) => meta.idempotency === marks.idempotency);
  if (prior && prior.meta.body === marks.body) return { repeated: true, body: writtenBody(prior) };
  const { command, subject } = order.plan(file);
  const decision = decided(file, command, order.within);
  if (!(decision instanceof Refusal) && decision.kind === 'repeat') {
    return { repeated: true, body: writtenBody(recorded(file, decision.eventId), subject) };
  }
  if (prior) throw new IdempotencyKeyReused();
  if (decision instanceof Refusal && conflicts.has(decision.rule)) throw decision;
  if (file && by.ifMatch !== undefined && by.ifMatch !== file.newest.revision) {
    throw new RevisionConflict(order.matterId, file.newest.revision);
  }
  if (decision instanceof Refusal) throw decision;
  return decision;
}

function decided(file: MatterFile | undefined, command: Command, within: string): Decision | Refusal {
  try {
    return decide(file?.record, command);
  } catch (error) {
    if (error instanceof Refusal) return relocated(error, within);
    throw error;
  }
}

/** The refusal with its pointer into the request's body instead of into the entry. */
export function relocated(refusal: Refusal, within: string): Refusal {
  const { rule, message, pointer, entries } = refusal;
  if (pointer === undefined || within === '') return refusal;
  return new Refusal(rule, message, { pointer: `${within}${pointer}`, entries });
}

function recorded(file: MatterFile | undefined, eventId: string): FiledEvent {
  const event = file?.events.find(({ id }) => id === eventId);
  if (!event) throw new Error(`The record speaks of event ${eventId}, which its file does not hold.`);
  return event;
}

function newEvent({ eventId, by, marks }: Order, decision: Extract<Decision, { kind: 'append' }>): NewEvent {
  const [event, ...more] = decision.events;
  if (!event || more.length > 0) throw new Error('A command makes one event.');
  const { warnings } = decision;
  const meta: EventMeta = {
    actor: by.actor,
    ...(by.correlation !== undefined && { correlation: by.correlation }),
    ...marks,
    ...(warnings.length > 0 && { warnings }),
  };
  return encoded(eventId, event, meta);
}

/** @throws Malformed for what no log could take. */
function encoded(id: string, { type, data }: MatterEvent, meta: EventMeta): NewEvent {
  const text = JSON.stringify([data, meta]);
  if (Buffer.byteLength(text) > MAX_EVENT_BYTES) {
    throw new Malformed([{ pointer: '', message: `must not be larger than ${MAX_EVENT_BYTES} bytes` }]);
  }
  const [dataCopy = null, metaCopy = null]: Json[] = JSON.parse(text);
  return { id, type, schema: schemaOf(type), data: dataCopy, meta: metaCopy };
}
