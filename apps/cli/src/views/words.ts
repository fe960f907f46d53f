import type { Because, HeadlineCode } from '#libs/matter';
import type { Style } from '../screen/paint.ts';

/** What a state means to whoever must comply, and how it is drawn: colours on a terminal, letters anywhere. */
export interface Tone {
  readonly letter: string;
  readonly drawn: string;
  readonly styles: readonly Style[];
  readonly means: string;
}

export const tones = {
  enforceable: { letter: 'E', drawn: '█', styles: ['red'], means: 'enforceable' },
  paused: { letter: 'P', drawn: '█', styles: ['yellow'], means: 'paused by policy' },
  blocked: { letter: 'B', drawn: '█', styles: ['magenta'], means: 'blocked by a court' },
  ahead: { letter: 'a', drawn: '█', styles: ['blue'], means: 'ahead: not law, in force or applicable yet' },
  inForce: { letter: 'F', drawn: '█', styles: ['green'], means: 'in force, no enforcer' },
  mixed: { letter: 'm', drawn: '▒', styles: ['cyan'], means: 'differs by party, enforcer or provision' },
  unclear: { letter: '?', drawn: '?', styles: ['cyan'], means: 'disputed or unknown' },
  none: { letter: '.', drawn: '·', styles: ['grey'], means: 'ended, or does not apply' },
} as const satisfies Readonly<Record<string, Tone>>;
export type ToneName = keyof typeof tones;

const headlineTones: Readonly<Record<HeadlineCode, ToneName>> = {
  'no-record': 'none',
  'not-law-yet': 'ahead',
  abandoned: 'none',
  repealed: 'none',
  expired: 'none',
  superseded: 'none',
  vacated: 'none',
  invalid: 'none',
  revoked: 'none',
  withdrawn: 'none',
  lapsed: 'none',
  'does-not-apply': 'none',
  disputed: 'unclear',
  unknown: 'unclear',
  'enacted-not-in-force': 'ahead',
  delayed: 'ahead',
  'applies-from': 'ahead',
  stayed: 'blocked',
  'blocked-by-court': 'blocked',
  'enforcement-paused': 'paused',
  'not-yet-enforceable': 'ahead',
  'in-force': 'inForce',
  'in-force-and-enforceable': 'enforceable',
  partly: 'mixed',
};

/** The tone of a headline code; one that a newer server has is unclear. */
export function toneOf(code: string): ToneName {
  const known: Readonly<Record<string, ToneName | undefined>> = headlineTones;
  return known[code] ?? 'unclear';
}

/** Tones of the states of the enforcement axis and, where nobody enforces, of force. */
const stateTones: Readonly<Record<string, ToneName | undefined>> = {
  active: 'enforceable',
  'in-force': 'inForce',
  forborne: 'paused',
  restrained: 'blocked',
  'not-yet-possible': 'ahead',
  'not-yet': 'ahead',
  'not-applicable': 'none',
  ended: 'none',
};

export function toneOfState(state: string): ToneName {
  return stateTones[state] ?? 'unclear';
}

/** `in-force-and-enforceable` as a person says it. */
export function spoken(code: string): string {
  return code.replaceAll('-', ' ');
}

export function axesOf(because: readonly Because[]): string {
  return [...new Set(because.map(({ axis }) => axis))].join(', ');
}

export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** `in 12 days`, `today`, `71 days ago`. */
export function fromNow(days: number): string {
  if (days === 0) return 'today';
  return days > 0 ? `in ${counted(days, 'day')}` : `${counted(-days, 'day')} ago`;
}
