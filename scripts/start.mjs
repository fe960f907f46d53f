// `npm start`: build if needed, then become the server. The server runs in this process, and package.json says `exec`:
// npm hands a SIGTERM to its shell, and a shell that is still there would die of it alone.
import { pathToFileURL } from 'node:url';
import { build, entry, staleBecause } from './build-state.mjs';

const [major] = process.versions.node.split('.', 1);
if (Number(major) < 24) {
  console.error(
    `Inforce needs Node 24; this is ${process.version}. Start it with npm start, which uses the one npm ci installed.`,
  );
  process.exit(2);
}

const reason = staleBecause();
if (reason !== undefined) {
  console.error(`Building first: ${reason}.`);
  const code = build();
  if (code !== 0) process.exit(code);
}

process.setSourceMapsEnabled(true);
await import(pathToFileURL(entry).href);
