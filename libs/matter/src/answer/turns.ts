import { DAY, epochMs, instantOf, isCivilDate, isInstant, type Moment, momentOf, startOfDay } from '#libs/calendar';
import type { Picture } from '../picture/picture.ts';
import { pictureAt } from '../picture/picture-at.ts';
import type { Basis } from '../record/basis.ts';
import type { Effect } from '../record/effect.ts';
import type { Entry, Matter } from '../record/entry.ts';
import type { Act } from '../record/legal-order.ts';
import { prepare } from '../time/prepared.ts';

/**
 * When a status or a deadline may next read differently with no new event, as epoch milliseconds; null: never. Never
 * later than the true moment. It may be earlier: it takes every date that the entries name or that follows from them,
 * since acts may be dated ahead and an act's dates may be counted from another's.
 */
export function nextTurn(matter: Matter, entries: readonly Entry[], at: string): number | null {
  const { timeZone } = matter;
  const now = momentOf(at, timeZone);
  const picture = pictureAt(prepare(matter, entries), now);
  const turns = new Turns(now, timeZone);
  for (const { moment } of picture.breaks) turns.moment(moment);
  for (const act of picture.prepared.acts) {
    turns.moment(act.moment);
    for (const { publishedOn } of act.entry.sources) if (publishedOn !== undefined) turns.text(publishedOn);
  }
  for (const { effect, act } of picture.prepared.effects) {
    turns.walk(effect);
    for (const basis of basesOf(effect)) turns.dated(picture, basis, act);
  }
  return turns.next === Infinity ? null : epochMs(instantOf(turns.next, timeZone));
}

/** The dates of an effect, of which some are counted and stand nowhere in words. */
function* basesOf(effect: Effect): Generator<Basis, void> {
  if (effect.kind === 'releases') return;
  for (const name of ['from', 'on', 'to', 'until', 'force', 'applies', 'basis'] as const) {
    const basis: Basis | undefined = name in effect ? Reflect.get(effect, name) : undefined;
    if (typeof basis === 'object') yield basis;
  }
}

class Turns {
  readonly #now: Moment;
  readonly #timeZone: string;
  next: Moment = Infinity;

  constructor(now: Moment, timeZone: string) {
    this.#now = now;
    this.#timeZone = timeZone;
  }

  moment(moment: Moment): void {
    if (moment > this.#now && moment < this.next) this.next = moment;
  }

  /** A date turns at its start and, since a last day is itself included, at its end. */
  day(start: Moment): void {
    this.moment(start);
    this.moment(start + DAY);
  }

  dated(picture: Picture, basis: Basis, act: Act): void {
    const { moment, instant } = picture.dates.of(basis, act);
    if (moment === null) return;
    if (instant === undefined) this.day(moment);
    else this.moment(moment);
  }

  text(text: string): void {
    if (isCivilDate(text)) this.day(startOfDay(text));
    else if (isInstant(text)) this.moment(momentOf(text, this.#timeZone));
  }

  walk(value: unknown): void {
    if (typeof value === 'string') {
      if (value.length >= 10 && value.charCodeAt(4) === 45) this.text(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const each of Object.values(value)) this.walk(each);
    }
  }
}
