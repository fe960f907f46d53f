import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Wide enough for any size, so that the files of a directory sort by it. */
const DIGITS = 16;

/**
 * Puts a checkpoint where somebody else keeps watch: into a directory, a file for each; or into one file, always the
 * newest. Whoever reads it sees a whole one or the one before.
 */
export function writeCheckpoint(
  target: string,
  { size, note }: { readonly size: number; readonly note: string },
): void {
  const isDirectory = statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const file = isDirectory ? join(target, `${String(size).padStart(DIGITS, '0')}.checkpoint`) : target;
  const beside = join(dirname(file), `.${basename(file)}.${process.pid}`);
  const descriptor = openSync(beside, 'w', 0o644);
  try {
    writeSync(descriptor, note);
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
