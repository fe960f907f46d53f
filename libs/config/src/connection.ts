import type { ClusterLog } from './config.ts';
import { ConfigError } from './config-error.ts';
import { Secret } from './secret.ts';

const SCHEME = /^(?:kurrentdb|esdb)(\+discover)?:\/\//i;
// Userinfo, hosts and options. A slash after the hosts is allowed, as in every URL.
const SHAPE = /^(?:(?<user>[^@/?]*)@)?(?<hosts>[^@/?]+)\/*(?:\?(?<options>.*))?$/s;
const HOST = /^[a-z0-9._-]+(?::\d{1,5})?$/i;

/**
 * What the client understands. Anything else it would pass over, and say so on the terminal with the whole string,
 * password included: here it is refused by its name alone.
 */
const options = [
  'connectionName',
  'defaultDeadline',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
  'maxDiscoverAttempts',
  'nodePreference',
  'throwOnAppendFailure',
  'tls',
  'tlsCAFile',
  'tlsVerifyCert',
  'userCertFile',
  'userKeyFile',
];
const knownOptions = new Set(options.map((name) => name.toLowerCase()));

export function namesCluster(text: string): boolean {
  return /^(?:kurrentdb|esdb)(?:\+[a-z]*)?:/i.test(text);
}

/** The parts of a connection string, checked as far as one can without a server. Nothing of it is repeated but hosts. */
export function cluster(variable: string, text: string, prefix: string): ClusterLog {
  const refuse = (complaint: string): never => {
    throw new ConfigError(variable, complaint);
  };
  const [scheme, discover = ''] = SCHEME.exec(text) ?? [];
  if (scheme === undefined)
    return refuse('must begin with kurrentdb://, kurrentdb+discover://, esdb:// or esdb+discover://.');
  const { user, hosts = '', options: given } = SHAPE.exec(text.slice(scheme.length))?.groups ?? {};
  const names = hosts.split(',');
  if (!names.every((host) => HOST.test(host)))
    return refuse('must name its hosts as host:port, with commas between them, after the credentials and an @.');
  if (user !== undefined) checkCredentials(user, refuse);
  for (const option of given?.split('&') ?? []) checkOption(option, refuse);
  // The client warns of the old scheme each time it is made, although both mean the same.
  const named = `kurrentdb${discover.toLowerCase()}://${text.slice(scheme.length)}`;
  const connection = new Secret(`${named}${interval(given)}`);
  return { kind: 'kurrentdb', connection, hosts: names.join(', '), prefix };
}

/** The client waits before it first looks for a node, for half a second unless it is told: as long as a command takes. */
function interval(given: string | undefined): string {
  if (/(?:^|&)discovery[_-]?interval=/i.test(given ?? '')) return '';
  return `${given === undefined ? '?' : '&'}discoveryInterval=100`;
}

function checkCredentials(user: string, refuse: (complaint: string) => never): void {
  // The client takes what stands before a second colon for the whole password.
  if (!/^[^:]+:[^:]+$/.test(user))
    refuse('must have its credentials as user:password, with %3A and %40 for a colon and an @ in them.');
  try {
    decodeURIComponent(user);
  } catch {
    refuse('must have its credentials percent-encoded: a % must begin an escape of UTF-8.');
  }
}

function checkOption(option: string, refuse: (complaint: string) => never): void {
  const [name = '', value] = option.split(/=(.*)/s);
  if (!knownOptions.has(name.trim().replaceAll(/[_-]/g, '').toLowerCase()))
    refuse(`has an option that is none, ${JSON.stringify(name.slice(0, 40))}; there are ${options.join(', ')}.`);
  if (value === undefined || value === '') refuse(`has an option without a value, ${name}.`);
}

/** Every stream's name begins with it: so it must not be the beginning of a neighbour's prefix by chance. */
export function prefixOf(variable: string, text: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,62}[._-]$/i.test(text))
    throw new ConfigError(
      variable,
      `must be letters, digits, dots, hyphens and underscores, 64 at most, and end with one of ._- like inforce., not ${JSON.stringify(text.slice(0, 100))}.`,
    );
  return text;
}
