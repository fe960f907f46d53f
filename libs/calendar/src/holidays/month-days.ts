import { dayNumberOf } from '../civil.ts';

/** Reads `0101 0402` of a year into day numbers. */
export function monthDays(year: number, text: string): ReadonlySet<number> {
  const listed = text === '' ? [] : text.split(' ');
  return new Set(listed.map((day) => dayNumberOf(year, Number(day.slice(0, 2)), Number(day.slice(2)))));
}
