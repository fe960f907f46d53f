import { join } from 'node:path';
import type { Config, LogPlace } from './config.ts';
import { prefixOf } from './connection.ts';
import { mail, mailFrom, smtp } from './mail.ts';
import * as values from './values.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

type Read<T> = (variable: string, text: string) => T;

const known = [
  'INFORCE_HOST',
  'INFORCE_PORT',
  'INFORCE_DATA',
  'INFORCE_LOG',
  'INFORCE_LOG_PREFIX',
  'INFORCE_KEYS',
  'INFORCE_DATASETS',
  'INFORCE_READ',
  'INFORCE_ADMIN_KEY',
  'INFORCE_SECRET',
  'INFORCE_RECORD_ANSWERS',
  'INFORCE_TRUST_PROXY',
  'INFORCE_SMTP',
  'INFORCE_MAIL_FROM',
  'INFORCE_PUBLIC_URL',
  'INFORCE_ALLOW_LOOPBACK_WEBHOOKS',
  'INFORCE_SEAL_EVERY',
  'INFORCE_CHECKPOINTS_TO',
  'INFORCE_WITNESSES',
] as const;
type Variable = (typeof known)[number];

/**
 * The environment as the program understands it.
 * @throws ConfigError on the first value that cannot be used.
 */
export function readConfig(environment: Environment): Config {
  const given = <T, D>(variable: Variable, read: Read<T>, standard: D): T | D => {
    const text = environment[variable];
    return text === undefined ? standard : read(variable, text);
  };
  const data = values.dataDirectory('INFORCE_DATA', environment['INFORCE_DATA'] ?? './data');
  const prefix = given('INFORCE_LOG_PREFIX', prefixOf, 'inforce.');
  const log: Read<LogPlace> = (variable, text) => values.logPlace(variable, text, prefix);
  return Object.freeze({
    host: given('INFORCE_HOST', values.host, '127.0.0.1'),
    port: given('INFORCE_PORT', values.port, 3000),
    data,
    log: given('INFORCE_LOG', log, { kind: 'sqlite', file: join(data, 'events.db') } as const),
    logPrefix: prefix,
    viewsFile: join(data, 'views.db'),
    keysFile: given('INFORCE_KEYS', values.keysFile, join(data, 'keys.db')),
    datasets: given('INFORCE_DATASETS', values.datasets, { kind: 'bundled' } as const),
    read: given('INFORCE_READ', values.readAccess, 'public'),
    adminKey: given('INFORCE_ADMIN_KEY', values.secret, undefined),
    secret: given('INFORCE_SECRET', values.secret, undefined),
    secretFile: join(data, 'secret.key'),
    recordAnswers: given('INFORCE_RECORD_ANSWERS', values.recordAnswers, false),
    trustProxy: given('INFORCE_TRUST_PROXY', values.trustProxy, false),
    mail: mail(given('INFORCE_SMTP', smtp, undefined), given('INFORCE_MAIL_FROM', mailFrom, undefined)),
    publicUrl: given('INFORCE_PUBLIC_URL', values.publicUrl, undefined),
    allowLoopbackWebhooks: given(
      'INFORCE_ALLOW_LOOPBACK_WEBHOOKS',
      values.yesOrNo,
      environment['NODE_ENV'] === 'development',
    ),
    evidence: Object.freeze({
      file: join(data, 'evidence.db'),
      sealEveryMs: given('INFORCE_SEAL_EVERY', values.interval, 5 * 60_000),
      checkpointsTo: given('INFORCE_CHECKPOINTS_TO', values.fileOrDirectory, undefined),
      witnesses: given('INFORCE_WITNESSES', values.verifierKeys, []),
    }),
  });
}

/** The command line's key; not a setting of the service. INFORCE_TEST_* belongs to the tests. */
const elsewhere: ReadonlySet<string> = new Set(['INFORCE_KEY']);

/** What looks like a setting and is none, in one sentence each: a misspelt one is a default that nobody chose. */
export function unknownSettings(environment: Environment): readonly string[] {
  return Object.keys(environment)
    .filter((variable) => variable.startsWith('INFORCE_') && !variable.startsWith('INFORCE_TEST_'))
    .filter((variable) => !elsewhere.has(variable) && !known.some((name) => name === variable))
    .map((variable) => `${variable} is not a setting, and is ignored; ${hint(variable)}.`);
}

function hint(variable: string): string {
  const nearest = known
    .map((name) => ({ name, distance: distance(variable, name) }))
    .reduce((one, other) => (other.distance < one.distance ? other : one));
  return nearest.distance <= 3 ? `did you mean ${nearest.name}` : `known are ${known.join(', ')}`;
}

/** Levenshtein's: single-character edits between two names. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(one).entries()) {
    const next = [i + 1];
    for (const [j, candidate] of Array.from(other).entries()) {
      const changed = (row[j] ?? 0) + (letter === candidate ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
