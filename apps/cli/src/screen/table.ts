import type { Style } from './paint.ts';
import type { Screen } from './screen.ts';
import { padded, plain, widthOf, wrapped } from './text.ts';

export interface Cell {
  readonly text: string;
  readonly styles?: readonly Style[];
}

export interface Row {
  readonly cells: readonly (string | Cell)[];
  /** Said of the whole row, below it, on a terminal. */
  readonly note?: string;
  /** Everything in it in the background. */
  readonly faint?: boolean;
}

const GAP = 2;
/** What a column is never squeezed below. */
const NARROWEST = 6;

/** Aligned columns, under a head if there is one. On a terminal they fit its width, by wrapping inside the widest; piped, every row is one line. */
export function table(screen: Screen, head: readonly string[], rows: readonly Row[]): readonly string[] {
  const cells = rows.map((row) =>
    row.cells.map((cell) => (typeof cell === 'string' ? { text: plain(cell) } : { ...cell, text: plain(cell.text) })),
  );
  const columns = Math.max(head.length, ...cells.map(({ length }) => length));
  const measured = (measure: (text: string) => number): readonly number[] =>
    Array.from({ length: columns }, (_, column) =>
      Math.max(measure(head[column] ?? ''), ...cells.map((row) => measure(row[column]?.text ?? ''))),
    );
  const widths = squeezed(measured(widthOf), measured(longestWord), screen.width);
  const titles = head.map((text): Cell => ({ text, styles: ['bold'] }));
  const lines = head.length > 0 ? painted(screen, titles, widths, false) : [];
  rows.forEach((row, index) => {
    lines.push(...painted(screen, cells[index] ?? [], widths, row.faint ?? false));
    if (row.note !== undefined && screen.terminal) lines.push(...note(screen, row.note));
  });
  return lines;
}

function painted(screen: Screen, cells: readonly Cell[], widths: readonly number[], faint: boolean): string[] {
  const columns = widths.map((width, column) => wrapped(cells[column]?.text ?? '', width));
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((texts, column) => {
        const text = texts[line] ?? '';
        const styles = faint ? (['grey'] as const) : (cells[column]?.styles ?? []);
        // Padding carries no style: lines have no invisible tail.
        return padded(screen.paint(text, ...styles), widths[column] ?? 0);
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

function note(screen: Screen, text: string): readonly string[] {
  return wrapped(plain(text), screen.width - GAP).map((line) => screen.paint(' '.repeat(GAP) + line, 'grey'));
}

/** Takes from the widest column, a step at a time, until all fit: first between words, and through them if it must. */
function squeezed(natural: readonly number[], words: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, each) => sum + each, 0) + GAP * (widths.length - 1) - width;
  for (const least of [words, words.map((word) => Math.min(word, NARROWEST))]) {
    while (over > 0) {
      const room = widths.map((each, column) => (each > (least[column] ?? 0) ? each : 0));
      const widest = room.indexOf(Math.max(...room));
      if ((room[widest] ?? 0) === 0) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
      over -= 1;
    }
  }
  return widths;
}

function longestWord(text: string): number {
  return Math.max(...text.split(/ +/).map(widthOf));
}

/** Names in a first column, and what is laid out in the room beside them in a second. */
export function facts(
  screen: Screen,
  pairs: readonly (readonly [name: string, body: (inner: Screen) => readonly string[]])[],
): readonly string[] {
  const indent = Math.max(...pairs.map(([name]) => widthOf(name))) + GAP;
  const inner = { ...screen, width: screen.width - indent };
  return pairs.flatMap(([name, body]) =>
    body(inner).map((line, index) => screen.paint(padded(index === 0 ? name : '', indent), 'grey') + line),
  );
}
