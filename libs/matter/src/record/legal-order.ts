import { type Moment, momentOf, startOfDay } from '#libs/calendar';
import type { Entry } from './entry.ts';

/** When the act happened: its hour, else the start of its day in the matter's zone. */
export function actMoment(entry: Entry, timeZone: string): Moment {
  return entry.occurredAt === undefined ? startOfDay(entry.occurredOn) : momentOf(entry.occurredAt, timeZone);
}

export interface Act {
  readonly entry: Entry;
  readonly moment: Moment;
}

/** Legal order: day, hour, `order`, id; never the order of recording (MODEL §1). */
export function compareActs(a: Act, b: Act): number {
  if (a.entry.occurredOn !== b.entry.occurredOn) return a.entry.occurredOn < b.entry.occurredOn ? -1 : 1;
  if (a.moment !== b.moment) return a.moment - b.moment;
  const order = (a.entry.order ?? 0) - (b.entry.order ?? 0);
  if (order !== 0) return order;
  return a.entry.id < b.entry.id ? -1 : a.entry.id > b.entry.id ? 1 : 0;
}

export function inLegalOrder(entries: readonly Entry[], timeZone: string): readonly Act[] {
  return entries.map((entry) => ({ entry, moment: actMoment(entry, timeZone) })).toSorted(compareActs);
}
