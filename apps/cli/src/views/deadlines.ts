import { type CivilDate, dayNumber, isCivilDate } from '#libs/calendar';
import type { Deadline, DeadlineState } from '#libs/matter';
import type { Clocks, ListAnswer } from '#libs/register';
import type { Style } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import { type Row, table } from '../screen/table.ts';
import { clockLine } from './clocks.ts';
import { fromNow, spoken } from './words.ts';

export const openStates = ['scheduled', 'extended', 'estimated', 'waiting'] as const satisfies readonly DeadlineState[];
export const closedStates = [
  'reached',
  'lapsed',
  'met',
  'withdrawn',
  'vacated',
  'moot',
  'superseded',
] as const satisfies readonly DeadlineState[];

const SOON = 30;

/** What is ahead first, then what waits for something, then what is over. */
export function deadlinesView(screen: Screen, answer: ListAnswer<Deadline>, everyMatter: boolean): readonly string[] {
  const { clocks, items } = answer;
  if (items.length === 0) return ['No deadlines.', '', clockLine(screen, clocks)];
  const sections = [
    items.filter((each) => isOpen(each) && each.due),
    items.filter((each) => isOpen(each) && !each.due),
    items.filter((each) => !isOpen(each)),
  ];
  const today = dayNumber(dayOf(clocks));
  const rows = sections.flat().map((each) => row(screen, each, today, everyMatter));
  const head = ['DUE', 'WHEN', 'STATE', ...(everyMatter ? ['MATTER'] : []), 'WHO', 'MOVED BY', 'DEADLINE'];
  return [...table(screen, screen.terminal ? head : [...head, 'WHAT'], rows), '', clockLine(screen, clocks)];
}

/** The day asked about. */
export function dayOf({ at }: Clocks): CivilDate {
  const day = at.slice(0, 'yyyy-mm-dd'.length);
  if (!isCivilDate(day)) throw new Error(`An answer is at a day, not at ${at}.`);
  return day;
}

function isOpen({ state }: Deadline): boolean {
  return openStates.some((open) => open === state);
}

function row(screen: Screen, deadline: Deadline, today: number, everyMatter: boolean): Row {
  const { id, matter, due, state, obligated, movedBy } = deadline;
  const days = due === null ? undefined : dayNumber(due.date) - today;
  const open = isOpen(deadline);
  // What is over, and was nobody's duty left undone, stays in the background.
  const faint = !open && state !== 'lapsed';
  const cells = [
    { text: due?.date ?? deadline.estimate ?? '-', styles: ['bold'] as const },
    { text: days === undefined ? '-' : fromNow(days), styles: open ? urgency(days) : [] },
    { text: stateOf(deadline), styles: state === 'lapsed' ? (['red'] as const) : [] },
    ...(everyMatter ? [matter] : []),
    obligated.join(', ') || '-',
    movedBy ?? '-',
    id,
  ];
  if (!screen.terminal) return { cells: [...cells, what(deadline)] };
  return { cells, faint, ...(faint ? {} : { note: what(deadline) }) };
}

function what({ title, state, contingent }: Deadline): string {
  return state === 'waiting' && contingent !== undefined ? `${title}; waits for: ${contingent}` : title;
}

function stateOf({ state, late, closedOn, closedBy }: Deadline): string {
  const said = `${spoken(state)}${late === true ? ' late' : ''}`;
  if (closedOn === undefined) return said;
  return `${said} ${closedOn}${closedBy === undefined ? '' : ` (${closedBy})`}`;
}

function urgency(days: number | undefined): readonly Style[] {
  if (days === undefined) return [];
  return days <= SOON ? ['red'] : ['yellow'];
}
