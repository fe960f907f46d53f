import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');

export const entry = join(root, 'dist/apps/api/src/main.js');
const verifier = join(root, 'dist/verify.mjs');

/** What the build reads. The data files are read where they lie, but a build that copies them must not miss them. */
const inputs = [
  'apps',
  'libs',
  'datasets',
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'scripts/build-verifier.mjs',
];

/** Why `dist` cannot be used as it is, in words; undefined when it is current. */
export function staleBecause() {
  const built = modified(entry);
  if (built === undefined) return 'there is no dist yet';
  if (modified(verifier) === undefined) return 'dist has no verify.mjs yet';
  const newer = inputs
    .map((input) => join(root, input))
    .flatMap(withContents)
    .find((path) => modified(path) > built);
  return newer && `${relative(root, newer)} is newer than dist`;
}

/** Does what `npm run build` does; its exit code. What it says goes to stderr: stdout belongs to the program. */
export function build() {
  const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
  for (const args of [[nest, 'build'], [join(root, 'scripts/build-verifier.mjs')]]) {
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
    if (status !== 0) return status ?? 1;
  }
  return 0;
}

/** A directory counts too: its time moves when a file in it is deleted. */
function withContents(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [path];
  return [path, ...readdirSync(path).flatMap((name) => withContents(join(path, name)))];
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
