// The single-file verifier, dist/verify.mjs: what verifies bundles and nothing else, from the same sources as the service.
// Not minified: whoever relies on it should be able to read it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

export async function buildVerifier(file = join(root, 'dist/verify.mjs')) {
  await build({
    absWorkingDir: root,
    entryPoints: ['libs/evidence/src/bundle/standalone.ts'],
    outfile: file,
    bundle: true,
    format: 'esm',
    // Browsers run it, too; what is of Node is only asked for under Node.
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['inforce:source'],
    external: ['node:*'],
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
    banner: {
      js: '// Verifies Inforce bundles: node verify.mjs bundle.json. Apache-2.0; holiday table of the Member States CC BY-SA 3.0.',
    },
    logLevel: 'warning',
  });
  return file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildVerifier(process.argv[2]);
