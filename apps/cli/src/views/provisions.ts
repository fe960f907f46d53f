import type { EnforcementAxis, ProvisionStatus } from '#libs/matter';
import type { Screen } from '../screen/screen.ts';
import { type Cell, type Row, table } from '../screen/table.ts';
import { spoken, toneOf, toneOfState, tones } from './words.ts';

interface Column {
  readonly head: string;
  readonly cell: (row: ProvisionStatus, deciding: boolean) => string | Cell;
  /** Left out on terminals narrower than this. */
  readonly from?: number;
}

const columns: readonly Column[] = [
  { head: 'PROVISION', cell: ({ provision }, deciding) => ({ text: provision, styles: deciding ? ['bold'] : [] }) },
  { head: 'PARTIES', cell: ({ parties }) => parties.join(', ') || '-' },
  {
    head: 'STATUS',
    cell: ({ headline: { code } }) => ({ text: spoken(code), styles: tones[toneOf(code)].styles }),
  },
  { head: 'FORCE', cell: force, from: 80 },
  { head: 'APPLIES', cell: applies, from: 100 },
  { head: 'ENFORCEMENT', cell: ({ enforcement: axes }) => enforcement(axes) },
  { head: 'EVIDENCE', cell: ({ evidence }) => evidence.state, from: 110 },
];
/** Piped, where a row is a line and there is room for all of it. */
const title: Column = { head: 'TITLE', cell: (row) => row.title };

/** Every provision, a line for each group of parties that share every axis; the first `deciding` make the headline. */
export function provisionTable(
  screen: Screen,
  provisions: readonly ProvisionStatus[],
  deciding: number,
): readonly string[] {
  if (provisions.length === 0) return ['No provisions yet.'];
  const shown = screen.terminal ? columns.filter(({ from = 0 }) => screen.width >= from) : [...columns, title];
  const rows = provisions.map((each, index): Row => {
    const faint = index >= deciding && toneOf(each.headline.code) === 'none';
    const cells = shown.map(({ cell }) => cell(each, index < deciding));
    return { cells, faint, ...(faint ? {} : { note: each.title }) };
  });
  return table(
    screen,
    shown.map(({ head }) => head),
    rows,
  );
}

function force({ instrument, force: axis, operation }: ProvisionStatus): string {
  const { state, from, how, on, contested } = axis;
  const start = from ?? axis.contingent ?? 'a day not known yet';
  const said =
    state === 'in-force'
      ? `since ${start}`
      : state === 'ended'
        ? `${how ?? 'ended'} ${on ?? ''}`.trimEnd()
        : instrument.state === 'enacted'
          ? `from ${start}`
          : spoken(instrument.state);
  const halted = operation.state === 'operative' ? '' : `, ${operation.state}${limit(operation.until ?? operation.to)}`;
  return said + halted + (contested === undefined ? '' : ', contested');
}

function applies({ applicability: { state, from, contested, contingent } }: ProvisionStatus): string {
  const said =
    state === 'applies'
      ? `since ${from ?? 'its start'}`
      : state === 'applies-from'
        ? `from ${from ?? contingent ?? 'a day not known yet'}`
        : spoken(state);
  return contested === undefined ? said : `${said}, contested`;
}

function enforcement(axes: readonly EnforcementAxis[]): Cell {
  const texts = axes.map(({ enforcer, state, until, liability }) => {
    const released = liability && liability.state !== 'accrues' ? `, liability ${liability.state}` : '';
    return `${enforcer} ${spoken(state)}${limit(until)}${released}`;
  });
  const strongest = axes.map(({ state }) => toneOfState(state));
  const [only = 'none'] = strongest;
  return {
    text: texts.join('; ') || 'nobody',
    styles: strongest.every((each) => each === only) ? tones[only].styles : [],
  };
}

function limit(day: string | null | undefined): string {
  return day ? ` until ${day}` : '';
}
