import { folded } from '../projections/matters.ts';

const WORDS_AROUND = 8;

/** The words of a text around the first that matches, matches between brackets; undefined when none does. */
export function snippet(text: string, tokens: readonly string[]): string | undefined {
  const words = text.split(/\s+/u).filter(Boolean);
  const marks = words.map((word) => matches(word, tokens));
  const first = marks.indexOf(true);
  if (first < 0) return undefined;
  const from = Math.max(0, first - WORDS_AROUND);
  const to = Math.min(words.length, first + WORDS_AROUND * 2);
  const shown = words.slice(from, to).map((word, index) => (marks[from + index] ? `[${word}]` : word));
  return `${from > 0 ? '… ' : ''}${shown.join(' ')}${to < words.length ? ' …' : ''}`;
}

/** The last token stands for every word that it begins. */
function matches(word: string, tokens: readonly string[]): boolean {
  const parts = folded(word).split(' ').filter(Boolean);
  const last = tokens.at(-1) ?? '';
  return parts.some((part) => tokens.includes(part) || part.startsWith(last));
}
