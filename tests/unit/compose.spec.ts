import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { unknownSettings } from '#libs/config';
import { compose, composeText, interpolated, secrets, servicesOf, variables } from '../support/compose.ts';

const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'inforce-compose-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const names = (things: object | undefined): readonly string[] => Object.keys(things ?? {}).toSorted();
const environmentOf = (service: string) => compose.services[service]?.environment ?? {};
const settings = (service: string): Record<string, string> =>
  Object.fromEntries(Object.entries(environmentOf(service)).map(([name, value]) => [name, String(value)]));

const replicas = ['inforce-a', 'inforce-b'];
const nodes = ['node1', 'node2', 'node3'];
const isTask = (service: string): boolean => service === 'certs';

it('has a service alone, and a cluster with two of it behind a proxy', () => {
  expect(names(servicesOf('single'))).toEqual(['inforce']);
  expect(names(servicesOf('cluster'))).toEqual(['certs', ...replicas, ...nodes, 'proxy'].toSorted());
});

describe.each(['single', 'cluster'])('the profile %s', (profile) => {
  const services = servicesOf(profile);
  const each = Object.entries(services);

  it.each(each)('has everything that %s asks for', (_, { depends_on, volumes = [], networks = [] }) => {
    expect(names(services)).toEqual(expect.arrayContaining([...names(depends_on)]));
    expect(names(compose.volumes)).toEqual(expect.arrayContaining(volumes.map((volume) => volume.split(':', 1)[0])));
    expect(names(compose.networks)).toEqual(expect.arrayContaining([...networks]));
  });

  it.each(each)('pins what %s is made of', (_, { image = '', build }) => {
    if (build === undefined) expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/);
    else expect(build).toBe('.');
  });

  it.each(each)('confines %s', (name, { cap_add, ...service }) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.tmpfs).toContain('/tmp');
    expect(service.restart).toBe(isTask(name) ? 'no' : 'unless-stopped');
    const allowed: Record<string, readonly string[]> = { certs: ['CHOWN'], proxy: ['NET_BIND_SERVICE'] };
    expect(cap_add).toEqual(allowed[name]);
  });

  it.each(each.filter(([name]) => !isTask(name)))('looks after the health of %s, and lets it end', (_, service) => {
    expect(String(service.healthcheck?.test)).toContain('/health/');
    expect(service.stop_grace_period).toMatch(/^\d+s$/);
  });

  it('is to be reached at one port, from this machine', () => {
    expect(each.flatMap(([, { ports = [] }]) => ports)).toEqual([expect.stringMatching(/^127\.0\.0\.1:3000:\d+$/)]);
  });

  it('is waited for in the right order', () => {
    for (const [waiting, { depends_on = {} }] of each)
      for (const [awaited, { condition }] of Object.entries(depends_on))
        expect([waiting, awaited, condition]).toEqual([
          waiting,
          awaited,
          isTask(awaited) ? 'service_completed_successfully' : 'service_healthy',
        ]);
  });

  const client = spawnSync('docker', ['compose', 'version']);
  const config = client.status === 0 ? it : it.skip;
  config('is understood by docker compose (skipped where its client is not installed)', () => {
    const environment = { ...process.env, ...secrets };
    for (const env of profile === 'single' ? [process.env, environment] : [environment]) {
      const { status, stderr } = spawnSync('docker', ['compose', '--profile', profile, 'config', '--quiet'], {
        cwd: root,
        env,
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, '']);
    }
  });
});

describe('what the environment has to give', () => {
  it('is nothing for the profile single, although Compose looks at every service', () => {
    expect(variables.filter(({ fallback }) => fallback === undefined)).toEqual([]);
    expect(Object.values(servicesOf('single')).map(({ environment }) => environment)).toEqual([undefined]);
  });

  it('is what the cluster refuses to start without', () => {
    const asked = variables.filter(({ fallback }) => fallback === '').map(({ name }) => name);
    expect([...new Set(asked)].toSorted()).toEqual(names(secrets));
    expect(names(environmentOf('certs'))).toEqual(names(secrets));
    for (const node of nodes) expect(names(compose.services[node]?.depends_on)).toEqual(['certs']);
  });
});

describe('the replicas', () => {
  it.each(replicas)('%s has settings that there are', (replica) => {
    expect(Object.keys(settings(replica)).length).toBeGreaterThan(2);
    expect(unknownSettings(settings(replica))).toEqual([]);
  });

  it('share the log, the keys and the secrets; the data of each are its own, and one loads the datasets', () => {
    const [a, b] = replicas.map((replica) => settings(replica));
    expect({ ...a, INFORCE_DATASETS: '' }).toEqual({ ...b, INFORCE_DATASETS: '' });
    expect([a?.['INFORCE_DATASETS'], b?.['INFORCE_DATASETS']]).toEqual(['bundled', 'none']);
    const volumes = replicas.map((replica) => compose.services[replica]?.volumes ?? []);
    expect(volumes.map((mounts) => mounts.filter((mount) => mount.endsWith(':/data')))).toEqual([
      ['inforce-a-data:/data'],
      ['inforce-b-data:/data'],
    ]);
    for (const mounts of volumes) expect(mounts).toEqual(expect.arrayContaining(['keys:/keys', 'trust:/certs/ca:ro']));
  });

  it('reach the log by a connection string that the client understands, whole', async () => {
    const log = interpolated(settings('inforce-a')['INFORCE_LOG'] ?? '', secrets);
    expect(log).toContain(`://admin:${secrets['KURRENTDB_ADMIN_PASSWORD']}@node1:2113,node2:2113,node3:2113?tls=true`);
    const authority = join(scratch, 'ca.crt');
    writeFileSync(authority, rootCertificates[0] ?? '');
    // What it does not understand it passes over, with a warning.
    const warned = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const client = KurrentDBClient.connectionString(log.replace('/certs/ca/ca.crt', authority));
    await client.dispose();
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

describe('the nodes', () => {
  it.each(nodes)('%s goes by its name, and asks the others for the rest', (node) => {
    const others = nodes.filter((each) => each !== node).map((each) => `${each}:2113`);
    expect(environmentOf(node)).toMatchObject({
      EVENTSTORE_CLUSTER_SIZE: nodes.length,
      EVENTSTORE_NODE_HOST_ADVERTISE_AS: node,
      EVENTSTORE_REPLICATION_HOST_ADVERTISE_AS: node,
      EVENTSTORE_GOSSIP_SEED: others.join(','),
    });
    expect(compose.services[node]?.volumes).toEqual([
      `${node}-data:/var/lib/eventstore`,
      `${node}-certs:/certs/node:ro`,
      'trust:/certs/ca:ro',
    ]);
  });

  it('are shut off from everybody but the replicas', () => {
    expect(compose.networks['log']).toEqual({ internal: true });
    const there = Object.entries(compose.services).filter(([, { networks = [] }]) => networks.includes('log'));
    expect(there.map(([name]) => name).toSorted()).toEqual([...replicas, ...nodes]);
  });

  it('show the authority’s key to nobody', () => {
    const mounts = Object.entries(compose.services).filter(([, { volumes = [] }]) =>
      volumes.some((volume) => volume.startsWith('authority:')),
    );
    expect(mounts.map(([name]) => name)).toEqual(['certs']);
  });
});

it('the proxy balances the replicas that are ready, and turns to those that live when none is', () => {
  const [shell, , script = ''] = compose.services['proxy']?.command ?? [];
  expect(shell).toBe('sh');
  const upstreams = replicas.map((replica) => `${replica}:3000`).join(' ');
  expect(script).toContain(`reverse_proxy ${upstreams} {`);
  expect(script).toContain('health_uri /health/ready');
  // Without a ready one: the log is out of reach, and what the views hold is still to be had.
  expect(script).toContain(`reverse_proxy @none ${upstreams} {`);
  expect(script).toContain('health_uri /health/live');
  // With -1 the upstream request of a client that has left would never end (Caddy, reverse_proxy, flush_interval).
  expect(script).not.toContain('flush_interval');
  expect(composeText).not.toContain('configs:');
});
