import type { ImportAnswer, RefusedEntry } from '../backend/backend.ts';
import type { Screen } from '../screen/screen.ts';
import { plain } from '../screen/text.ts';
import { counted } from './words.ts';

/** `us-tiktok: 51 recorded, 0 already there`. */
export function importLine({ matter, recorded, repeated, parties, refused }: ImportAnswer, dryRun: boolean): string {
  const would = dryRun ? 'would be ' : '';
  const parts = [
    `${recorded} ${would}recorded`,
    `${repeated} already there`,
    ...(parties > 0 ? [`${counted(parties, 'party', 'parties')} ${would}added`] : []),
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
  ];
  return `${matter}: ${parts.join(', ')}`;
}

/** Each refusal: the entry, where in the file, by which rule, and why in plain words. */
export function importRefusals(
  screen: Screen,
  file: string,
  refused: readonly RefusedEntry[],
  content: unknown,
): readonly string[] {
  return refused.flatMap(({ entry, pointer, rule, detail }) => {
    const id = entry || entryAt(content, pointer);
    const place = [file, ...(id === undefined ? [] : [id]), ...(pointer ? [pointer] : [])].map(plain).join(' ');
    return [
      `${screen.paint('refused:', 'red', 'bold')} ${place} ${screen.paint(`(${rule})`, 'grey')}`,
      `  ${plain(detail)}`,
    ];
  });
}

/** The id of the entry that a pointer leads into: `/entries/12/effects/0` says little to a person. */
function entryAt(content: unknown, pointer: string | undefined): string | undefined {
  const [, index] = /^\/entries\/(\d+)/.exec(pointer ?? '') ?? [];
  if (index === undefined || typeof content !== 'object' || content === null || !('entries' in content))
    return undefined;
  const entry: unknown = Array.isArray(content.entries) ? content.entries[Number(index)] : undefined;
  const id: unknown = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
  return typeof id === 'string' ? id : undefined;
}
