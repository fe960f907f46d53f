import { civilDate, yearOf } from './civil.ts';
import { type HolidayCalendar, isWeekend } from './holidays/holiday-calendar.ts';

/** One count's look at a calendar: which days are working days, and what it had to take on trust. */
export class WorkingDays {
  readonly calendar: HolidayCalendar;
  /** Years whose days off were needed and are not known. */
  readonly missing = new Set<number>();
  readonly #cautions = new Map<number, string>();
  #used = false;

  constructor(calendar: HolidayCalendar) {
    this.calendar = calendar;
  }

  /** Whether any day's answer came from the calendar, rather than from the weekday alone. */
  get used(): boolean {
    return this.#used;
  }

  get warnings(): readonly string[] {
    const { id, of } = this.calendar;
    const unknown = [...this.missing].map(
      (year) => `No holiday calendar of ${of} (${id}) for ${year}: only Saturdays and Sundays were taken as days off.`,
    );
    return [...unknown, ...new Set(this.#cautions.values())];
  }

  isWorking(day: number): boolean {
    return this.dayOff(day) === undefined;
  }

  /** Why a day is off; undefined for a working day. */
  dayOff(day: number): string | undefined {
    if (isWeekend(day)) return 'Saturday or Sunday';
    this.#used = true;
    const year = yearOf(civilDate(day));
    if (!this.calendar.covers(year)) {
      this.missing.add(year);
      return undefined;
    }
    const reason = this.calendar.dayOff(day, year);
    const caution = reason === undefined ? this.calendar.caution?.(day, year) : undefined;
    if (caution !== undefined) this.#cautions.set(day, caution);
    return reason;
  }

  /** The first working day at or after (`1`) or at or before (`-1`) `day`. */
  roll(day: number, sign: 1 | -1): number {
    let at = day;
    while (!this.isWorking(at)) at += sign;
    return at;
  }

  /** The `n`th working day strictly after (`1`) or before (`-1`) `day`. */
  nth(day: number, n: number, sign: 1 | -1): number {
    let at = day;
    for (let left = n; left > 0; left -= 1) at = this.roll(at + sign, sign);
    return at;
  }
}
