import { inspect } from 'node:util';
import { ConfigError, readConfig, unknownSettings } from '#libs/config';

describe('the configuration', () => {
  it('has a default for everything', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ host: '127.0.0.1', port: 3000, datasets: { kind: 'bundled' }, read: 'public' });
    expect(config.adminKey).toBeUndefined();
    expect(config.recordAnswers).toBe(false);
    expect(config.log).toEqual({ kind: 'sqlite', file: expect.stringMatching(/\/data\/events\.db$/) });
    expect(config.keysFile).toMatch(/\/data\/keys\.db$/);
    expect(config.trustProxy).toBe(false);
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
    [{ INFORCE_LOG: 'memory' }, 'INFORCE_LOG must be sqlite:<file> or kurrentdb://<hosts>, not "memory".'],
    [{ INFORCE_LOG: 'sqlite:' }, 'INFORCE_LOG must name a file after sqlite:.'],
    [{ INFORCE_LOG: 'sqlite:/tmp' }, 'INFORCE_LOG must name a file, and "/tmp" is a directory.'],
    [{ INFORCE_KEYS: '/tmp' }, 'INFORCE_KEYS must name a file, and "/tmp" is a directory.'],
    [
      { INFORCE_LOG_PREFIX: 'prod' },
      'INFORCE_LOG_PREFIX must be letters, digits, dots, hyphens and underscores, 64 at most, and end with one of ._- like inforce., not "prod".',
    ],
    [
      { INFORCE_TRUST_PROXY: '10.0.0.0/8, proxy' },
      'INFORCE_TRUST_PROXY must be true, false, or addresses and networks with commas, not "proxy".',
    ],
    [{ INFORCE_RECORD_ANSWERS: 'yes' }, 'INFORCE_RECORD_ANSWERS must be true or false, not "yes".'],
  ])('refuses %j in one sentence', (environment, sentence) => {
    expect(() => readConfig(environment)).toThrow(new ConfigError('', sentence).message.trim());
  });

  it('takes a KurrentDB, and shows its credentials to nobody', () => {
    const config = readConfig({
      INFORCE_LOG: 'esdb+discover://admin:s%40cret@one:2113,two/?tls=true&tlsCAFile=%2Fca.crt&node_preference=leader',
      INFORCE_LOG_PREFIX: 'inforce-prod.',
    });
    expect(config.log).toMatchObject({ kind: 'kurrentdb', hosts: 'one:2113, two', prefix: 'inforce-prod.' });
    expect(config.log.kind === 'kurrentdb' && config.log.connection.reveal()).toBe(
      'kurrentdb+discover://admin:s%40cret@one:2113,two/?tls=true&tlsCAFile=%2Fca.crt&node_preference=leader&discoveryInterval=100',
    );
    const given = readConfig({ INFORCE_LOG: 'kurrentdb://one?discovery_interval=7' }).log;
    expect(given.kind === 'kurrentdb' && given.connection.reveal()).toBe('kurrentdb://one?discovery_interval=7');
    for (const shown of [inspect(config, { depth: 5 }), JSON.stringify(config)])
      expect(shown).not.toContain('s%40cret');
  });

  it.each([
    ['kurrentdb:/user:secret@host', /must begin with kurrentdb:\/\//],
    ['kurrentdb+disco://user:secret@host', /must begin with kurrentdb:\/\//],
    ['kurrentdb://user:secret@', /must name its hosts/],
    ['kurrentdb://user:secret@host:port', /must name its hosts/],
    ['kurrentdb://user:sec@ret@host', /must name its hosts/],
    ['kurrentdb://user@host?secret=1', /must have its credentials as user:password/],
    ['kurrentdb://user:secret:1@host', /must have its credentials as user:password, with %3A/],
    ['kurrentdb://user:secret%zz@host', /must have its credentials percent-encoded/],
    ['kurrentdb://user:secret@host?tsl=false', /has an option that is none, "tsl"; there are connectionName/],
    ['kurrentdb://user:secret@host?tls', /has an option without a value, tls/],
    ['http://user:secret@host', /must be sqlite:<file> or kurrentdb:\/\/<hosts>, not "http:\/\/…@host"/],
  ])('refuses %s in one sentence that does not repeat the credentials', (log, sentence) => {
    expect(() => readConfig({ INFORCE_LOG: log })).toThrow(sentence);
    expect(() => readConfig({ INFORCE_LOG: log })).toThrow(/^INFORCE_LOG /);
    expect(() => readConfig({ INFORCE_LOG: log })).not.toThrow(/sec/);
  });

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

  it('takes a secret that nobody guesses, and shows it nowhere', () => {
    expect(readConfig({}).secret).toBeUndefined();
    expect(() => readConfig({ INFORCE_SECRET: 'hunter2' })).toThrow(
      'INFORCE_SECRET must have at least 32 characters, and has 7.',
    );
    const config = readConfig({ INFORCE_SECRET: 's'.repeat(32) });
    expect(config.secret?.reveal()).toBe('s'.repeat(32));
    expect(inspect(config, { depth: 5 })).not.toContain('sss');
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
