// What verifies: no part of Node, so that a browser and the single-file verifier can use it as it is.
export * from './bytes.ts';
export * from './canonical.ts';
export * from './chain.ts';
export * from './checkpoint.ts';
export * from './cosignature.ts';
export * from './handover.ts';
export * from './heads.ts';
export * from './leaf.ts';
export * from './merkle.ts';
export * from './note.ts';
export * from './tiles.ts';
