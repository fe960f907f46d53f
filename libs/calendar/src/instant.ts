import { dayNumber, FIRST_DAY, isCivilDate, LAST_DAY } from './civil.ts';

/** Milliseconds of a civil day without a clock change. */
export const CIVIL_DAY_MS = 86_400_000;

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/**
 * Whether `text` is an RFC 3339 timestamp with `Z` or an offset and a real date and time.
 * Leap seconds are refused (no clock here counts them), and so are the outermost days of the years 0001–9999,
 * so that every accepted instant has a civil date in every time zone.
 */
export function isInstant(text: unknown): text is string {
  return typeof text === 'string' && parse(text) !== undefined;
}

/**
 * Milliseconds since 1970-01-01T00:00:00Z; finer fractions are cut off.
 * @throws RangeError when `instant` is not one.
 */
export function epochMs(instant: string): number {
  const ms = parse(instant);
  if (ms === undefined) throw new RangeError(`Not an RFC 3339 instant: ${instant}`);
  return ms;
}

/** RFC 3339 in the given offset (whole minutes), milliseconds only when there are any. `date` and `msOfDay` are local. */
export function formatInstant(date: string, msOfDay: number, offsetMinutes: number): string {
  const second = Math.floor(msOfDay / 1000);
  const ms = msOfDay % 1000;
  const clock = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  const ahead = Math.abs(offsetMinutes);
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
  return `${date}T${clock}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}${offset}`;
}

function parse(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (!match) return undefined;
  const [, date = '', hour, minute, second, fraction = '', sign, offsetHour = 0, offsetMinute = 0] = match;
  if (!isCivilDate(date)) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  const clock = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  const ms = dayNumber(date) * CIVIL_DAY_MS + clock + Number(fraction.slice(0, 3).padEnd(3, '0')) - offset;
  return ms >= (FIRST_DAY + 1) * CIVIL_DAY_MS && ms < LAST_DAY * CIVIL_DAY_MS ? ms : undefined;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}
