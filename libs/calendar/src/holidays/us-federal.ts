import { civilDate, dayNumber, dayNumberOf, weekdayOf, yearOf } from '../civil.ts';
import type { HolidayCalendar } from './holiday-calendar.ts';
import { CLOSINGS, CLOSINGS_KNOWN } from './us-closings.ts';

/**
 * 5 U.S.C. 6103(a), with the changes since the Uniform Monday Holiday Act took effect (Pub. L. 90-363, 1 January 1971).
 * Inauguration Day (6103(c)) is left out on purpose: it is a holiday for pay and leave in the Washington area only, and
 * neither Fed. R. Civ. P. 6(a)(6)(A) nor the Office of the Federal Register counts it.
 */
interface Holiday {
  readonly name: string;
  readonly from?: number;
  readonly to?: number;
  /** 1 to 12, and a day of the month, or the nth weekday of the month (-1: the last). */
  readonly month: number;
  readonly day?: number;
  readonly nth?: readonly [nth: number, weekday: number];
}

const MONDAY = 1;
const THURSDAY = 4;

const HOLIDAYS: readonly Holiday[] = [
  { name: "New Year's Day", month: 1, day: 1 },
  // Pub. L. 98-144, first observed in 1986.
  { name: 'Birthday of Martin Luther King, Jr.', from: 1986, month: 1, nth: [3, MONDAY] },
  { name: "Washington's Birthday", month: 2, nth: [3, MONDAY] },
  { name: 'Memorial Day', month: 5, nth: [-1, MONDAY] },
  // Pub. L. 117-17, signed on 17 June 2021.
  { name: 'Juneteenth National Independence Day', from: 2021, month: 6, day: 19 },
  { name: 'Independence Day', month: 7, day: 4 },
  { name: 'Labor Day', month: 9, nth: [1, MONDAY] },
  { name: 'Columbus Day', month: 10, nth: [2, MONDAY] },
  // Moved to a Monday in 1971, and back by Pub. L. 94-97 from 1978.
  { name: 'Veterans Day', to: 1977, month: 10, nth: [4, MONDAY] },
  { name: 'Veterans Day', from: 1978, month: 11, day: 11 },
  { name: 'Thanksgiving Day', month: 11, nth: [4, THURSDAY] },
  { name: 'Christmas Day', month: 12, day: 25 },
];

const FIRST_YEAR = 1971;
/** Until then the statute is taken to stay as it is; beyond, its holidays are a guess. */
const LAST_YEAR = 2050;

const closingsFrom = dayNumber(CLOSINGS_KNOWN.from);
const closingsThrough = dayNumber(CLOSINGS_KNOWN.through);
const closings = new Map(CLOSINGS.map(({ date, order }) => [dayNumber(date), order]));
const yearly = new Map<number, ReadonlyMap<number, string>>();

/** Federal legal holidays with the executive branch's one-off closings. */
export const usFederal: HolidayCalendar = {
  id: 'us.federal',
  of: 'the United States (federal)',
  version:
    `us.federal: 5 U.S.C. 6103 ${FIRST_YEAR}–${LAST_YEAR}, ` +
    `executive-order closings complete ${CLOSINGS_KNOWN.from} to ${CLOSINGS_KNOWN.through}`,
  covers: (year) => year >= FIRST_YEAR && year <= LAST_YEAR,
  dayOff(day, year) {
    const order = closings.get(day);
    return statutory(year).get(day) ?? (order && `executive branch closed, ${order}`);
  },
  caution(day) {
    if (day >= closingsFrom && day <= closingsThrough) return undefined;
    const { from, through } = CLOSINGS_KNOWN;
    return `${civilDate(day)} was taken as a business day; closings by executive order are known for ${from} to ${through} only.`;
  },
};

/** Observed days of a year, by day number, with name and authority. */
function statutory(year: number): ReadonlyMap<number, string> {
  const known = yearly.get(year);
  if (known) return known;
  // The New Year's Day of the next year may be observed on 31 December.
  const days = new Map([year, year + 1].flatMap(observed).filter(([day]) => yearOf(civilDate(day)) === year));
  yearly.set(year, days);
  return days;
}

function observed(year: number): readonly (readonly [number, string])[] {
  return HOLIDAYS.filter(({ from = 0, to = Infinity }) => year >= from && year <= to).map((holiday) => {
    const day = dayIn(year, holiday);
    // 5 U.S.C. 6103(b)(1) for Saturdays; Executive Order 11582 § 3(a) for Sundays.
    if (weekdayOf(day) === 6) return [day - 1, `${holiday.name} (observed), 5 U.S.C. 6103(b)`] as const;
    if (weekdayOf(day) === 7) return [day + 1, `${holiday.name} (observed), E.O. 11582`] as const;
    return [day, `${holiday.name}, 5 U.S.C. 6103(a)`] as const;
  });
}

function dayIn(year: number, { month, day, nth }: Holiday): number {
  if (!nth) return dayNumberOf(year, month, day ?? 1);
  const [count, weekday] = nth;
  if (count < 0) {
    const next = dayNumberOf(month === 12 ? year + 1 : year, (month % 12) + 1, 1);
    return next - 1 - ((weekdayOf(next - 1) - weekday + 7) % 7);
  }
  const first = dayNumberOf(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + (count - 1) * 7;
}
