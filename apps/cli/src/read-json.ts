import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { refused } from './failures.ts';

/** JSON of a file, or of standard input when the file is called `-`. */
export async function readJson(file: string): Promise<unknown> {
  const name = file === '-' ? 'Standard input' : file;
  const content = file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8');
  try {
    // RFC 8259 §8.1: a byte order mark may be ignored.
    return JSON.parse(content.replace(/^\ufeff/, ''));
  } catch (error) {
    throw refused('malformed-json', `${name} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
