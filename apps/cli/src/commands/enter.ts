import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';

/** Waits for a line: false when it begins with q, or there is none to come. */
export async function enterPressed(input: Readable, output: Writable): Promise<boolean> {
  const reader = createInterface({ input, output });
  try {
    const line = await new Promise<string | undefined>((resolve) => {
      reader.once('close', () => resolve(undefined));
      reader.once('SIGINT', () => resolve(undefined));
      reader.question('Enter: go on, q: end ', resolve);
    });
    return line !== undefined && !/^\s*q/i.test(line);
  } finally {
    reader.close();
  }
}
