export * from './core/index.ts';
export { sha256, verifyEd25519 } from './node-crypto.ts';
