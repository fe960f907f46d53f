// What JSON leaves as it is, and terminals obey.
const COMMANDS = /[\u007f-\u009f]/g;

/** JSON text that is safe on a terminal too. */
export function jsonText(value: unknown): string {
  return `${escaped(JSON.stringify(value, undefined, 2))}\n`;
}

/** The same on one line, for NDJSON. */
export function jsonLine(value: unknown): string {
  return `${escaped(JSON.stringify(value))}\n`;
}

function escaped(text: string): string {
  return text.replaceAll(COMMANDS, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
