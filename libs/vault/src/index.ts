export { type PlainJson, type PrivateValue, type Revealed, isPrivateValue } from './private-value.ts';
export {
  installationSecret,
  knownSecret,
  SECRET_MIN_CHARS,
  type SecretPlace,
  SecretUnusable,
} from './installation-secret.ts';
export { Vault, VaultError } from './vault.ts';
