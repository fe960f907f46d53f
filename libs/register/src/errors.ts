import { Refusal } from '#libs/matter';

/** What the path names is not there. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  readonly rule: 'unknown-matter' | 'unknown-entry';
  constructor(rule: NotFound['rule'], detail: string) {
    super(detail);
    this.rule = rule;
  }
}

/** The matter moved on since the writer looked: `If-Match` does not hold. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
  readonly rule = 'revision-conflict';
  /** The matter's newest revision. */
  readonly revision: number;
  constructor(matterId: string, revision: number) {
    super(`The matter ${matterId} is at revision ${revision}.`);
    this.revision = revision;
  }
}

/** The same writer used this key on this path before, with another body. */
export class IdempotencyKeyReused extends Error {
  override readonly name = 'IdempotencyKeyReused';
  readonly rule = 'idempotency-key-reused';
  constructor() {
    super('This Idempotency-Key was used here before, with another body.');
  }
}

/** A question names a party that the matter, as believed at its clocks, does not have. */
export class UnknownParty extends Refusal {
  /** The query parameter to blame; absent where `pointer` names the place in a body. */
  readonly parameter: string | undefined;
  constructor(party: string, at: { readonly parameter?: string; readonly pointer?: string }) {
    super(
      'unknown-party',
      `The matter has no party ${party}.`,
      at.pointer === undefined ? {} : { pointer: at.pointer },
    );
    this.parameter = at.parameter;
  }
}
