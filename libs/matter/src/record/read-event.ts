import { isCivilDate, isInstant, isTimeZone } from '#libs/calendar';
import { effectKinds } from './effect.ts';
import { entryTypes } from './entry.ts';
import type { RecordedMatterEvent } from './events.ts';

export const MATTER_STREAMS = 'matter-';

/** An event of a matter's stream as a log holds it. */
export interface StoredEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly recordedAt: string;
  readonly type: string;
  readonly data: unknown;
}

/** An event of a matter, read. */
export type MatterLogged = RecordedMatterEvent & { readonly position: bigint };

/** The data is not what its type says. */
export class Unreadable extends Error {}

type Fields = Readonly<Record<string, unknown>>;

const kinds: ReadonlySet<unknown> = new Set(effectKinds);

/**
 * An event as its type says. What came through the door was checked there in full; this looks only at what the folds
 * and the rows rely on, because a replay reads everything again.
 * @throws Unreadable
 */
export function readMatterEvent(event: StoredEvent): MatterLogged {
  const data = objectIn(event.data, 'data');
  switch (event.type) {
    case 'MatterOpened':
      opened(data, event.stream);
      break;
    case 'PartyAdded':
      party(data);
      break;
    case 'EntryCorrected':
      text(data, 'entry');
      text(data, 'reason');
      objectIn(data['changes'], 'changes');
      break;
    case 'EntryRetracted':
      text(data, 'entry');
      text(data, 'reason');
      break;
    default:
      if (!Object.hasOwn(entryTypes, event.type)) throw new Unreadable(`${event.type} is not a type known here`);
      entry(data, event.type);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is the parser: the shape was checked
  return event as unknown as MatterLogged;
}

function opened(data: Fields, stream: string): void {
  for (const name of ['id', 'title', 'jurisdiction', 'timeZone']) text(data, name);
  if (stream !== `${MATTER_STREAMS}${String(data['id'])}`) throw new Unreadable('the matter stands in another stream');
  if (!isTimeZone(String(data['timeZone']))) throw new Unreadable('timeZone is not a time zone');
  for (const each of listIn(data, 'parties')) party(objectIn(each, 'party'));
  if (data['description'] !== undefined) text(data, 'description');
  if (data['tags'] !== undefined) listOfTexts(data, 'tags');
}

function party(data: Fields): void {
  text(data, 'id');
  text(data, 'name');
  if (data['kind'] !== undefined) text(data, 'kind');
  if (data['memberOf'] !== undefined) listOfTexts(data, 'memberOf');
}

function entry(data: Fields, type: string): void {
  text(data, 'id');
  text(data, 'title');
  if (data['type'] !== type) throw new Unreadable(`type is not ${type}`);
  if (!isCivilDate(data['occurredOn'])) throw new Unreadable('occurredOn is not a date');
  if (data['occurredAt'] !== undefined && !isInstant(data['occurredAt'])) {
    throw new Unreadable('occurredAt is not an instant');
  }
  if (data['summary'] !== undefined) text(data, 'summary');
  text(objectIn(data['author'], 'author'), 'name');
  if (data['instrument'] !== undefined) text(objectIn(data['instrument'], 'instrument'), 'id');
  for (const source of listIn(data, 'sources')) text(objectIn(source, 'source'), 'title');
  for (const effect of listIn(data, 'effects')) {
    const { kind } = objectIn(effect, 'effect');
    if (!kinds.has(kind)) throw new Unreadable(`${String(kind)} is not a kind of effect`);
  }
}

function objectIn(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Unreadable(`${name} is not an object`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just seen to be an object
  return value as Fields;
}

function listIn(data: Fields, name: string): readonly unknown[] {
  const value = data[name];
  if (!Array.isArray(value)) throw new Unreadable(`${name} is not a list`);
  return value;
}

function text(data: Fields, name: string): void {
  if (typeof data[name] !== 'string') throw new Unreadable(`${name} is not text`);
}

function listOfTexts(data: Fields, name: string): void {
  if (listIn(data, name).some((item) => typeof item !== 'string'))
    throw new Unreadable(`${name} is not a list of texts`);
}
