import { globSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Which libraries each library may import (docs/decisions/0001). An app may import any. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  calendar: [],
  matter: ['calendar'],
  'event-log': [],
  'event-log-kurrent': ['event-log'],
  'event-log-sqlite': ['event-log'],
  contract: ['calendar', 'matter'],
  views: ['calendar', 'event-log', 'matter'],
  register: ['calendar', 'contract', 'event-log', 'matter'],
  alerts: ['calendar', 'event-log', 'matter', 'vault'],
  vault: [],
  access: ['event-log'],
  evidence: ['calendar', 'event-log', 'matter'],
  config: [],
};

/** Libraries that implement a port: they are chosen in one place of each app, and nowhere else. */
const adapters = Object.keys(mayImport).filter((lib) => lib.startsWith('event-log-'));

/** Calendar and domain answer from their arguments alone: no package and no part of Node. */
const pure = ['calendar', 'matter'];

interface Import {
  readonly file: string;
  readonly names: string;
}

const root = join(import.meta.dirname, '../..');

/** Imports as Prettier writes them: from the start of a line, or from the line that closes the braces; or dynamic. */
const importing = /(?:^(?:import|export|\}) (?:.* )?from |^import |\bimport\()'([^'\n]+)'/gm;

function importsOf(files: string): readonly Import[] {
  return globSync(files, { cwd: root }).flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    return [...source.matchAll(importing)].map(([, names = '']) => ({ file, names }));
  });
}

const ofLib = (lib: string): readonly Import[] => importsOf(`libs/${lib}/src/**/*.ts`);
const isRelative = ({ names }: Import): boolean => names.startsWith('.');
const isPackage = ({ names }: Import): boolean => !names.startsWith('.') && !names.startsWith('#');
const lines = (imports: readonly Import[]): string[] => imports.map(({ file, names }) => `${file} imports ${names}`);

it('has every library in the table', () => {
  expect(readdirSync(join(root, 'libs')).toSorted()).toEqual(Object.keys(mayImport).toSorted());
});

describe.each(Object.entries(mayImport))('libs/%s', (lib, allowed) => {
  const imports = ofLib(lib);

  it(`imports ${allowed.join(', ') || 'no other library'}`, () => {
    const known = new Set(allowed.map((name) => `#libs/${name}`));
    expect(lines(imports.filter(({ names }) => names.startsWith('#') && !known.has(names)))).toEqual([]);
  });

  it('reaches into no other library, no app and no test', () => {
    const home = `${join('libs', lib, 'src')}${sep}`;
    const outside = ({ file, names }: Import): boolean => !join(dirname(file), names).startsWith(home);
    expect(lines(imports.filter((one) => isRelative(one) && outside(one)))).toEqual([]);
  });

  it('knows nothing of Nest', () => {
    expect(lines(imports.filter(({ names }) => names.startsWith('@nestjs/')))).toEqual([]);
  });

  it('has one door, src/index.ts', () => {
    expect(globSync(`libs/${lib}/src/index.ts`, { cwd: root })).toHaveLength(1);
  });
});

it.each(pure)('libs/%s stands on no package and on no part of Node', (lib) => {
  expect(lines(ofLib(lib).filter(isPackage))).toEqual([]);
});

describe('every import', () => {
  const all = importsOf('{apps,libs,tests}/**/*.ts');

  it('names a library by its door', () => {
    const doors = new Set(Object.keys(mayImport).map((lib) => `#libs/${lib}`));
    expect(lines(all.filter(({ names }) => names.startsWith('#') && !doors.has(names)))).toEqual([]);
  });

  it('ends in .ts when it is relative', () => {
    expect(lines(all.filter((one) => isRelative(one) && !one.names.endsWith('.ts')))).toEqual([]);
  });

  it('names a part of Node by node:', () => {
    expect(lines(all.filter(({ names }) => !names.startsWith('node:') && builtinModules.includes(names)))).toEqual([]);
  });
});

describe.each(readdirSync(join(root, 'apps')))('apps/%s', (app) => {
  const imports = importsOf(`apps/${app}/**/*.ts`);

  it('chooses the adapters in one file', () => {
    const naming = imports.filter(({ names }) => adapters.some((adapter) => names === `#libs/${adapter}`));
    expect(new Set(naming.map(({ file }) => file)).size).toBeLessThanOrEqual(1);
  });

  it('imports no other app', () => {
    const home = `${join('apps', app)}${sep}`;
    const outside = ({ file, names }: Import): boolean => !join(dirname(file), names).startsWith(home);
    expect(lines(imports.filter((one) => isRelative(one) && outside(one)))).toEqual([]);
  });
});
