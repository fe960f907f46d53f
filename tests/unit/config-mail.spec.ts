import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from '#libs/config';

const mail = (smtp: string) => readConfig({ INFORCE_SMTP: smtp, INFORCE_MAIL_FROM: 'alerts@inforce.example' }).mail;

describe('INFORCE_SMTP', () => {
  it.each([
    ['smtp://localhost', { host: 'localhost', port: 587, secure: false, requireTls: false }],
    ['smtp://127.0.0.1:1025/', { host: '127.0.0.1', port: 1025, secure: false, requireTls: false }],
    ['smtps://[2001:db8::1]', { host: '2001:db8::1', port: 465, secure: true, requireTls: false }],
    ['smtp://user:password@mail.example', { host: 'mail.example', port: 587, secure: false, requireTls: true }],
    ['smtps://user:password@mail.example', { host: 'mail.example', port: 465, secure: true, requireTls: false }],
  ])('of %s is understood', (text, expected) => {
    expect(mail(text)).toMatchObject({ ...expected, from: 'alerts@inforce.example' });
  });

  it.each([
    'mail.example',
    'http://mail.example',
    'smtp://',
    'smtp://user@mail.example',
    'smtp://user:%zz@mail.example',
    'smtp://mail.example/path',
    'smtp://mail.example?tls.rejectUnauthorized=false',
  ])('of %s is refused, and not repeated', (text) => {
    expect(() => mail(text)).toThrow(ConfigError);
    expect(() => mail(text)).not.toThrow(/mail\.example/);
  });

  it('keeps its password to itself', () => {
    const config = readConfig({
      INFORCE_SMTP: 'smtp://us%40er:p%3Ass-word@mail.example',
      INFORCE_MAIL_FROM: 'alerts@inforce.example',
    });
    expect(config.mail?.auth?.user).toBe('us@er');
    expect(config.mail?.auth?.pass.reveal()).toBe('p:ss-word');
    for (const shown of [JSON.stringify(config), inspect(config, { depth: 9 })]) expect(shown).not.toContain('ss-word');
  });

  it('and INFORCE_MAIL_FROM are nothing without each other', () => {
    expect(() => readConfig({ INFORCE_SMTP: 'smtp://localhost' })).toThrow('INFORCE_MAIL_FROM is needed');
    expect(() => readConfig({ INFORCE_MAIL_FROM: 'a@b.example' })).toThrow('INFORCE_SMTP is needed');
    expect(readConfig({}).mail).toBeUndefined();
    for (const from of ['a', 'a@b, c@d', 'Ann <a@b>', 'a@b\r\nBcc: c@d'])
      expect(() => readConfig({ INFORCE_SMTP: 'smtp://localhost', INFORCE_MAIL_FROM: from })).toThrow(
        'one mail address',
      );
  });
});

describe('INFORCE_PUBLIC_URL', () => {
  it('is a web address, and has no slash at its end', () => {
    expect(readConfig({ INFORCE_PUBLIC_URL: 'https://inforce.example/' }).publicUrl).toBe('https://inforce.example');
    expect(readConfig({ INFORCE_PUBLIC_URL: 'https://example.com/law' }).publicUrl).toBe('https://example.com/law');
    expect(readConfig({}).publicUrl).toBeUndefined();
    for (const text of ['inforce.example', 'ftp://inforce.example', 'https://a:b@c.example', 'https://c.example?d', ''])
      expect(() => readConfig({ INFORCE_PUBLIC_URL: text })).toThrow('must be a web address');
  });
});

describe('INFORCE_ALLOW_LOOPBACK_WEBHOOKS', () => {
  it('is off unless it is turned on', () => {
    expect(readConfig({}).allowLoopbackWebhooks).toBe(false);
    expect(readConfig({ INFORCE_ALLOW_LOOPBACK_WEBHOOKS: 'true' }).allowLoopbackWebhooks).toBe(true);
    expect(readConfig({ NODE_ENV: 'production' }).allowLoopbackWebhooks).toBe(false);
    expect(readConfig({ NODE_ENV: 'development' }).allowLoopbackWebhooks).toBe(true);
    const decided = { NODE_ENV: 'development', INFORCE_ALLOW_LOOPBACK_WEBHOOKS: 'false' };
    expect(readConfig(decided).allowLoopbackWebhooks).toBe(false);
    expect(() => readConfig({ INFORCE_ALLOW_LOOPBACK_WEBHOOKS: '1' })).toThrow('must be true or false');
  });
});
