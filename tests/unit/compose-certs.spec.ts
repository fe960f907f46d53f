import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compose, interpolated, secrets } from '../support/compose.ts';

// The script that docker-compose.yml runs before the cluster, in a shell of this machine and in a directory of its own.
// The tool that makes the certificates is replaced by one that writes down what it was asked for.

const tool = `#!/bin/sh
command=$1
while [ "$1" != -out ]; do shift; done
mkdir "$2"
case $command in create-ca) name=ca ;; *) name=node ;; esac
echo "$command $2 $(date +%N) $*" > "$2/$name.crt"
cp "$2/$name.crt" "$2/$name.key"
chmod 444 "$2/$name.crt"
chmod 400 "$2/$name.key"
`;

let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'inforce-certs-'));
  for (const directory of ['bin', 'authority', 'certs/ca', 'certs/node1', 'certs/node2', 'certs/node3'])
    mkdirSync(join(place, directory), { recursive: true });
  executable('es-gencert-cli', tool);
  executable('chown', `#!/bin/sh\necho "$@" >> ${place}/owners\n`);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

describe('the certificates of the cluster', () => {
  it.each(Object.keys(secrets))('are not made without %s', (name) => {
    for (const bad of ['', 'too-short', `${'a'.repeat(40)}@`]) {
      const { status, stderr } = run([], { ...secrets, [name]: bad });
      expect([status, stderr]).toEqual([
        1,
        `${name} must be set: at least 32 letters, digits, hyphens and underscores.\n`,
      ]);
    }
    expect(readdirSync(join(place, 'authority'))).toEqual([]);
  });

  it('are made for each node, whose key nobody else may read', () => {
    expect(run()).toMatchObject({ status: 0, stderr: '' });
    expect(mode('authority/ca.key')).toBe('400');
    expect(read('certs/ca/ca.crt')).toBe(read('authority/ca.crt'));
    expect(readdirSync(join(place, 'certs/ca'))).toEqual(['ca.crt']);
    for (const node of ['node1', 'node2', 'node3']) {
      expect(read(`certs/${node}/node.crt`)).toContain(`-dns-names ${node},localhost -ip-addresses 127.0.0.1`);
      expect([mode(`certs/${node}/node.crt`), mode(`certs/${node}/node.key`)]).toEqual(['444', '400']);
      expect(read('owners')).toContain(`1000:1000 ${place}/certs/${node}/node.key.new`);
    }
  });

  it('are left alone when they are there, and a missing one is made', () => {
    run();
    const [first, second] = [read('certs/node1/node.crt'), read('certs/node2/node.crt')];
    rmSync(join(place, 'certs/node2'), { recursive: true });
    mkdirSync(join(place, 'certs/node2'));
    expect(run()).toMatchObject({ status: 0, stderr: '' });
    expect(read('certs/node1/node.crt')).toBe(first);
    expect(read('certs/node2/node.crt')).not.toBe(second);
  });

  it('are renewed for the nodes on request, under the same authority', () => {
    run();
    const [authority, node] = [read('authority/ca.crt'), read('certs/node1/node.crt')];
    expect(run(['renew'])).toMatchObject({ status: 0, stderr: '' });
    expect(read('authority/ca.crt')).toBe(authority);
    expect(read('certs/node1/node.crt')).not.toBe(node);
  });
});

/** Each run in a container of its own, whose /tmp is empty. */
function run(words: readonly string[] = [], environment = secrets): { status: number | null; stderr: string } {
  const [shell = '', flags = '', script = '', name = ''] = compose.services['certs']?.entrypoint ?? [];
  const tmp = mkdtempSync(join(place, 'tmp-'));
  const here = interpolated(script, environment)
    .replaceAll('/authority', `${place}/authority`)
    .replaceAll('/certs/', `${place}/certs/`)
    .replace('cd /tmp', `cd ${tmp}`);
  const env = { ...environment, PATH: `${join(place, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  const { status, stderr } = spawnSync(shell, [flags, here, name, ...words], { env, encoding: 'utf8' });
  return { status, stderr };
}

function executable(name: string, script: string): void {
  writeFileSync(join(place, 'bin', name), script);
  chmodSync(join(place, 'bin', name), 0o755);
}

function read(file: string): string {
  return readFileSync(join(place, file), 'utf8');
}

function mode(file: string): string {
  return (statSync(join(place, file)).mode & 0o777).toString(8);
}
