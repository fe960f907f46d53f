import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readConfig } from '#libs/config';

// There need not be a container engine where the tests run; CI builds the image and starts it.

const root = join(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const yaml = (path: string): unknown => parse(text(path), { merge: true });

describe('the container', () => {
  const dockerfile = text('Dockerfile');
  const settings = Object.fromEntries(
    [...dockerfile.matchAll(/\b(INFORCE_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );

  it('sets only what the service understands, and listens to the outside of its container', () => {
    expect(readConfig(settings)).toMatchObject({ host: '0.0.0.0', port: 3000, data: '/data' });
  });

  it('copies what there is', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from = '']) => from.split(' '));
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('leaves its volumes to whoever it runs as', () => {
    expect(dockerfile).toMatch(/^RUN mkdir \/data \/keys && chown node:node \/data \/keys$/m);
  });

  it('runs as somebody without rights, on the built server', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^CMD \["node", "--enable-source-maps", "dist\/apps\/api\/src\/main\.js"\]$/m);
  });

  it('is given one port of this machine, one volume and nothing more by the profile single', () => {
    expect(yaml('docker-compose.yml')).toMatchObject({
      services: {
        inforce: {
          profiles: ['single'],
          ports: ['127.0.0.1:3000:3000'],
          volumes: ['inforce-data:/data'],
          read_only: true,
          tmpfs: ['/tmp'],
          security_opt: ['no-new-privileges:true'],
          healthcheck: { test: ['CMD', 'node', '-e', expect.stringContaining('/health/ready')] },
        },
      },
      volumes: { 'inforce-data': null },
    });
  });
});

it('CI runs what everybody can run', () => {
  expect(yaml('.github/workflows/ci.yml')).toMatchObject({
    jobs: { test: { steps: expect.arrayContaining([{ run: '.ci/run' }]) } },
  });
});
