import type { Change, DeadlineChange, Headline } from '#libs/matter';
import type { DiffAnswer, WhatIfAnswer } from '#libs/register';
import type { Screen } from '../screen/screen.ts';
import { facts, type Row, table } from '../screen/table.ts';
import { plain, wrapped } from '../screen/text.ts';
import { clockLine } from './clocks.ts';
import { spoken, toneOf, tones } from './words.ts';

/** What was learnt between two days, and what the answer for one day became by it. */
export function diffView(screen: Screen, answer: DiffAnswer): readonly string[] {
  const { knownFrom, knownTo } = answer.clocks;
  const entries = answer.entries.map(({ entry, change }): Row => ({
    cells: [{ text: change, styles: ['bold'] }, entry],
  }));
  return [
    screen.paint(`Between what was known at ${knownFrom} and at ${knownTo}`, 'bold'),
    '',
    ...(entries.length > 0
      ? table(screen, ['CHANGE', 'ENTRY'], entries)
      : ['No entry was recorded, corrected or retracted.']),
    ...changesView(screen, answer.changes, answer.deadlines),
    '',
    clockLine(screen, answer.clocks),
  ];
}

/** The answer as it is and as it would be. */
export function whatIfView(screen: Screen, { before, after, changes, deadlines }: WhatIfAnswer): readonly string[] {
  return [
    ...facts(screen, [
      ['now', (inner) => headline(inner, before.headline)],
      ['then', (inner) => headline(inner, after.headline)],
    ]),
    ...changesView(screen, changes, deadlines),
    '',
    clockLine(screen, after.clocks),
  ];
}

function headline(screen: Screen, { code, text }: Headline): readonly string[] {
  const { styles } = tones[toneOf(code)];
  return wrapped(plain(text), screen.width).map((line) => screen.paint(line, 'bold', ...styles));
}

function changesView(
  screen: Screen,
  changes: readonly Change[],
  deadlines: readonly DeadlineChange[],
): readonly string[] {
  const rows = changes.map((change): Row => {
    const { provision, parties, enforcer, axis, because } = change;
    const [before, after] = [axisWords(change.before), axisWords(change.after)];
    return {
      cells: [
        provision,
        parties.join(', ') || '-',
        enforcer === null ? axis : `${axis} by ${enforcer}`,
        before,
        { text: after, styles: ['bold'] },
        because.join(', ') || '-',
      ],
    };
  });
  const dates = deadlines.map((each): Row => {
    const [before, after] = [dateWords(each.before, each.stateBefore), dateWords(each.after, each.stateAfter)];
    return { cells: [each.deadline, before, { text: after, styles: ['bold'] }] };
  });
  return [
    '',
    ...(rows.length > 0
      ? table(screen, ['PROVISION', 'PARTIES', 'AXIS', 'BEFORE', 'AFTER', 'BECAUSE'], rows)
      : ['No answer changes.']),
    ...(dates.length > 0 ? ['', ...table(screen, ['DEADLINE', 'BEFORE', 'AFTER'], dates)] : []),
  ];
}

const shown = ['from', 'until', 'to', 'on', 'how', 'contingent'] as const;

/** An axis in a few words: its state, and the day that matters. Null: the provision was not there. */
export function axisWords(axis: object | null): string {
  if (axis === null) return '-';
  const members: Readonly<Record<string, unknown>> = { ...axis };
  const { state } = members;
  const notes = shown.flatMap((name) => (typeof members[name] === 'string' ? [`${name} ${members[name]}`] : []));
  const contested = Array.isArray(members['contested']) ? ['contested'] : [];
  return [typeof state === 'string' ? spoken(state) : '', ...notes, ...contested].join(' ').trim();
}

export function dateWords(due: string | null, state: string | null): string {
  return [due, state].filter((each) => each !== null).join(' ') || '-';
}
