import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** As much of the Compose specification as docker-compose.yml uses. */
export interface Service {
  readonly profiles: readonly string[];
  readonly image?: string;
  readonly build?: string;
  readonly user?: string;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly healthcheck?: { readonly test: string | readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const composeText = readFileSync(join(import.meta.dirname, '../../docker-compose.yml'), 'utf8');
export const compose: ComposeFile = parse(composeText, { merge: true });

export function servicesOf(profile: string): Readonly<Record<string, Service>> {
  return Object.fromEntries(Object.entries(compose.services).filter(([, { profiles }]) => profiles.includes(profile)));
}

/** What Compose asks of the environment: `${NAME:-default}`. */
export const variables: readonly { readonly name: string; readonly fallback: string | undefined }[] = [
  ...composeText.matchAll(/(?<!\$)\$\{(\w+)(?::-([^}]*))?([^}]*)\}/g),
].map(([, name = '', fallback, rest]) => ({ name, fallback: rest === '' ? fallback : undefined }));

/** As Compose hands it on: variables replaced, and `$$` for a dollar sign. */
export function interpolated(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\{(\w+):-([^}]*)\}/g, (found, name: string | undefined, fallback = '') =>
    name === undefined ? found.slice(1) : (environment[name] ?? String(fallback)),
  );
}

/** Like what `openssl rand -hex 32` makes. */
export const secrets: Readonly<Record<string, string>> = {
  INFORCE_ADMIN_KEY: 'a'.repeat(64),
  INFORCE_SECRET: 'b'.repeat(64),
  KURRENTDB_ADMIN_PASSWORD: 'c'.repeat(64),
  KURRENTDB_OPS_PASSWORD: 'd'.repeat(64),
};
