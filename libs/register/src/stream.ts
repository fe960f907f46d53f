import { encodePosition, type Json, LogUnusable, type RecordedEvent } from '#libs/event-log';
import { entryTypes } from '#libs/matter';
import type { EventAnswer } from './answers.ts';
import type { FiledEvent } from './shapes.ts';

const PREFIX = 'matter-';
const SLUG = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** The stream of a matter's events. */
export function matterStream(id: string): string {
  return `${PREFIX}${id}`;
}

/** The matter whose stream this is; undefined for any other stream. */
export function matterOf(stream: string): string | undefined {
  return stream.startsWith(PREFIX) ? stream.slice(PREFIX.length) : undefined;
}

/** Whether a matter could have this id: nothing else is ever asked of the log. */
export function isMatterId(id: string): boolean {
  return SLUG.test(id);
}

/** An event as the outside sees it: as recorded, its position a token. */
export function eventAnswer(event: RecordedEvent): EventAnswer {
  const { id, stream, revision, position, type, schema, recordedAt, data, meta } = event;
  return { id, stream, revision, position: encodePosition(position), type, schema, recordedAt, data, meta };
}

/** From the data of one schema to that of the next. */
export type Upcast = (data: Json) => Json;

export interface History {
  /** By `<type>@<schema>`, e.g. `RuleIssued@1`. */
  readonly upcasts: Readonly<Record<string, Upcast>>;
  /** Today's schema of each type; 1 where nothing is said. */
  readonly schemas: Readonly<Record<string, number>>;
}

/** Events are never edited: whoever changes a schema says here how to read the earlier ones. */
const history: History = { upcasts: {}, schemas: {} };

/** The schema with which new events of a type are written. */
export function schemaOf(type: string, { schemas }: History = history): number {
  return schemas[type] ?? 1;
}

const types = new Set(['MatterOpened', 'PartyAdded', 'EntryCorrected', 'EntryRetracted', ...Object.keys(entryTypes)]);

/**
 * A recorded event in today's schema.
 * @throws LogUnusable for an event that only a newer version of this program can read.
 */
export function current(event: RecordedEvent, known: History = history): FiledEvent {
  const { id, type, schema, revision, position, recordedAt, data, meta } = event;
  const upcast = known.upcasts[`${type}@${schema}`];
  if (upcast) return current({ ...event, schema: schema + 1, data: upcast(data) }, known);
  if (!types.has(type) || schema !== schemaOf(type, known)) {
    throw new LogUnusable(`Event ${id} (${type}, schema ${schema}) was written by a newer version of this program.`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the register alone writes these streams, parsed
  return { id, type, revision, position, recordedAt, data, meta } as unknown as FiledEvent;
}
