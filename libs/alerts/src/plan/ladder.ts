import { civilDate, dayNumber, instantAt } from '#libs/calendar';
import type { Watch } from '../watch.ts';
import { type Lead, parseClock, parseLead } from '../watches/settings.ts';

/** A rung that has come: watches with this lead and clock are to be reminded of deadlines due that day. */
export interface Rung {
  /** Epoch ms. */
  readonly at: number;
  readonly lead: string;
  readonly watches: ReadonlySet<string>;
  /** Deadlines by matter. */
  readonly due: ReadonlyMap<string, ReadonlySet<string>>;
}

/** One lead at one hour in one zone, for every watch that has it. */
interface Step {
  readonly lead: string;
  readonly rungAt: (dueDay: number) => number;
  readonly watches: Set<string>;
  /** Its next rung after the clock, empty or not; Infinity: none. */
  next: number;
}

/**
 * The rungs of every watch over every deadline, without one object for each pair: deadlines lie in buckets by due day,
 * watches share steps, and a rung is where a step meets a bucket.
 */
export class Ladder {
  readonly #steps = new Map<string, Step>();
  readonly #clocks = new Map<string, (day: number) => number>();
  readonly #buckets = new Map<number, Map<string, Set<string>>>();
  /** Due days with a bucket, ascending. */
  #days: number[] = [];
  #now = -Infinity;

  /** The earliest moment at which a rung may come; Infinity: none is in sight. */
  next = Infinity;

  /** Only what lies ahead counts: rungs of the past come no more. */
  add({ id, leads, at, timeZone }: Watch): void {
    for (const lead of leads) {
      const step = this.#step(lead, at, timeZone);
      step.watches.add(id);
      this.next = Math.min(this.next, step.next);
    }
  }

  remove({ id, leads, at, timeZone }: Watch): void {
    for (const lead of leads) {
      const key = keyOf(lead, at, timeZone);
      const step = this.#steps.get(key);
      step?.watches.delete(id);
      if (step?.watches.size === 0) this.#steps.delete(key);
    }
  }

  put(matter: string, deadline: string, dueDay: number): void {
    const bucket = this.#buckets.get(dueDay) ?? this.#open(dueDay);
    const known = bucket.get(matter);
    if (known) known.add(deadline);
    else bucket.set(matter, new Set([deadline]));
  }

  /** The emptied bucket stays until its rungs have come: that costs nothing, and its day may be named again. */
  drop(matter: string, deadline: string, dueDay: number): void {
    const bucket = this.#buckets.get(dueDay);
    const known = bucket?.get(matter);
    known?.delete(deadline);
    if (known?.size === 0) bucket?.delete(matter);
  }

  /** Lets the clock run to `next`, which has come, and gives the rungs of that moment. */
  climb(): readonly Rung[] {
    const at = this.next;
    this.#now = at;
    const rungs: Rung[] = [];
    this.next = Infinity;
    for (const step of this.#steps.values()) {
      if (step.next <= at) {
        rungs.push(...this.#at(step, at));
        step.next = this.#after(step, at);
      }
      this.next = Math.min(this.next, step.next);
    }
    this.#forget(at);
    return rungs;
  }

  /** Nothing has come until then. */
  pass(to: number): void {
    if (to > this.#now && to < this.next) this.#now = to;
  }

  /** When this watch is reminded of a deadline due that day, by lead, the earliest first. */
  rungsOf({ leads, at, timeZone }: Watch, dueDay: number): readonly { readonly lead: string; readonly at: number }[] {
    const rungs = leads.map((lead) => ({ lead, at: this.#rungAt(lead, at, timeZone)(dueDay) }));
    return rungs.toSorted((a, b) => a.at - b.at);
  }

  #open(dueDay: number): Map<string, Set<string>> {
    const bucket = new Map<string, Set<string>>();
    this.#buckets.set(dueDay, bucket);
    this.#days.splice(
      this.#place((day) => day > dueDay),
      0,
      dueDay,
    );
    for (const step of this.#steps.values()) {
      const at = step.rungAt(dueDay);
      if (at <= this.#now || at >= step.next) continue;
      step.next = at;
      this.next = Math.min(this.next, at);
    }
    return bucket;
  }

  #step(lead: string, clock: string, timeZone: string): Step {
    const key = keyOf(lead, clock, timeZone);
    const known = this.#steps.get(key);
    if (known) return known;
    const step: Step = { lead, rungAt: this.#rungAt(lead, clock, timeZone), watches: new Set(), next: Infinity };
    step.next = this.#after(step, this.#now);
    this.#steps.set(key, step);
    return step;
  }

  #rungAt(lead: string, clock: string, timeZone: string): (dueDay: number) => number {
    const back = parseLead(lead);
    const at = this.#clock(clock, timeZone);
    return back ? (dueDay) => at(dayBefore(back, dueDay)) : () => -Infinity;
  }

  /** Epoch ms of an hour of the day in a zone; a change of the clocks is looked up once for each day. */
  #clock(clock: string, timeZone: string): (day: number) => number {
    const key = `${clock} ${timeZone}`;
    const known = this.#clocks.get(key);
    if (known) return known;
    const msOfDay = parseClock(clock) ?? 0;
    const instants = new Map<number, number>();
    const at = (day: number): number => {
      const found = instants.get(day) ?? instantAt(day, msOfDay, timeZone);
      instants.set(day, found);
      return found;
    };
    this.#clocks.set(key, at);
    return at;
  }

  /** Several due days can share a rung: a month before the 30th and the 31st of March is the end of February. */
  #at(step: Step, at: number): Rung[] {
    const rungs: Rung[] = [];
    const { lead, watches } = step;
    for (let index = this.#place((day) => step.rungAt(day) >= at); index < this.#days.length; index += 1) {
      const day = this.#days[index] ?? 0;
      if (step.rungAt(day) > at) break;
      const due = this.#buckets.get(day);
      if (due && due.size > 0) rungs.push({ at, lead, watches, due });
    }
    return rungs;
  }

  #after(step: Step, at: number): number {
    const day = this.#days[this.#place((each) => step.rungAt(each) > at)];
    return day === undefined ? Infinity : step.rungAt(day);
  }

  /** The first index from which on something holds: it holds for every later day, too. */
  #place(holds: (day: number) => boolean): number {
    let [low, high] = [0, this.#days.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#days[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Days long past have no rungs any more, in any zone. */
  #forget(now: number): void {
    const past = Math.floor(now / 86_400_000) - 3;
    while ((this.#days[0] ?? Infinity) < past) this.#buckets.delete(this.#days.shift() ?? 0);
  }
}

function keyOf(lead: string, clock: string, timeZone: string): string {
  return `${lead} ${clock} ${timeZone}`;
}

/** Periods reach back at most to the year 1: a rung that lies before it has passed long ago. */
function dayBefore(back: Lead, dueDay: number): number {
  try {
    return dayNumber(back(civilDate(dueDay)));
  } catch {
    return dueDay - 400_000;
  }
}
