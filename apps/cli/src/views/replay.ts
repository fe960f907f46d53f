import type { Headline } from '#libs/matter';
import type { ReplayStep } from '#libs/register';
import type { Screen } from '../screen/screen.ts';
import { plain, wrapped } from '../screen/text.ts';
import { axisWords, dateWords } from './changes.ts';
import { clockLine } from './clocks.ts';
import { counted, toneOf, tones } from './words.ts';

const INDENT = 4;
const orders = { recorded: 'as it was recorded', published: 'as it became public' } as const;
const kinds = { recorded: '', corrected: 'corrected: ', retracted: 'retracted: ', 'party-added': 'party added: ' };

/** A replay as a story: for each step who learnt what, and what it changed. */
export class ReplayView {
  readonly #screen: Screen;
  readonly #by: keyof typeof orders;
  #last: ReplayStep | undefined;

  constructor(screen: Screen, by: keyof typeof orders) {
    this.#screen = screen;
    this.#by = by;
  }

  /** How many were shown. */
  get steps(): number {
    return this.#last?.step ?? 0;
  }

  head({ id, title }: { readonly id: string; readonly title: string }): readonly string[] {
    const { paint, width } = this.#screen;
    const name = wrapped(plain(title), width).map((line) => paint(line, 'bold'));
    return [...name, paint(`${id}, ${orders[this.#by]}`, 'grey'), ''];
  }

  step(step: ReplayStep): readonly string[] {
    this.#last = step;
    const { paint, width } = this.#screen;
    const { kind, title, entry, party, onTheDay } = step;
    const about = `${onTheDay.at}  ${kinds[kind]}${plain(title)} (${entry ?? party ?? ''})`;
    const told = [this.#recorded(step), ...this.#answers(step), ...this.#changes(step), ...this.#alerts(step)];
    return [
      ...wrapped(about, width).map((line) => paint(line, 'bold')),
      ...told.flatMap((line) => wrapped(line, width - INDENT)).map((line) => ' '.repeat(INDENT) + line),
      ...(this.#screen.terminal ? [''] : []),
    ];
  }

  tail(): readonly string[] {
    if (!this.#last) return ['No step: nothing was recorded, or public, by then.'];
    const { after, step } = this.#last;
    return [`${counted(step, 'step')}; ${this.#colour(after.headline)}`, clockLine(this.#screen, after.clocks)];
  }

  #recorded({ recordedAt, recordedBy, reason, together, eventId }: ReplayStep): string {
    const others = together.length - 1;
    const at = together.indexOf(eventId) + 1;
    const shared = others > 0 ? `, ${at} of ${together.length} at once` : '';
    const why = reason === null ? '' : `: ${plain(reason)}`;
    return this.#screen.paint(`recorded ${recordedAt} by ${plain(recordedBy)}${shared}${why}`, 'grey');
  }

  /** The headline that day, where another day is asked about; and the one asked about, where it changed. */
  #answers({ onTheDay, after, headline }: ReplayStep): readonly string[] {
    const that = onTheDay.at === after.clocks.at ? [] : [`on ${onTheDay.at}: ${this.#colour(onTheDay.headline)}`];
    const { before, after: then } = headline;
    if (before.text === then.text) return that;
    return [...that, `for ${after.clocks.at}: ${this.#colour(before)} ${this.#arrow} ${this.#colour(then)}`];
  }

  #changes({ changes, deadlines }: ReplayStep): readonly string[] {
    if (changes.length === 0 && deadlines.length === 0) return [this.#screen.paint('changes no answer', 'grey')];
    const axes = changes.map(({ provision, parties, enforcer, axis, before, after, because }) => {
      const what = [provision, ...(parties.length > 0 ? [parties.join(', ')] : []), axis].join(' · ');
      const whom = enforcer === null ? '' : ` by ${enforcer}`;
      const why = because.length > 0 ? ` (${because.join(', ')})` : '';
      return plain(`${what}${whom}: ${axisWords(before)} ${this.#arrow} ${axisWords(after)}${why}`);
    });
    const dates = deadlines.map(
      ({ deadline, before, after, stateBefore, stateAfter }) =>
        `${deadline}: ${dateWords(before, stateBefore)} ${this.#arrow} ${dateWords(after, stateAfter)}`,
    );
    return [...axes, ...dates];
  }

  #alerts({ alerts = [] }: ReplayStep): readonly string[] {
    return alerts.map(({ dueAt, type, lead, watch, seq, text }) =>
      plain(`told ${dueAt}: ${lead ?? type} (alert ${seq} of ${watch}): ${text}`),
    );
  }

  get #arrow(): string {
    return this.#screen.draws ? '→' : '->';
  }

  #colour({ code, text }: Headline): string {
    return this.#screen.paint(plain(text), ...tones[toneOf(code)].styles);
  }
}
