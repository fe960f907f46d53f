import type { ProblemRule } from '#libs/contract';

/** What may be said against an entry, or against what a correction makes of it. */
export const entryRefusals: readonly ProblemRule[] = [
  'entry-differs',
  'entry-retracted',
  'still-referenced',
  'revision-conflict',
  'idempotency-key-reused',
  'authority-exceeded',
  'ambiguous-order',
  'unknown-party',
  'unknown-provision',
  'unknown-restraint',
  'unknown-ending',
  'unknown-deadline',
  'unknown-instrument',
  'unknown-entry',
  'provision-exists',
  'restraint-exists',
  'ending-exists',
  'deadline-exists',
  'circular-restraint',
  'too-many',
];
