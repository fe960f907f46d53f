#!/usr/bin/env node
// Nothing but this file is loaded before the cache is on: compiled code of earlier runs saves a tenth of the start.
import module from 'node:module';

const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `error: inforce needs Node ${OLDEST_NODE} or newer, and this is ${process.versions.node}.\n` +
      '  npx inforce, in the package’s directory, uses the one that was installed with it.\n',
  );
  process.exitCode = 2;
} else {
  module.enableCompileCache();
  const { run } = await import('./program.ts');
  await run(process.argv.slice(2));
}
