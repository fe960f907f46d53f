#!/usr/bin/env node
// What makes the start short comes before anything else is loaded; so everything else is loaded from here.
import module from 'node:module';

const OLDEST_NODE = 24;

/** Where the built files are: dist/. */
const built = new URL('../../../', import.meta.url).href;

/**
 * A built file names its neighbours by their whole names, so their addresses need no look at the disk. Node looks anyway:
 * for the file, for what links lead to it, for the package.json that says what it is. Over the hundred small files of a
 * command that is a seventh of its time (measured).
 */
const neighbours: module.ResolveHookSync = (specifier, context, nextResolve) => {
  const { parentURL } = context;
  const known = specifier.startsWith('.') && specifier.endsWith('.js') && parentURL?.startsWith(built);
  if (!known) return nextResolve(specifier, context);
  return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
};

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `error: inforce needs Node ${OLDEST_NODE} or newer, and this is ${process.versions.node}.\n` +
      '  npx inforce, in the package’s directory, uses the one that was installed with it.\n',
  );
  process.exitCode = 2;
} else {
  // Compiled code of earlier runs.
  module.enableCompileCache();
  if (import.meta.url.endsWith('.js')) module.registerHooks({ resolve: neighbours });
  const { run } = await import('./program.ts');
  await run(process.argv.slice(2));
}
