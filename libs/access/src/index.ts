export { KeyStoreFailure } from './failure.ts';
export { KeyStore, type Key, type KeyStoreOptions, type ListedKey, type MadeKey, type NewKey } from './key-store.ts';
export { isRole, type Role, roles } from './roles.ts';
