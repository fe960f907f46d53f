export * from './bundle.ts';
export { makeBundle, type BundleParts } from './make.ts';
export { verifyBundle, type BundleVerifier, type Verified } from './verify.ts';
export { type Findings, findingsOf, linesOf, placed } from './words.ts';
