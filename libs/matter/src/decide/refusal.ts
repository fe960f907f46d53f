/** Why `decide` refuses; stable, and never an HTTP status (STYLE: domain errors carry a rule). */
export type Rule =
  | 'already-open'
  | 'entry-differs'
  | 'entry-retracted'
  | 'still-referenced'
  | 'unknown-entry'
  | 'too-many'
  | 'authority-exceeded'
  | 'ambiguous-order'
  | 'unknown-party'
  | 'unknown-provision'
  | 'unknown-restraint'
  | 'unknown-ending'
  | 'unknown-deadline'
  | 'unknown-instrument'
  | 'provision-exists'
  | 'restraint-exists'
  | 'ending-exists'
  | 'deadline-exists'
  | 'circular-restraint'
  | 'circular-class';

/** Rules about what is already there: they come before those about what the entry says (CONTRACT, order of checks). */
export const conflicts: ReadonlySet<Rule> = new Set([
  'already-open',
  'entry-differs',
  'entry-retracted',
  'still-referenced',
]);

/** A command that the record does not admit. Nothing was changed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly rule: Rule;
  /** RFC 6901 pointer into the entry, where one place is to blame. */
  readonly pointer: string | undefined;
  /** Other entries concerned. */
  readonly entries: readonly string[];

  constructor(rule: Rule, detail: string, at: { pointer?: string; entries?: readonly string[] } = {}) {
    super(detail);
    this.rule = rule;
    this.pointer = at.pointer;
    this.entries = at.entries ?? [];
  }
}
