import { isIPv4 } from 'node:net';
import type { Mail } from './config.ts';
import { ConfigError } from './config-error.ts';
import { Secret } from './secret.ts';
import { shown } from './values.ts';

const PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;
const ADDRESS = /^[^\s@<>,"]{1,64}@[^\s@<>,"]{1,255}$/;

/** `smtp(s)://user:password@host:port`. Nothing of the value is repeated: it may hold a password. */
export function smtp(variable: string, text: string): Omit<Mail, 'from'> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = url?.protocol;
  if (!url || (protocol !== 'smtp:' && protocol !== 'smtps:') || url.hostname === '')
    throw new ConfigError(variable, 'must be smtp://host:port or smtps://user:password@host:port.');
  if (url.pathname.length > 1 || url.search !== '' || url.hash !== '')
    throw new ConfigError(variable, 'must end after the port.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'smtps:';
  const auth = authOf(variable, url);
  return {
    host,
    port: url.port === '' ? PORTS[protocol] : Number(url.port),
    secure,
    requireTls: auth !== undefined && !secure && !isThisMachine(host),
    ...(auth && { auth }),
  };
}

export function mailFrom(variable: string, text: string): string {
  if (!ADDRESS.test(text)) throw new ConfigError(variable, `must be one mail address, not ${shown(text)}.`);
  return text;
}

/** One is nothing without the other. */
export function mail(server: Omit<Mail, 'from'> | undefined, from: string | undefined): Mail | undefined {
  if (server && from === undefined) throw new ConfigError('INFORCE_MAIL_FROM', 'is needed beside INFORCE_SMTP.');
  if (!server && from !== undefined) throw new ConfigError('INFORCE_SMTP', 'is needed beside INFORCE_MAIL_FROM.');
  return server && from !== undefined ? { ...server, from } : undefined;
}

function authOf(variable: string, { username, password }: URL): Mail['auth'] {
  if (username === '' && password === '') return undefined;
  try {
    const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
    if (user !== '' && pass !== '') return { user, pass: new Secret(pass) };
  } catch {
    // A % that begins no escape.
  }
  throw new ConfigError(variable, 'must hold both a user and a password, with % only as an escape, or neither.');
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
