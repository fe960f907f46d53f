import type { CivilDate, Moment } from '#libs/calendar';
import { endOf, startOf, type When } from '../time/when.ts';

/** A moment at which something scheduled happens. */
export interface Break {
  readonly moment: Moment;
  /** The date that the source names. */
  readonly on: CivilDate;
  readonly what: string;
  readonly subject: string;
  /** Only these are concerned; absent: everybody that the subject concerns. */
  readonly parties?: readonly string[];
}

/** Every moment at which a picture may change by itself. A day that nobody knows yet is in no schedule. */
export class Schedule {
  readonly #breaks: Break[] = [];
  #sorted: readonly Break[] | undefined;

  /** In order of time; complete once the picture is drawn. */
  get breaks(): readonly Break[] {
    this.#sorted ??= this.#breaks.toSorted((a, b) => a.moment - b.moment);
    return this.#sorted;
  }

  starts(when: When, what: string, subject: string, parties?: readonly string[]): void {
    this.#add(when, startOf(when), what, subject, parties);
  }

  ends(until: When, what: string, subject: string): void {
    this.#add(until, endOf(until), what, subject);
  }

  #add({ moment, date }: When, at: Moment, what: string, subject: string, parties?: readonly string[]): void {
    if (moment === null || date === null) return;
    this.#breaks.push({ moment: at, on: date, what, subject, ...(parties && { parties }) });
  }
}
