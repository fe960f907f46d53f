import { addDays, type CivilDate, isCivilDate } from '#libs/calendar';
import type { Deadline, Effect, Entry, NextChange } from '#libs/matter';
import { decisive, entriesNamed } from './decisive.ts';

/**
 * The first day after `asOf` on which a headline or a deadline may read differently with no new event. Never later than
 * the true one; asking a few times too often costs little. Besides `next` it minds what `next` leaves out: acts dated
 * ahead, and deadlines that pass. So it takes every date that the entries and the deadlines name, and the day after.
 */
export function flipsOn(
  asOf: CivilDate,
  entries: readonly Entry[],
  next: readonly NextChange[],
  deadlines: readonly Deadline[],
): CivilDate | null {
  const finder = new Finder(asOf);
  const [first] = next;
  if (first) finder.day(first.from);
  const named = new Set(entries.flatMap(({ effects }) => [...entriesNamed(effects)]));
  for (const entry of entries) {
    if (!decisive(entry) && !named.has(entry.id)) continue;
    finder.date(entry.occurredOn);
    if (entry.occurredAt !== undefined) finder.date(entry.occurredAt);
    // An official publication dates what counts from it, even while it lies ahead.
    for (const { publishedOn } of entry.sources) if (publishedOn !== undefined) finder.date(publishedOn);
    for (const effect of entry.effects) {
      if (hidesItsDay(effect)) finder.day(addDays(asOf, 1));
      finder.walk(effect);
    }
  }
  for (const { due, estimate, latest, closedOn, history } of deadlines) {
    if (due) finder.date(due.date);
    for (const date of [estimate, latest, closedOn]) if (date !== undefined) finder.date(date);
    for (const each of history) if (each.due !== null) finder.date(each.due);
  }
  return finder.earliest;
}

/** Its binding day is counted and shows in no deadline: then every day may be the one. */
function hidesItsDay(effect: Effect): boolean {
  if (effect.kind === 'sets-deadline' || effect.kind === 'moves-deadline' || effect.kind === 'extends') return false;
  const day = 'on' in effect ? effect.on : 'from' in effect ? effect.from : undefined;
  return typeof day === 'object' && ('period' in day || 'earliest' in day || 'latest' in day);
}

class Finder {
  readonly #asOf: CivilDate;
  earliest: CivilDate | null = null;

  constructor(asOf: CivilDate) {
    this.#asOf = asOf;
  }

  day(day: CivilDate): void {
    if (day > this.#asOf && (this.earliest === null || day < this.earliest)) this.earliest = day;
  }

  /** A date that something says: it, and the day after it, since a last day is itself included. */
  date(text: string): void {
    if (text < this.#asOf.slice(0, 8)) return;
    const date = text.slice(0, 10);
    if (!isCivilDate(date) || date > '9999-12-30') return;
    // An instant's day in the matter's zone may be the one before or after.
    if (text.length > 10) this.day(addDays(date, -1));
    this.day(date);
    this.day(addDays(date, 1));
  }

  walk(value: unknown): void {
    if (typeof value === 'string') {
      if (value.length >= 10 && value.charCodeAt(4) === 45) this.date(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const each of Object.values(value)) this.walk(each);
    }
  }
}
