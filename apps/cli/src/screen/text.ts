// oxlint-disable-next-line no-control-regex -- the escape sequences that `painter` writes
const STYLES = /\u001b\[\d+m/g;
// oxlint-disable-next-line no-control-regex -- control characters are commands to a terminal, wherever a title has them from
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
/** Unicode TR 11: drawn two columns wide. The common blocks, not every symbol. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const UNSEEN = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Words of the record, made safe to show. */
export function plain(text: string): string {
  return text.replaceAll(CONTROL, ' ');
}

/** Columns that a text takes, its styles not counted. */
export function widthOf(text: string): number {
  const bare = text.includes('\u001b') ? text.replaceAll(STYLES, '') : text;
  // oxlint-disable-next-line no-control-regex -- ASCII
  if (/^[\u0000-\u007f]*$/.test(bare)) return bare.length;
  let width = 0;
  for (const letter of bare) width += UNSEEN.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return width;
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Lines of at most `width` columns, broken between words; a word that is longer is broken where it must be. */
export function wrapped(text: string, width: number): readonly string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/).flatMap((each) => pieces(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = word;
    }
  }
  return line === '' ? lines : [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width) return [word];
  const parts = [''];
  for (const letter of word) {
    if (widthOf((parts.at(-1) ?? '') + letter) > width) parts.push('');
    parts.push((parts.pop() ?? '') + letter);
  }
  return parts;
}
