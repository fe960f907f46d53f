import type { Clocks } from '#libs/register';
import type { Screen } from '../screen/screen.ts';

/** The three clocks, as answered. */
export function clockLine(screen: Screen, { at, knownAt, publishedBy }: Clocks): string {
  const parts = [`at ${at}`, `known at ${knownAt}`, ...(publishedBy === null ? [] : [`published by ${publishedBy}`])];
  return screen.paint(parts.join(' · '), 'grey');
}
