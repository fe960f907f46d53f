import { civilDate, type CivilDate, dayNumberOf } from './civil.ts';
import { CIVIL_DAY_MS } from './instant.ts';

// Plain Intl, not Temporal: one question needs an answer here (the offset at an instant). Node 24 has no Temporal of its
// own, and importing temporal-polyfill costs about 10 ms (measured), more than the rest of this library. The property
// tests use it as their oracle.

/** No place is, or ever was, further than this from UTC (Manila before 1845: 15 h 56 min behind). */
const FARTHEST_MS = 16 * 3_600_000;
/** Before the first change in the tz database (Amsterdam, 1835) every zone keeps one local mean time. */
const EARLIEST_CHANGE_MS = -5_364_662_400_000;

const MOST_ZONES = 64;
const MOST_DAYS = 8192;

interface Zone {
  readonly clock: Intl.DateTimeFormat;
  /** Day number to the instant (epoch ms) at which that day starts. */
  readonly starts: Map<number, number>;
}

const zones = new Map<string, Zone>();

/** The edition of the tz database in use, such as `2026c`; `unknown` where the host does not say. */
export const tzdbVersion: string = (typeof process === 'undefined' ? undefined : process.versions['tz']) ?? 'unknown';

/**
 * Whether `id` is `UTC` or an IANA name of the form Area/Location. Offsets such as `+02:00` are refused because they know
 * no clock changes, names without an area because hosts read them differently (`IST`, `EST`).
 */
export function isTimeZone(id: string): boolean {
  if (id !== 'UTC' && (!/^[A-Z][A-Za-z]+(?:\/[A-Z][\w+-]*)+$/.test(id) || id.startsWith('SystemV/'))) return false;
  try {
    zoneOf(id);
    return true;
  } catch {
    return false;
  }
}

/**
 * The civil day of an instant. Days never interleave: where clocks went back across midnight (St John's until 2011, at
 * 00:01) the first showing of the new day still belongs to the old one.
 */
export function dateInZone(epochMs: number, timeZone: string): CivilDate {
  return civilDate(dayInZone(epochMs, timeZone));
}

/** As `dateInZone`, as a day number. A day that was skipped has no instants, so it is never the answer. */
export function dayInZone(epochMs: number, timeZone: string): number {
  const zone = zoneOf(timeZone);
  let day = Math.floor(epochMs / CIVIL_DAY_MS) + 1;
  while (startIn(zone, day) > epochMs) day -= 1;
  return day;
}

/** The instant (epoch ms) at which a day starts: usually, but not always, at 00:00. */
export function startOfDayMs(day: number, timeZone: string): number {
  return startIn(zoneOf(timeZone), day);
}

/** Milliseconds that local clocks are ahead of UTC at an instant. */
export function offsetAt(epochMs: number, timeZone: string): number {
  const zone = zoneOf(timeZone);
  const day = dayInZone(epochMs, timeZone);
  const start = startIn(zone, day);
  // A day of 24 hours has no clock change in it, so the offset is the one at its start, 00:00.
  if (startIn(zone, day + 1) - start === CIVIL_DAY_MS) return day * CIVIL_DAY_MS - start;
  return offsetIn(zone, epochMs);
}

/**
 * The instant (epoch ms) at which clocks show `msOfDay` on `day`. Shown twice: the first; never shown: as much later as
 * the clocks were put on (the `compatible` reading of RFC 5545 and Temporal).
 */
export function instantAt(day: number, msOfDay: number, timeZone: string): number {
  const zone = zoneOf(timeZone);
  const local = day * CIVIL_DAY_MS + msOfDay;
  const before = offsetIn(zone, local - FARTHEST_MS);
  const after = offsetIn(zone, local + FARTHEST_MS);
  if (before !== after && offsetIn(zone, local - before) !== before && offsetIn(zone, local - after) === after)
    return local - after;
  return local - before;
}

function startIn(zone: Zone, day: number): number {
  const known = zone.starts.get(day);
  if (known !== undefined) return known;
  if (zone.starts.size >= MOST_DAYS) zone.starts.clear();
  const start = findStart(zone, day * CIVIL_DAY_MS);
  zone.starts.set(day, start);
  return start;
}

/** `midnight` is 00:00 of the day as if local time were UTC. */
function findStart(zone: Zone, midnight: number): number {
  let low = midnight - FARTHEST_MS;
  let high = midnight + FARTHEST_MS;
  const before = offsetIn(zone, low);
  const after = offsetIn(zone, high);
  if (before === after) return midnight - before;
  // One change lies between: find the first instant after it.
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetIn(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high + after < midnight ? midnight - after : Math.min(midnight - before, high);
}

function offsetIn(zone: Zone, epochMs: number): number {
  const at = Math.max(epochMs, EARLIEST_CHANGE_MS);
  const wholeSecond = Math.floor(at / 1000) * 1000;
  let [year, month, day, hour, minute, second] = [0, 0, 0, 0, 0, 0];
  for (const { type, value } of zone.clock.formatToParts(wholeSecond)) {
    if (type === 'year') year = Number(value);
    else if (type === 'month') month = Number(value);
    else if (type === 'day') day = Number(value);
    else if (type === 'hour') hour = Number(value);
    else if (type === 'minute') minute = Number(value);
    else if (type === 'second') second = Number(value);
  }
  const shown = dayNumberOf(year, month, day) * CIVIL_DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
  return shown - wholeSecond;
}

function zoneOf(id: string): Zone {
  const known = zones.get(id);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: id,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (zones.size >= MOST_ZONES) zones.clear();
  const zone: Zone = { clock, starts: new Map() };
  zones.set(id, zone);
  return zone;
}
