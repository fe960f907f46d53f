import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { ConfigError, readConfig } from '#libs/config';

it('keeps evidence beside the log and seals every five minutes, when nobody says otherwise', () => {
  const data = resolve('data');
  expect(readConfig({}).evidence).toEqual({
    file: join(data, 'evidence.db'),
    sealEveryMs: 300_000,
    checkpointsTo: undefined,
    witnesses: [],
  });
});

it.each([
  ['PT1S', 1000],
  ['PT90M', 5_400_000],
  ['PT1H30M', 5_400_000],
  ['PT240H', 864_000_000],
])('reads the interval %s', (text, ms) => {
  expect(readConfig({ INFORCE_SEAL_EVERY: text }).evidence.sealEveryMs).toBe(ms);
});

it.each(['', '5', 'PT', 'PT0S', 'P1D', 'PT241H', 'PT1.5S', 'pt5m', 'PT5M '])('refuses the interval %j', (text) => {
  expect(() => readConfig({ INFORCE_SEAL_EVERY: text })).toThrow(ConfigError);
});

it('repeats nothing of a secret that is too short', () => {
  expect(() => readConfig({ INFORCE_SECRET: 'hunter2' })).toThrow(
    'INFORCE_SECRET must have at least 32 characters, and has 7.',
  );
  const { secret } = readConfig({ INFORCE_SECRET: 's'.repeat(32) });
  expect(JSON.stringify({ secret })).not.toContain('ssss');
  expect(secret?.reveal()).toBe('s'.repeat(32));
});

it('refuses what is no verifier key', () => {
  const key = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
  expect(readConfig({ INFORCE_WITNESSES: `${key}, ${key}` }).evidence.witnesses).toEqual([key, key]);
  for (const text of ['', 'example.com/foo', `${key},`, key.replace('530d903a', '530D903A')])
    expect(() => readConfig({ INFORCE_WITNESSES: text })).toThrow(/^INFORCE_WITNESSES must be a comma list/);
});
