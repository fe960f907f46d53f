import { inspect } from 'node:util';
import { ConfigError, readConfig, unknownSettings } from '#libs/config';

describe('the configuration', () => {
  it('has a default for everything', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ host: '127.0.0.1', port: 3000, datasets: { kind: 'bundled' }, read: 'public' });
    expect(config.adminKey).toBeUndefined();
    expect(config.recordAnswers).toBe(false);
    expect(config.log.file).toMatch(/\/data\/events\.db$/);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('takes what is given', () => {
    const config = readConfig({
      INFORCE_HOST: '::1',
      INFORCE_PORT: '0',
      INFORCE_DATA: '/tmp/somewhere-new',
      INFORCE_LOG: 'sqlite:/tmp/another.db',
      INFORCE_DATASETS: '/tmp',
      INFORCE_READ: 'key',
      INFORCE_RECORD_ANSWERS: 'true',
      INFORCE_TEST_ANYTHING: 'is left alone',
      PATH: 'is none of ours',
    });
    expect(config).toMatchObject({
      host: '::1',
      port: 0,
      data: '/tmp/somewhere-new',
      read: 'key',
      recordAnswers: true,
    });
    expect(config.log).toEqual({ kind: 'sqlite', file: '/tmp/another.db' });
    expect(config.datasets).toEqual({ kind: 'directory', path: '/tmp' });
  });

  it.each([
    [{ INFORCE_PORT: 'abc' }, 'INFORCE_PORT must be a whole number from 0 to 65535, not "abc".'],
    [{ INFORCE_PORT: '65536' }, 'INFORCE_PORT must be a whole number from 0 to 65535, not "65536".'],
    [{ INFORCE_PORT: '' }, 'INFORCE_PORT must be a whole number from 0 to 65535, not "".'],
    [{ INFORCE_HOST: 'http://x' }, 'INFORCE_HOST must be a host name or an IP address, not "http://x".'],
    [{ INFORCE_HOST: '1.2.3.400' }, 'INFORCE_HOST must be a host name or an IP address, not "1.2.3.400".'],
    [{ INFORCE_DATA: '' }, 'INFORCE_DATA must be a path, not "".'],
    [{ INFORCE_DATA: 'package.json' }, 'INFORCE_DATA must be a directory, and "package.json" is not one.'],
    [
      { INFORCE_DATASETS: 'bundle' },
      'INFORCE_DATASETS must be bundled, none, or a directory, and "bundle" is none of these.',
    ],
    [{ INFORCE_READ: 'all' }, 'INFORCE_READ must be public or key, not "all".'],
    [{ INFORCE_LOG: 'memory' }, 'INFORCE_LOG must be sqlite:<file>, or left out for the embedded log, not "memory".'],
    [{ INFORCE_LOG: 'sqlite:' }, 'INFORCE_LOG must name a file after sqlite:.'],
    [{ INFORCE_LOG: 'sqlite:/tmp' }, 'INFORCE_LOG must name a file, and "/tmp" is a directory.'],
    [{ INFORCE_RECORD_ANSWERS: 'yes' }, 'INFORCE_RECORD_ANSWERS must be true or false, not "yes".'],
  ])('refuses %j in one sentence', (environment, sentence) => {
    expect(() => readConfig(environment)).toThrow(new ConfigError('', sentence).message.trim());
  });

  it.each(['kurrentdb://user:secret@host:2113', 'esdb+discover://user:secret@host'])(
    'says that it has no adapter for %s, without repeating it',
    (log) => {
      expect(() => readConfig({ INFORCE_LOG: log })).toThrow(/^INFORCE_LOG names a KurrentDB, and this build has no/);
      expect(() => readConfig({ INFORCE_LOG: log })).not.toThrow(/secret/);
    },
  );

  it('names what looks like a setting and is none, and goes on', () => {
    const environment = {
      INFORCE_PROT: '1',
      INFORCE_SOMETHING_ELSE: '1',
      INFORCE_KEY: 'the command line’s',
      HOME: '/',
    };
    expect(readConfig(environment).port).toBe(3000);
    expect(unknownSettings(environment)).toEqual([
      'INFORCE_PROT is not a setting, and is ignored; did you mean INFORCE_PORT.',
      expect.stringMatching(/^INFORCE_SOMETHING_ELSE is not a setting, and is ignored; known are INFORCE_HOST/),
    ]);
  });

  it('wants an admin key that cannot be guessed, and never shows it', () => {
    expect(() => readConfig({ INFORCE_ADMIN_KEY: 'hunter2' })).toThrow(
      'INFORCE_ADMIN_KEY must have at least 32 characters, and has 7.',
    );
    expect(() => readConfig({ INFORCE_ADMIN_KEY: `${'x'.repeat(40)} spaced` })).toThrow(
      /^INFORCE_ADMIN_KEY may hold only/,
    );
    const config = readConfig({ INFORCE_ADMIN_KEY: 'k'.repeat(32) });
    expect(config.adminKey?.reveal()).toBe('k'.repeat(32));
    for (const shown of [inspect(config, { depth: 5 }), JSON.stringify(config), `${config.adminKey?.toString()}`])
      expect(shown).not.toContain('kkk');
  });
});
