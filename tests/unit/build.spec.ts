import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');

// The compiler forgets imports by expression in a function that it rewrites for `using`; the built program then looks
// for a .ts file.
it('names no source file in what is built', () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const files = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root });
  const left = files.filter((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    if (!/\busing \w+ =/.test(source)) return false;
    const { outputText } = ts.transpileModule(source, { fileName: file, compilerOptions: options });
    return /(?:from |import\()'\.[^']*\.ts'/.test(outputText);
  });
  expect(files.length).toBeGreaterThan(100);
  expect(left).toEqual([]);
});
