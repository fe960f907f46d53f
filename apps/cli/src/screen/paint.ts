// The 16 colours every terminal has: whoever looks at them chose them (ECMA-48 §8.3.117, SGR).
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  grey: [90, 39],
} as const;
export type Style = keyof typeof codes;

/** The text in these styles, or as it is where colours are not wanted. */
export type Paint = (text: string, ...styles: readonly Style[]) => string;

export function painter(colour: boolean): Paint {
  if (!colour) return (text) => text;
  return (text, ...styles) =>
    styles.reduce((painted, style) => {
      const [on, off] = codes[style];
      return painted === '' ? '' : `\u001b[${on}m${painted}\u001b[${off}m`;
    }, text);
}
