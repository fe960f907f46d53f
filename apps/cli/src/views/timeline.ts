import type { EntryType, HeadlineSegment } from '#libs/matter';
import type { EntryAnswer, MatterAnswer, TimelineAnswer } from '#libs/register';
import type { Style } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import { padded, plain, widthOf, wrapped } from '../screen/text.ts';
import { clockLine } from './clocks.ts';
import { effectWords } from './effect-words.ts';
import { tracksView, type Window } from './tracks.ts';
import { counted, spoken, toneOf, tones } from './words.ts';

/** What happened, along a spine in the colour of the headline, and how the states ran. */
export function timelineView(
  screen: Screen,
  answer: TimelineAnswer,
  matter: Pick<MatterAnswer, 'id' | 'title'>,
  window: Window,
): readonly string[] {
  const { paint } = screen;
  const first = answer.items[0]?.occurredOn;
  const last = answer.items.at(-1)?.occurredOn;
  const span = first === undefined ? '' : `, ${first} to ${last ?? first}`;
  return [
    ...wrapped(plain(matter.title), screen.width).map((line) => paint(line, 'bold')),
    paint(`${matter.id}: ${counted(answer.items.length, 'act')}${span}`, 'grey'),
    '',
    ...new Spine(screen, answer, window).lines(),
    '',
    ...tracksView(screen, answer, window),
    '',
    clockLine(screen, answer.clocks),
  ];
}

const marks: Readonly<Record<EntryType, readonly [mark: string, ...styles: Style[]]>> = {
  BillIntroduced: ['bill', 'cyan'],
  BillReported: ['bill', 'cyan'],
  BillPassed: ['bill', 'cyan'],
  BillFailed: ['bill', 'cyan'],
  LawEnacted: ['law', 'red', 'bold'],
  LawPublished: ['law', 'red', 'bold'],
  ExecutiveActIssued: ['executive', 'yellow'],
  RuleProposed: ['rule', 'blue'],
  RuleIssued: ['rule', 'blue', 'bold'],
  NoticeIssued: ['notice', 'blue'],
  CaseFiled: ['case', 'magenta'],
  CaseHeard: ['court', 'magenta'],
  CourtRuled: ['court', 'magenta', 'bold'],
  PartyActed: ['party', 'green'],
  ReportPublished: ['press', 'grey'],
};

const MARK = 11;
const MOST_EFFECTS = 4;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Acts and turns of the headline, in the order of their days; of one day, acts come first. */
class Spine {
  readonly #screen: Screen;
  readonly #entries: readonly EntryAnswer[];
  readonly #headlines: readonly HeadlineSegment[];
  readonly #window: Window;
  #day = '';

  constructor(screen: Screen, { items, headlines }: TimelineAnswer, window: Window) {
    this.#window = window;
    this.#screen = screen;
    this.#entries = items;
    this.#headlines = headlines;
  }

  lines(): readonly string[] {
    const lines: string[] = [];
    let next = 0;
    const turnsBefore = (day: string): void => {
      for (let turn = this.#headlines[next]; turn && turn.from < day; turn = this.#headlines[(next += 1)])
        lines.push(...this.#turn(turn));
    };
    for (const entry of this.#entries) {
      turnsBefore(entry.occurredOn);
      lines.push(...this.#act(entry, this.#headlines[next - 1]));
    }
    turnsBefore('~');
    return lines;
  }

  #act(entry: EntryAnswer, headline: HeadlineSegment | undefined): readonly string[] {
    const { paint, width } = this.#screen;
    const [mark, ...styles] = marks[entry.type] ?? ['act'];
    const date = this.#date(entry.occurredOn);
    const spine = this.#bar(headline, '┃', '|');
    const margin = ' '.repeat(widthOf(date));
    const room = width - widthOf(date) - 2 - MARK;
    const story = entry.state === 'current' ? '' : ` [${entry.state}]`;
    const title = wrapped(plain(entry.title + story), room).map((line) => paint(line, 'bold'));
    const author = wrapped(plain(byline(entry)), room).map((line) => paint(line, 'grey'));
    const effects = wrapped(plain(effectLine(entry)), room);
    return [...title, ...author, ...(entry.effects.length > 0 ? effects : [])].map(
      (line, index) =>
        `${index === 0 ? date : margin}${spine} ${index === 0 ? paint(padded(mark, MARK), ...styles) : ' '.repeat(MARK)}${line}`,
    );
  }

  #turn(segment: HeadlineSegment): readonly string[] {
    const { from = '', to = '~' } = this.#window;
    // The state that the first day asked for was in colours the spine; its turn was earlier.
    if (segment.from < from || segment.from > to) return [];
    const { paint, draws } = this.#screen;
    const tone = tones[toneOf(segment.code)];
    const arrow = draws ? '┣━━━━━━━━━━━' : '+----------';
    return [`${this.#date(segment.from)}${paint(`${arrow} ${spoken(segment.code)}`, 'bold', ...tone.styles)}`];
  }

  #bar(headline: HeadlineSegment | undefined, drawn: string, typed: string): string {
    const tone = headline ? tones[toneOf(headline.code)] : tones.none;
    return this.#screen.paint(this.#screen.draws ? drawn : typed, ...tone.styles);
  }

  /** Year and month where they are new. Piped, each line has its whole date: a line is read by itself there. */
  #date(day: string): string {
    const { paint, terminal } = this.#screen;
    if (!terminal) return `${day}  `;
    const [year = '', month = '', date = ''] = day.split('-');
    const before = this.#day;
    this.#day = day;
    const newYear = before.slice(0, 4) !== year;
    const newMonth = newYear || before.slice(0, 7) !== day.slice(0, 7);
    return `${paint(newYear ? year : '    ', 'bold')} ${newMonth ? months[Number(month) - 1] : '   '} ${before === day ? '  ' : date}  `;
  }
}

function byline({ author, instrument, sources }: EntryAnswer): string {
  const weak = sources.some(({ evidence }) => evidence === 'official' || evidence === 'court-copy')
    ? []
    : ['no official source'];
  return [author.name, ...(instrument?.citation === undefined ? [] : [instrument.citation]), ...weak].join(' · ');
}

function effectLine({ effects }: EntryAnswer): string {
  const shown = effects.slice(0, MOST_EFFECTS).map(effectWords);
  const more = effects.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(' · ');
}
