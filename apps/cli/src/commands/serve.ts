import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unable, usage } from '../failures.ts';
import type { Command } from '../line/spec.ts';
import { packageRoot } from '../package.ts';

export const serve: Command = {
  about: 'Starts the server in this process, configured by the INFORCE_* variables (README, “Configuration”).',
  arguments: [],
  options: [
    { name: 'host', value: '<host>', about: 'Where it listens. Default: INFORCE_HOST, else 127.0.0.1.' },
    { name: 'port', value: '<port>', about: 'Default: INFORCE_PORT, else 3000; 0 is any free port.' },
  ],
  examples: [
    { line: 'inforce serve', does: 'on http://127.0.0.1:3000, with ./data' },
    { line: 'inforce serve --data /var/lib/inforce --port 8080', does: 'with another directory and port' },
  ],

  async run(input, context) {
    if (context.server !== undefined) throw usage('inforce serve starts a server; it has no use for --server.');
    const main = join(packageRoot(), 'dist', 'apps', 'api', 'src', 'main.js');
    if (!existsSync(main)) throw unable('The server is not built.', 'npm run build builds it.');
    Object.assign(process.env, context.environment());
    for (const name of ['host', 'port']) {
      const value = input.option(name);
      if (value !== undefined) process.env[`INFORCE_${name.toUpperCase()}`] = value;
    }
    await context.config();
    await import(pathToFileURL(main).href);
    return 0;
  },
};
