import type { WriteStream } from 'node:tty';
import type { Paint } from './paint.ts';
import { painter } from './paint.ts';

/** What answers are laid out for. */
export interface Screen {
  /** A person watches: wrap, draw. Otherwise lines are for other programs: whole, plain and stable. */
  readonly terminal: boolean;
  /** Columns; infinite where nothing needs to fit. */
  readonly width: number;
  readonly paint: Paint;
  /** Whether lines and blocks can be drawn. */
  readonly draws: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const STANDARD_WIDTH = 100;
const NARROWEST = 40;

export function screenOf(stream: Pick<WriteStream, 'isTTY' | 'columns'>, env: Environment, noColour: boolean): Screen {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const terminal = stream.isTTY || forced;
  // no-color.org: when present and not empty, whatever its value.
  const barred = noColour || (env['NO_COLOR'] ?? '') !== '' || (env['TERM'] === 'dumb' && !forced);
  const columns = stream.isTTY && stream.columns > 0 ? stream.columns : Number(env['COLUMNS'] ?? STANDARD_WIDTH);
  return {
    terminal,
    width: terminal ? Math.max(NARROWEST, columns || STANDARD_WIDTH) : Number.POSITIVE_INFINITY,
    paint: painter(terminal && !barred),
    draws: terminal && !barred && speaksUnicode(env),
  };
}

function speaksUnicode(env: Environment): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale);
}
