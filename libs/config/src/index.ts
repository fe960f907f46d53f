export type { ClusterLog, Config, Datasets, EmbeddedLog, EvidenceConfig, LogPlace, Mail } from './config.ts';
export { ConfigError } from './config-error.ts';
export { type Environment, readConfig, unknownSettings } from './read-config.ts';
export { logPlace } from './values.ts';
export { Secret } from './secret.ts';
