import type { MatterLine } from '../backend/backend.ts';
import type { Screen } from '../screen/screen.ts';
import { type Row, table } from '../screen/table.ts';
import { toneOf, tones } from './words.ts';

export function mattersView(screen: Screen, matters: readonly MatterLine[]): readonly string[] {
  if (matters.length === 0) return ['No matters yet.'];
  const rows = matters.map(({ id, title, jurisdiction, headline }): Row => {
    return {
      cells: [
        { text: id, styles: ['bold'] },
        jurisdiction,
        { text: headline.text, styles: tones[toneOf(headline.code)].styles },
        title,
      ],
    };
  });
  return table(screen, ['MATTER', 'WHERE', 'STATUS', 'TITLE'], rows);
}
