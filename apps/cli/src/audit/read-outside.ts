import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type OutsideCheckpoint, parseVerifierKey, sha256, type VerifierKey } from '#libs/evidence';
import { unable, usage } from '../failures.ts';

/** Checkpoints that somebody kept: a file, or the files of a directory. */
export function readCheckpoints(path: string): readonly OutsideCheckpoint[] {
  if (!existsSync(path)) throw unable(`There is no checkpoint at ${path}.`);
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => !name.startsWith('.'))
        .toSorted()
        .map((name) => join(path, name))
    : [path];
  if (files.length === 0) throw unable(`There is no checkpoint in ${path}.`);
  return files.map((name) => ({ name, note: readFileSync(name, 'utf8') }));
}

/** A verifier key, or the file that holds it. */
export function readKey(text: string): VerifierKey {
  const given = existsSync(text) ? readFileSync(text, 'utf8').trim() : text;
  const key = parseVerifierKey(sha256, given);
  if (!key) throw usage(`${text} is neither a verifier key, name+id+key, nor a file that holds one.`);
  return key;
}
