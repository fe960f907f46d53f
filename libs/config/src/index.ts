export type { Config, Datasets, EmbeddedLog, EvidenceConfig } from './config.ts';
export { ConfigError } from './config-error.ts';
export { type Environment, readConfig, unknownSettings } from './read-config.ts';
export { Secret } from './secret.ts';
