import { type CivilDate, civilDate, dayNumber } from '#libs/calendar';
import type { Segment } from '#libs/matter';
import type { TimelineAnswer } from '#libs/register';
import type { Screen } from '../screen/screen.ts';
import { padded, plain, widthOf } from '../screen/text.ts';
import { dayOf } from './deadlines.ts';
import { type ToneName, toneOf, toneOfState, tones } from './words.ts';

/** The days asked for, both included. */
export interface Window {
  readonly from?: string;
  readonly to?: string;
}

interface Run {
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  readonly tone: ToneName;
}

interface Track {
  readonly label: string;
  readonly runs: readonly Run[];
}

const LONGEST_LABEL = 34;
const PIPED_WIDTH = 110;
const MOST_DAYS_BY_MONTH = 400;

/** How the states ran: a bar for the headline and one for each provision and enforcer, over the same days. */
export function tracksView(screen: Screen, answer: TimelineAnswer, window: Window): readonly string[] {
  const tracks = tracksOf(answer);
  if (tracks.length === 0) return [];
  const label = Math.min(LONGEST_LABEL, Math.max(...tracks.map((each) => widthOf(each.label))));
  const scale = scaleOf(
    answer,
    tracks,
    window,
    Math.min(screen.width, screen.terminal ? screen.width : PIPED_WIDTH) - label - 2,
  );
  const bars = tracks.map((each) => `${padded(shortened(each.label, label), label)}  ${bar(screen, each.runs, scale)}`);
  return [`${' '.repeat(label)}  ${screen.paint(calendarLine(scale), 'grey')}`, ...bars, '', ...legend(screen, tracks)];
}

function tracksOf({ headlines, segments }: TimelineAnswer): readonly Track[] {
  const headline = headlines.map(({ code, from, to }): Run => ({ from, to, tone: toneOf(code) }));
  const enforced = new Set(segments.filter(({ enforcer }) => enforcer !== null).map(({ provision }) => provision));
  // Where nobody enforces, force is all there is to show.
  const shown = segments.filter(({ axis, provision }) => axis === (enforced.has(provision) ? 'enforcement' : 'force'));
  const groups = [
    ...Map.groupBy(shown, ({ provision, enforcer, parties }) => [provision, enforcer, parties].join(' ')).values(),
  ];
  const several = new Set(
    groups.map(([first]) => first?.provision).filter((id, index, all) => all.indexOf(id) !== index),
  );
  return [
    ...(headline.length > 0 ? [{ label: 'headline', runs: headline }] : []),
    ...groups.map((group) => ({ label: labelOf(group, several), runs: group.map(runOf) })),
  ];
}

function labelOf([first]: readonly Segment[], several: ReadonlySet<string | undefined>): string {
  if (!first) return '';
  const { provision, enforcer, parties } = first;
  const whom = several.has(provision) ? ` (${parties.join(', ')})` : '';
  return plain(`${provision}${whom}${enforcer === null ? '' : ` by ${enforcer}`}`);
}

function runOf({ from, to, state }: Segment): Run {
  return { from, to, tone: toneOfState(state) };
}

interface Scale {
  readonly first: number;
  readonly daysPerColumn: number;
  readonly columns: number;
}

/** The days asked for; else from the first run to the day asked about, or the last turn that is known. */
function scaleOf(
  { clocks, items }: TimelineAnswer,
  tracks: readonly Track[],
  { from, to }: Window,
  room: number,
): Scale {
  const starts = tracks.flatMap(({ runs }) => runs.map((run) => run.from));
  const today = dayOf(clocks);
  const first = dayNumber(from ?? starts.toSorted()[0] ?? today);
  const ends = [...starts, today, ...items.map(({ occurredOn }) => occurredOn)];
  const last = dayNumber(to ?? ends.toSorted().at(-1) ?? today);
  const days = Math.max(1, last - first + 1);
  return { first, daysPerColumn: days / room, columns: room };
}

function bar(screen: Screen, runs: readonly Run[], scale: Scale): string {
  const cells = Array.from({ length: scale.columns }, (_, column) => toneIn(runs, scale, column));
  let text = '';
  for (let start = 0; start < cells.length;) {
    const tone = cells[start];
    let end = start;
    while (end < cells.length && cells[end] === tone) end += 1;
    text += stretch(screen, tone, end - start);
    start = end;
  }
  return screen.draws ? text : text.trimEnd();
}

function stretch(screen: Screen, tone: ToneName | undefined, length: number): string {
  if (tone === undefined) return ' '.repeat(length);
  const { letter, drawn, styles } = tones[tone];
  return screen.paint((screen.draws ? drawn : letter).repeat(length), ...styles);
}

/** The state that most of a column's days are in; one that is shorter than a column is shown where it begins, not lost. */
function toneIn(runs: readonly Run[], { first, daysPerColumn }: Scale, column: number): ToneName | undefined {
  const [from, to] = [first + column * daysPerColumn, first + (column + 1) * daysPerColumn];
  let longest = 0;
  let tone: ToneName | undefined;
  for (const run of runs) {
    const [start, end] = [dayNumber(run.from), run.to === null ? Number.POSITIVE_INFINITY : dayNumber(run.to) + 1];
    if (start >= from && start < to && end - start <= daysPerColumn) return run.tone;
    const days = Math.min(end, to) - Math.max(start, from);
    if (days > longest) [longest, tone] = [days, run.tone];
  }
  return tone;
}

/** Each year where it begins, or each month of few; as far as there is room. */
function calendarLine({ first, daysPerColumn, columns }: Scale): string {
  const days = columns * daysPerColumn;
  const monthly = days < MOST_DAYS_BY_MONTH;
  let line = '';
  for (let day = first; day < first + days; day += 1) {
    const date = civilDate(day);
    if (day !== first && !date.endsWith(monthly ? '-01' : '-01-01')) continue;
    const label = date.slice(0, monthly ? 'yyyy-mm'.length : 'yyyy'.length);
    const column = Math.ceil((day - first) / daysPerColumn);
    const fits = column + label.length <= columns && (line === '' || column > line.length);
    if (fits) line = line.padEnd(column) + label;
  }
  return line;
}

function legend(screen: Screen, tracks: readonly Track[]): readonly string[] {
  const used = new Set(tracks.flatMap(({ runs }) => runs.map(({ tone }) => tone)));
  const names: readonly ToneName[] = [
    'enforceable',
    'paused',
    'blocked',
    'ahead',
    'inForce',
    'mixed',
    'unclear',
    'none',
  ];
  const items = names
    .filter((name) => used.has(name))
    .map((name) => `${stretch(screen, name, 1)} ${tones[name].means}`);
  const lines = [''];
  for (const item of items) {
    const longer = [lines.at(-1), item].filter(Boolean).join('   ');
    if (widthOf(longer) <= screen.width) lines.pop();
    lines.push(widthOf(longer) <= screen.width ? longer : item);
  }
  return lines;
}

function shortened(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${text.slice(0, width - 1)}…`;
}
