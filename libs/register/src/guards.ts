import { Malformed, parseEntry } from '#libs/contract';
import { type Entry, mergePatch, type MergePatch, type RecordedEntry } from '#libs/matter';
import { NotFound } from './errors.ts';
import type { MatterFile } from './shapes.ts';

/** @throws NotFound */
export function existing(matterId: string, file: MatterFile | undefined): MatterFile {
  if (file) return file;
  throw new NotFound('unknown-matter', `There is no matter ${matterId}.`);
}

/** @throws NotFound */
export function recordedEntry(matterId: string, entryId: string, file: MatterFile | undefined): RecordedEntry {
  const recorded = existing(matterId, file).record.entries.get(entryId);
  if (recorded) return recorded;
  throw new NotFound('unknown-entry', `The matter ${matterId} has no entry ${entryId}.`);
}

/** @throws Malformed, with pointers from `/changes` on, when the changed entry would be none, or another one. */
export function mustStayEntry(entry: Entry, changes: MergePatch): void {
  const fixed = ['id', 'type'].filter((key) => Object.hasOwn(changes, key));
  if (fixed.length > 0) {
    throw new Malformed(fixed.map((key) => ({ pointer: `/changes/${key}`, message: 'cannot be changed' })));
  }
  try {
    parseEntry(mergePatch(entry, changes));
  } catch (error) {
    throw error instanceof Malformed ? beneath(error, '/changes') : error;
  }
}

/** What was found wrong, with pointers into the whole body. */
export function beneath({ errors }: Malformed, within: string): Malformed {
  return new Malformed(
    errors.map((error) =>
      error.pointer === undefined ? error : { pointer: `${within}${error.pointer}`, message: error.message },
    ),
  );
}
