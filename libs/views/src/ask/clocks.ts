import { dayNumber, epochMs, isCivilDate, isInstant } from '#libs/calendar';
import type { AnsweredClocks, AskedClocks } from '../queries.ts';
import { bad, readCursor } from './cursor.ts';

/** The clocks of one page, resolved once for all pages of a list. */
export interface Clocks extends AskedClocks {
  /** Stands for `at` where none was given: each matter on the day it has then. */
  readonly now: number;
}

const DAY_MS = 86_400_000;
/** No zone is further ahead of UTC. */
const FARTHEST_AHEAD_MS = 14 * 3_600_000;

/** The clocks asked for, or those of the first page; and the rest of the cursor. */
export function resume(
  list: string,
  shape: string,
  asked: AskedClocks & { readonly cursor?: string },
  now: number,
): { readonly clocks: Clocks; readonly after: readonly (string | number | null)[] | undefined } {
  const { at, knownAt, publishedBy, cursor } = asked;
  if (cursor === undefined) return { clocks: made(now, at, knownAt, publishedBy), after: undefined };
  const [first, ...parts] = readCursor(cursor, list, `nSSS${shape}`);
  const clocks = made(Number(first), parts[0], parts[1], parts[2]);
  for (const clock of [clocks.at, clocks.knownAt]) {
    if (clock !== undefined && !isCivilDate(clock) && !isInstant(clock)) throw bad();
  }
  if (clocks.publishedBy !== undefined && !isCivilDate(clocks.publishedBy)) throw bad();
  return { clocks, after: parts.slice(3) };
}

function made(now: number, ...[at, knownAt, publishedBy]: readonly unknown[]): Clocks {
  return {
    now,
    ...(typeof at === 'string' && { at }),
    ...(typeof knownAt === 'string' && { knownAt }),
    ...(typeof publishedBy === 'string' && { publishedBy }),
  };
}

/** What goes into the cursor of the next page. */
export function kept({ now, at, knownAt, publishedBy }: Clocks): (string | number | null)[] {
  return [now, at ?? null, knownAt ?? null, publishedBy ?? null];
}

export function printed({ now, at, knownAt, publishedBy }: Clocks): AnsweredClocks {
  return {
    at: at ?? new Date(now).toISOString().slice(0, 10),
    knownAt: knownAt ?? null,
    publishedBy: publishedBy ?? null,
  };
}

/** Which stored rows answer at these clocks; all other matters are interpreted anew. `m` is the table of matters. */
export interface Stored {
  readonly valid: string;
  readonly parameters: readonly (string | number)[];
  /** With what the clock made of them since. */
  readonly overlaid: boolean;
}

export function storedAt({ at, knownAt, publishedBy }: Clocks): Stored {
  if (publishedBy !== undefined || (at !== undefined && !isCivilDate(at))) {
    return { valid: 'FALSE', parameters: [], overlaid: false };
  }
  const known = knownAt === undefined ? Number.MAX_SAFE_INTEGER : knownBy(knownAt);
  if (at === undefined) return { valid: 'm.recorded_at <= ?', parameters: [known], overlaid: true };
  return {
    valid: 'm.recorded_at <= ? AND m.as_of <= ? AND (m.flips_on IS NULL OR m.flips_on > ?)',
    parameters: [known, at, at],
    overlaid: false,
  };
}

/** Whatever was recorded by then (epoch ms) was known in every zone; a date means its end in the matter's zone. */
function knownBy(knownAt: string): number {
  if (!isCivilDate(knownAt)) return epochMs(knownAt);
  return dayNumber(knownAt) * DAY_MS + DAY_MS - FARTHEST_AHEAD_MS - 1;
}
