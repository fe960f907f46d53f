import type { Because, ProvisionStatus } from '#libs/matter';
import type { MatterAnswer, StatusAnswer } from '#libs/register';
import type { Screen } from '../screen/screen.ts';
import { facts, type Row, table } from '../screen/table.ts';
import { plain, wrapped } from '../screen/text.ts';
import { clockLine } from './clocks.ts';
import { Names } from './names.ts';
import { provisionTable } from './provisions.ts';
import { axesOf, counted, spoken, toneOf, tones } from './words.ts';

/** The answer for a person: the headline first, then who, until when, what is next and because of what. */
export function statusView(
  screen: Screen,
  answer: StatusAnswer,
  matter: Pick<MatterAnswer, 'title' | 'parties'>,
): readonly string[] {
  const { headline, provisions } = answer;
  const { paint } = screen;
  const deciding = decidingFirst(provisions, headline.code);
  const colour = tones[toneOf(headline.code)].styles;
  return [
    ...wrapped(plain(headline.text), screen.width).map((line) => paint(line, 'bold', ...colour)),
    ...wrapped(`${answer.matter}: ${plain(matter.title)}`, screen.width).map((line) => paint(line, 'grey')),
    '',
    ...facts(screen, [
      ['who', (inner) => wrapped(who(answer, deciding, new Names(matter)), inner.width)],
      ['until', (inner) => wrapped(until(answer), inner.width)],
      ['next', (inner) => next(inner, answer)],
      ['because', (inner) => because(inner, answer, deciding)],
    ]),
    '',
    ...provisionTable(screen, [...deciding, ...provisions.filter((each) => !deciding.includes(each))], deciding.length),
    ...unresolved(screen, answer),
    '',
    clockLine(screen, answer.clocks),
  ];
}

/** The provisions that say what the headline says, which are those a reader asks about first. */
function decidingFirst(provisions: readonly ProvisionStatus[], code: string): readonly ProvisionStatus[] {
  const principal = provisions.filter((each) => each.principal);
  const same = principal.filter((each) => each.headline.code === code);
  const living = principal.filter((each) => each.force.state !== 'ended' && each.headline.code !== 'abandoned');
  return same.length > 0 ? same : living.length > 0 ? living : principal;
}

function who({ party, enforcer }: StatusAnswer, deciding: readonly ProvisionStatus[], names: Names): string {
  const parties = party === null ? [...new Set(deciding.flatMap((each) => each.parties))] : [party];
  const enforcers =
    enforcer === null
      ? [...new Set(deciding.flatMap((each) => each.enforcement.map((axis) => axis.enforcer)))]
      : [enforcer];
  const addressed = parties.map((id) => names.full(id)).join(', ') || 'nobody';
  const by =
    enforcers.length > 0 ? `enforced by ${enforcers.map((id) => names.full(id)).join(', ')}` : 'no enforcer named';
  return plain(`${addressed}; ${by}`);
}

function until({ headline, next: [change] }: StatusAnswer): string {
  const { until: last, on, contingent, estimate } = headline;
  const guess = estimate === undefined ? '' : ` (estimated ${estimate})`;
  if (last) return `${last}, that day included`;
  if (on) return `starts ${on}`;
  if (contingent !== undefined) return plain(`${contingent}${guess}`);
  if (last === null) return 'open-ended';
  return change ? `the next change, on ${change.on}` : 'nothing that is scheduled ends it';
}

function next(screen: Screen, answer: StatusAnswer): readonly string[] {
  if (answer.next.length === 0) return ['nothing is scheduled to change it'];
  const rows = answer.next.map(({ on, from, what, subject, then }): Row => {
    const colour = tones[toneOf(then)].styles;
    return { cells: [on, `${spoken(what)}: ${subject}`, { text: `from ${from} ${spoken(then)}`, styles: colour }] };
  });
  return table(screen, [], rows);
}

/** One line for each act. Those behind the provisions that make the headline; the others are counted. */
function because(screen: Screen, answer: StatusAnswer, deciding: readonly ProvisionStatus[]): readonly string[] {
  const shown = new Set(deciding.map(({ provision }) => provision));
  const own = answer.because.filter(({ provision }) => shown.has(provision));
  const entries = Map.groupBy(own.length > 0 ? own : answer.because, ({ entry }) => entry);
  const others = new Set(answer.because.map(({ entry }) => entry)).size - entries.size;
  const rows = [...entries.values()].map((same): Row => ({ cells: reasons(same) }));
  const rest = `${counted(others, 'other act')} behind the other provisions: --json has them`;
  const lines = others > 0 ? wrapped(rest, screen.width).map((line) => screen.paint(line, 'grey')) : [];
  return [...table(screen, [], rows), ...lines];
}

function reasons(same: readonly Because[]): Row['cells'] {
  const [first] = same;
  if (!first) return [];
  const { entry, title, citation } = first;
  return [{ text: citation ?? entry, styles: ['cyan'] }, title, { text: axesOf(same), styles: ['grey'] }];
}

function unresolved(screen: Screen, answer: StatusAnswer): readonly string[] {
  if (answer.unresolved.length === 0) return [];
  const lines = answer.unresolved.flatMap((each) => wrapped(plain(`  ${each.entry}: ${each.detail}`), screen.width));
  return ['', screen.paint('Unresolved', 'bold'), ...lines];
}
