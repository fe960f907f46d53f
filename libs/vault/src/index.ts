export { type PlainJson, type PrivateValue, type Revealed, isPrivateValue } from './private-value.ts';
export { installationSecret, SECRET_MIN_CHARS } from './installation-secret.ts';
export { Vault, VaultError } from './vault.ts';
